import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHlsPackager } from '../../../media/hls/packager.ts';
import { pictureTimeoutMs, ServedStream } from '../../../media/node/served-stream.ts';
import type { WatchedStream } from '../../../media/node/watched-stream.ts';
import type { EncoderSearch } from '../../../media/transcode/encoder-choice.ts';
import { TranscodedStream } from '../../../media/transcode/transcoded-stream.ts';
import { TranscoderLimit } from '../../../media/transcode/transcoder-limit.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { ClipStream, desiredStream } from '../../support/clip-stream.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/silent-log.ts';

const nothingToEncodeWith: EncoderSearch = { ok: false, detail: 'Install ffmpeg' };
const unavailable = { code: 'transcoding-unavailable', detail: 'Install ffmpeg' };
const streams: ServedStream[] = [];

function setUp(codec: 'h264' | 'h265', find: () => Promise<EncoderSearch> = async () => nothingToEncodeWith) {
  const clock = new FakeClock();
  const desired = desiredStream('camera-1');
  const source = new ClipStream(desired, () => {}, new ClipHub({ codec }));
  const limit = new TranscoderLimit({ program: 'ffmpeg', maxTranscodes: 1, cores: 2, clock, log: silentLog, find });
  const made: TranscodedStream[] = [];
  const stream = new ServedStream({
    desired,
    createManaged: () => source,
    createPackager: (after) => createHlsPackager({ clock, after, firstMediaSequence: 7, firstDiscontinuitySequence: 0 }),
    createRecorder: () => {
      throw new Error('nothing is recorded here');
    },
    createTranscoded: (of) => {
      const transcoded = new TranscodedStream({
        source: of,
        limit,
        program: 'ffmpeg',
        maxWidth: 320,
        lingerMs: 10,
        clock,
        log: silentLog,
        names: {},
      });
      made.push(transcoded);
      return transcoded;
    },
    onChange: () => {},
    onFailed: (error) => {
      throw error;
    },
    clock,
  });
  streams.push(stream);
  return { clock, source, stream, made, rendition: stream.rendition('h264') };
}

/** Moves the clock in steps, so that what was promised can happen in between. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 100) {
    clock.advance(100);
    await Promise.resolve();
  }
}

describe('TranscodedRendition', () => {
  afterEach(async () => {
    await Promise.all(streams.splice(0).map((stream) => stream.close()));
  });

  it('is made once, and ends with its stream', async () => {
    const { stream, source, made, rendition, clock } = setUp('h264');
    expect([stream.rendition('h264'), stream.rendition(null), made.length]).toEqual([rendition, stream, 1]);
    rendition.hlsFor('ticket-1');
    await vi.waitFor(() => expect(source.hub.sinks.size).toBe(1));
    await stream.close();
    expect([source.hub.sinks.size, source.viewers, clock.timerCount]).toEqual([0, 0, 0]);
  });

  it('lets a page that is loaded again find greater sequence numbers', async () => {
    const { clock, source, rendition } = setUp('h264');
    const numbers: number[] = [];
    for (let visit = 0; visit < 3; visit += 1) {
      const packager = rendition.hlsFor('ticket-1');
      await vi.waitFor(() => expect(source.hub.sinks.size).toBe(1));
      source.hub.advance(60);
      numbers.push(packager.position.nextMediaSequence);
      clock.advance(30_000);
      expect(source.hub.sinks.size).toBe(0);
    }
    expect(numbers[0]).toBeGreaterThan(7);
    expect(numbers[1]).toBeGreaterThan(numbers[0] ?? 0);
    expect(numbers[2]).toBeGreaterThan(numbers[1] ?? 0);
  });

  it('tells the first viewers what came of the search for an encoder, however long that took', async () => {
    let finish: (found: EncoderSearch) => void = () => {};
    const { clock, rendition } = setUp('h265', () => new Promise((resolve) => (finish = resolve)));
    const release = rendition.acquire();
    const picture = rendition.waitForPicture();
    await pass(clock, 2 * pictureTimeoutMs);
    finish(nothingToEncodeWith);
    await vi.waitFor(async () => {
      await pass(clock, 200);
      expect(await Promise.race([picture, Promise.resolve(null)])).toEqual({ ok: false, reason: null, refusal: unavailable });
    });
    release();
  });

  it('says why it has no picture: the transcode while the camera has one, else the camera', async () => {
    const { source, rendition } = setUp('h265');
    const release = rendition.acquire();
    const observed = (stream: WatchedStream): unknown => stream.observe();
    await vi.waitFor(() => expect(observed(rendition)).toEqual({ reason: null, refusal: unavailable }));
    source.turn('waiting', 'no-answer');
    source.hub.tracks = { ...source.hub.tracks, video: null };
    expect(observed(rendition)).toEqual({ reason: 'no-answer' });
    release();
  });
});
