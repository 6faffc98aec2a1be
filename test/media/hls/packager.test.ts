import { describe, expect, it } from 'vitest';
import type { MediaOutcome, PlaylistOutcome, PlaylistQuery } from '../../../media/hls/packager-contract.ts';
import { createHlsPackager } from '../../../media/hls/packager.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FrameFeeder } from '../../support/frame-feeder.ts';
import type { FrameFeederOptions } from '../../support/frame-feeder.ts';

const anyPlaylist: PlaylistQuery = { msn: null, part: null, skip: false, ticket: 'T' };

/** Sequence numbers: 99 is the short first segment, 100 the rest of its group, 101 the second group of pictures, and so on. */
function start(options: Partial<FrameFeederOptions> & { maxWaiters?: number; windowMs?: number } = {}) {
  const clock = new FakeClock();
  const feeder = new FrameFeeder({ clock, ...options });
  const packager = createHlsPackager({ clock, firstMediaSequence: 99, maxWaiters: options.maxWaiters ?? 8, windowMs: options.windowMs ?? 14_000 });
  feeder.addSink(packager);
  return { clock, feeder, packager };
}

function textOf(outcome: PlaylistOutcome): string {
  if (outcome.kind !== 'playlist') throw new Error(`no playlist: ${outcome.kind}`);
  return outcome.text;
}

function bytesOf(outcome: MediaOutcome): Buffer {
  if (outcome.kind !== 'media') throw new Error(`no media: ${outcome.kind}`);
  const bytes = Buffer.concat(outcome.buffers);
  outcome.release();
  return bytes;
}

/** What a promise has come to, without waiting for more than what is due now. */
async function settled<Value>(value: Value | Promise<Value>): Promise<Value | 'waiting'> {
  return Promise.race([value, new Promise<'waiting'>((resolve) => setImmediate(() => resolve('waiting')))]);
}

function durations(text: string): { segments: number[]; parts: number[] } {
  return {
    segments: [...text.matchAll(/#EXTINF:([\d.]+)/g)].map((match) => Number(match[1])),
    parts: [...text.matchAll(/DURATION=([\d.]+),URI/g)].map((match) => Number(match[1])),
  };
}

/** Seconds in the first `tfdt`. */
function firstDecodeTime(segment: Buffer): number {
  return Number(segment.readBigUInt64BE(segment.indexOf('tfdt') + 8)) / 90_000;
}

describe('HlsPackager', () => {
  it('cuts segments of 2 s at key frames and parts of 0.4 s', async () => {
    const { feeder, packager } = start();
    feeder.feed(20);
    const text = textOf(await packager.playlist(anyPlaylist));
    expect(new Set(durations(text).segments)).toEqual(new Set([2]));
    expect(new Set(durations(text).parts)).toEqual(new Set([0.4]));
    expect(text).toContain('#EXT-X-TARGETDURATION:2\n');
    packager.close();
  });

  it('gives as programme time the arrival of the segment’s first frame', async () => {
    const { clock, feeder, packager } = start();
    const firstFrameMs = clock.wallClockMs() + 1000 / 15;
    feeder.feed(4);
    const text = textOf(await packager.playlist(anyPlaylist));
    expect(text).toContain(`#EXT-X-PROGRAM-DATE-TIME:${new Date(Math.round(firstFrameMs)).toISOString()}`);
    packager.close();
  });

  it('lets programme time run with the segments, though key frames take long to arrive', async () => {
    const clock = new FakeClock();
    const feeder = new FrameFeeder({ clock });
    const packager = createHlsPackager({ clock, firstMediaSequence: 99, maxWaiters: 8, windowMs: 14_000 });
    const late = (isKeyFrame: boolean, index: number): number => (isKeyFrame ? 180 : (index * 7) % 11);
    let index = 0;
    feeder.addSink({
      onTracks: (tracks) => packager.onTracks(tracks),
      onInterrupted: () => packager.onInterrupted(),
      onFrame(frame) {
        const lateMs = late(frame.isKeyFrame, (index += 1));
        packager.onFrame({
          ...frame,
          arrivedMonotonicMs: frame.arrivedMonotonicMs + lateMs,
          arrivedWallClockMs: frame.arrivedWallClockMs + lateMs,
        });
      },
    });
    feeder.feed(20);
    const text = textOf(await packager.playlist(anyPlaylist));
    const segments = [...text.matchAll(/PROGRAM-DATE-TIME:(\S+)\n(?:#EXT-X-PART:.*\n)*#EXTINF:([\d.]+)/g)];
    const starts = segments.map(([, at]) => Date.parse(at ?? ''));
    expect(starts.length).toBeGreaterThan(4);
    const slips = starts.slice(1).map((at, place) => at - (starts[place] ?? 0) - Number(segments[place]?.[2]) * 1000);
    expect(Math.max(...slips.map(Math.abs))).toBeLessThanOrEqual(2);
    packager.close();
  });

  it('serves a segment as the sum of its parts', async () => {
    const { feeder, packager } = start({ audio: 'aac' });
    feeder.feed(8);
    const segment = bytesOf(await packager.media('segment-101.m4s'));
    const parts = await Promise.all([0, 1, 2, 3, 4].map(async (part) => bytesOf(await packager.media(`part-101.${part}.m4s`))));
    expect(segment.equals(Buffer.concat(parts))).toBe(true);
    expect(bytesOf(await packager.media('init-99.mp4')).toString('latin1', 4, 8)).toBe('ftyp');
    packager.close();
  });

  it('keeps a long group of pictures within the target duration, without claiming independence', async () => {
    const { feeder, packager } = start();
    feeder.feedFrame(true);
    for (let frame = 1; frame < 15 * 12; frame++) feeder.feedFrame(false);
    const text = textOf(await packager.playlist(anyPlaylist));
    for (const seconds of durations(text).segments) expect(Math.round(seconds)).toBeLessThanOrEqual(2);
    const listed = [...text.matchAll(/part-(\d+)\.0\.m4s\?ticket=T"(,INDEPENDENT=YES)?/g)];
    expect(listed.length).toBeGreaterThan(2);
    for (const [, sequence, independent] of listed) expect(independent !== undefined).toBe(sequence === '99');
    packager.close();
  });

  describe('waiting requests', () => {
    it('wait for the first segment of a stream that starts', async () => {
      const { feeder, packager } = start();
      const answer = packager.playlist(anyPlaylist);
      feeder.feed(0.6);
      expect(await settled(answer)).toBe('waiting');
      feeder.feed(0.4);
      expect(textOf(await answer)).toContain('segment-99.m4s');
      packager.close();
    });

    it('wait for the part asked for and no longer', async () => {
      const { feeder, packager } = start();
      feeder.feed(4.1);
      const answer = packager.playlist({ ...anyPlaylist, msn: 102, part: 1 });
      feeder.feed(0.4);
      expect(await settled(answer)).toBe('waiting');
      feeder.feed(0.4);
      expect(textOf(await answer)).toContain('part-102.1.m4s');
      packager.close();
    });

    it('wait for a whole segment when no part is named', async () => {
      const { feeder, packager } = start();
      feeder.feed(4.1);
      const answer = packager.playlist({ ...anyPlaylist, msn: 102 });
      feeder.feed(1.5);
      expect(await settled(answer)).toBe('waiting');
      feeder.feed(0.6);
      expect(textOf(await answer)).toContain('segment-102.m4s');
      packager.close();
    });

    it('get the hinted part when it comes', async () => {
      const { feeder, packager } = start();
      feeder.feed(4.1);
      const hint = /PRELOAD-HINT:TYPE=PART,URI="([^?]+)/.exec(textOf(await packager.playlist(anyPlaylist)))?.[1] ?? '';
      const answer = packager.media(hint);
      expect(await settled(answer)).toBe('waiting');
      feeder.feed(0.5);
      expect(bytesOf(await answer).toString('latin1', 4, 8)).toBe('moof');
      packager.close();
    });

    it('learn that a hinted part never came', async () => {
      const { feeder, packager } = start();
      feeder.feed(4.1 + 1.6);
      const answer = packager.media('part-102.4.m4s');
      feeder.interrupt();
      expect((await answer).kind).toBe('media');
      // The next one is hinted already, and comes when the camera comes back.
      expect(textOf(await packager.playlist(anyPlaylist))).toMatch(/PRELOAD-HINT:TYPE=PART,URI="part-103\.0\.m4s/);
      const next = packager.media('part-103.0.m4s');
      expect(await settled(next)).toBe('waiting');
      feeder.rewind();
      feeder.feed(0.6);
      expect((await next).kind).toBe('media');
      const never = packager.media('part-103.1.m4s');
      packager.close();
      expect((await never).kind).toBe('unavailable');
    });

    it('learn at once that the stream was interrupted before their part had a frame', async () => {
      const { feeder, packager } = start();
      feeder.feed(4.5);
      // The last frame of the timeline completes a part; the one after it never comes.
      const hint = /PRELOAD-HINT:TYPE=PART,URI="part-(\d+)\.(\d+)/.exec(textOf(await packager.playlist(anyPlaylist))) ?? [];
      const answer = packager.media(`part-${hint[1]}.${hint[2]}.m4s`);
      feeder.interrupt();
      expect((await answer).kind).toBe('media');
      expect((await packager.media(`part-${hint[1]}.${Number(hint[2]) + 1}.m4s`)).kind).toBe('not-found');
      packager.close();
    });

    it('count a part beyond the last of its segment as the first of the next one', async () => {
      const { feeder, packager } = start();
      feeder.feed(4.1);
      const answer = packager.playlist({ ...anyPlaylist, msn: 101, part: 7 });
      expect(await settled(answer)).toBe('waiting');
      feeder.feed(0.4);
      expect(textOf(await answer)).toContain('part-102.0.m4s');
      packager.close();
    });

    it('are given up after three target durations', async () => {
      const { clock, feeder, packager } = start();
      feeder.feed(4);
      const answer = packager.playlist({ ...anyPlaylist, msn: 102, part: 0 });
      clock.advance(6_001);
      expect((await answer).kind).toBe('unavailable');
      expect(clock.timerCount).toBe(0);
      packager.close();
    });

    it('are bounded in number', async () => {
      const { feeder, packager } = start({ maxWaiters: 2 });
      feeder.feed(4);
      const waiting = [0, 1].map(async () => packager.playlist({ ...anyPlaylist, msn: 102, part: 0 }));
      expect(await packager.playlist({ ...anyPlaylist, msn: 102, part: 0 })).toEqual({ kind: 'too-many-waiters' });
      packager.close();
      expect((await Promise.all(waiting)).map((outcome) => outcome.kind)).toEqual(['unavailable', 'unavailable']);
    });

    it('are refused when they ask for the far future, or for a part of nothing', async () => {
      const { feeder, packager } = start();
      feeder.feed(4);
      expect((await packager.playlist({ ...anyPlaylist, msn: 104 })).kind).toBe('bad-request');
      expect((await packager.playlist({ ...anyPlaylist, msn: 102, part: 7 })).kind).toBe('bad-request');
      expect((await packager.playlist({ ...anyPlaylist, part: 1 })).kind).toBe('bad-request');
      packager.close();
    });
  });

  describe('after an interruption', () => {
    it('goes on with the next sequence number behind a discontinuity, with the same init segment', async () => {
      const { feeder, packager } = start();
      feeder.feed(5);
      feeder.interrupt();
      feeder.rewind();
      feeder.feed(3);
      const text = textOf(await packager.playlist(anyPlaylist));
      expect([...text.matchAll(/segment-(\d+)/g)].map((match) => Number(match[1]))).toEqual([99, 100, 101, 102, 103]);
      expect(text.split('#EXT-X-DISCONTINUITY\n')).toHaveLength(2);
      expect(text.split('#EXT-X-MAP')).toHaveLength(2);
      packager.close();
    });

    it('lets media time go on as far as time passed, for players that overlook discontinuities', async () => {
      const { clock, feeder, packager } = start();
      feeder.feed(4);
      feeder.interrupt();
      clock.advance(7_000);
      feeder.rewind();
      feeder.feed(3);
      const starts = await Promise.all(
        [100, 101, 102].map(async (sequence) => firstDecodeTime(bytesOf(await packager.media(`segment-${sequence}.m4s`)))),
      );
      expect(starts.slice(0, 2)).toEqual([0.8, 2]);
      expect(starts[2]).toBeCloseTo(4 + 7, 0);
      packager.close();
    });

    it('announces a new init segment when the parameters changed', async () => {
      const { feeder, packager } = start();
      feeder.feed(4);
      const video = feeder.tracks.video;
      if (video === null) throw new Error('no video');
      feeder.interrupt({ video: { ...video, width: 320, height: 180 } });
      feeder.rewind();
      feeder.feed(3);
      const text = textOf(await packager.playlist(anyPlaylist));
      expect(text).toMatch(/#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-102\.mp4\?ticket=T"/);
      expect((await packager.media('init-102.mp4')).kind).toBe('media');
      packager.close();
    });

    it('counts discontinuities that left the playlist', async () => {
      const { feeder, packager } = start({ windowMs: 6_000 });
      feeder.feed(4);
      feeder.interrupt();
      feeder.rewind();
      feeder.feed(20);
      const text = textOf(await packager.playlist(anyPlaylist));
      expect(text).toContain('#EXT-X-DISCONTINUITY-SEQUENCE:1\n');
      expect(text).not.toContain('#EXT-X-DISCONTINUITY\n');
      packager.close();
    });
  });

  it('treats silence of the camera as an interruption, and waits for a key frame', async () => {
    const { feeder, packager } = start();
    feeder.feed(3);
    feeder.pause(5);
    feeder.feed(4);
    const text = textOf(await packager.playlist(anyPlaylist));
    expect(text).toContain('#EXT-X-DISCONTINUITY\n');
    expect(packager.droppedFrames).toBe(15);
    for (const seconds of durations(text).segments) expect(Math.round(seconds)).toBeLessThanOrEqual(2);
    packager.close();
  });

  it('says what became of the sound', () => {
    expect((['aac', 'pcma', null] as const).map((audio) => start({ audio }).packager.audio)).toEqual(['aac', 'left-out', 'none']);
  });

  describe('memory', () => {
    it('is bounded by the window, and old segments stay as long as the playlist obliges', async () => {
      const { feeder, packager } = start({ size: 'main', windowMs: 6_000 });
      const held: number[] = [];
      for (let second = 0; second < 120; second++) {
        feeder.feed(1);
        held.push(packager.heldBytes);
      }
      const steady = Math.max(...held.slice(30, 60));
      expect(Math.max(...held.slice(60))).toBeLessThanOrEqual(steady * 1.2);
      const text = textOf(await packager.playlist(anyPlaylist));
      const first = Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]);
      expect((await packager.media(`segment-${first - 1}.m4s`)).kind).toBe('media');
      expect((await packager.media(`segment-${first - 8}.m4s`)).kind).toBe('not-found');
      packager.close();
    });

    it('is let go of exactly: by the window, by close, and by whoever still reads', async () => {
      const { feeder, packager } = start({ size: 'main', windowMs: 6_000, audio: 'aac' });
      feeder.feed(240);
      expect(feeder.slabs.length).toBeGreaterThan(24);
      expect(feeder.heldSlabs).toBeLessThan(12);
      const outcome = await packager.media(/segment-\d+\.m4s/.exec(textOf(await packager.playlist(anyPlaylist)))?.[0] ?? '');
      packager.close();
      if (outcome.kind !== 'media') throw new Error('no segment');
      expect(feeder.heldSlabs).toBeGreaterThan(0);
      expect(Buffer.concat(outcome.buffers).toString('latin1', 4, 8)).toBe('moof');
      outcome.release();
      outcome.release();
      expect(feeder.heldSlabs).toBe(0);
      expect(packager.heldBytes).toBe(0);
    });
  });

  it.each(['init-1.mp4', 'segment-98.m4s', 'part-100.99.m4s', 'segment-100.m4s.mp4', '../segment-100.m4s', 'part-100.m4s', ''])(
    'does not know %j',
    async (name) => {
      const { feeder, packager } = start();
      feeder.feed(4);
      expect((await packager.media(name)).kind).toBe('not-found');
      packager.close();
    },
  );
});
