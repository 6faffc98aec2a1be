import { describe, expect, it } from 'vitest';
import type { DesiredStream } from '../../../media/contract/streams.ts';
import { createHlsPackager } from '../../../media/hls/packager.ts';
import { pictureTimeoutMs, ServedStream } from '../../../media/node/served-stream.ts';
import type { Recorder } from '../../../media/recorder/recorder-contract.ts';
import { ClipStream, desiredStream } from '../../support/clip-stream.ts';
import { FakeClock } from '../../support/fake-clock.ts';

class CountedRecorder implements Recorder {
  readonly fault = null;
  readonly droppedFrames = 0;
  isRecording = true;
  frames = 0;
  onTracks(): void {}
  onFrame(): void {
    this.frames++;
  }
  onInterrupted(): void {}
  async close(): Promise<void> {
    this.isRecording = false;
  }
}

function setUp(changes: Partial<DesiredStream> = {}) {
  const clock = new FakeClock();
  const desired = desiredStream('camera-1', changes);
  const source = new ClipStream(desired);
  const recorders: CountedRecorder[] = [];
  const stream = new ServedStream({
    desired,
    createManaged: () => source,
    createPackager: (after) => createHlsPackager({ clock, after, firstMediaSequence: 7, firstDiscontinuitySequence: 0 }),
    createTranscoded: () => {
      throw new Error('nothing is transcoded here');
    },
    createRecorder: () => {
      const recorder = new CountedRecorder();
      recorders.push(recorder);
      return recorder;
    },
    onChange: () => {},
    onFailed: (error) => {
      throw error;
    },
    clock,
  });
  return { clock, source, stream, recorders, desired };
}

describe('ServedStream', () => {
  it('packs HLS only while somebody watches it', () => {
    const { clock, source, stream } = setUp();
    expect(source.hub.sinks.size).toBe(0);
    const packager = stream.hlsFor('person-1');
    expect(stream.hlsFor('person-2')).toBe(packager);
    expect([source.hub.sinks.size, source.viewers]).toEqual([1, 2]);
    clock.advance(30_000);
    expect([source.hub.sinks.size, source.viewers]).toEqual([0, 0]);
    expect(stream.hlsFor('person-1')).not.toBe(packager);
  });

  it('lets a page that is loaded again find greater sequence numbers', () => {
    const { clock, source, stream } = setUp();
    const numbers: (readonly [number, number])[] = [];
    for (let visit = 0; visit < 3; visit++) {
      const packager = stream.hlsFor('person-1');
      source.hub.advance(60);
      numbers.push([packager.position.nextMediaSequence, packager.position.nextDiscontinuitySequence]);
      clock.advance(30_000);
    }
    for (const [visit, [media, discontinuity]] of numbers.entries()) {
      const [mediaBefore, discontinuityBefore] = numbers[visit - 1] ?? [7, 0];
      expect(media).toBeGreaterThan(mediaBefore);
      expect(discontinuity).toBeGreaterThan(discontinuityBefore);
    }
  });

  it('records from the cached group on, until it is no longer desired', () => {
    const { source, stream, recorders, desired } = setUp();
    source.hub.advance(10);
    stream.update({ ...desired, recording: { retentionDays: 3 } });
    source.hub.advance(2);
    expect(recorders.map((recorder) => recorder.frames)).toEqual([12]);
    expect(stream.observe().isRecording).toBe(true);
    stream.update({ ...desired, recording: { retentionDays: 5 } });
    expect(recorders).toHaveLength(1);
    stream.update(desired);
    source.hub.advance(2);
    expect([recorders[0]?.frames, recorders[0]?.isRecording, stream.observe().isRecording]).toEqual([12, false, false]);
  });

  it('pulls an on-demand stream for its recording, without counting a viewer', () => {
    const { source, stream } = setUp({ mode: 'on-demand', recording: { retentionDays: 3 } });
    expect([source.viewers, stream.observe().viewers]).toEqual([1, 0]);
    const release = stream.acquire();
    expect(stream.observe().viewers).toBe(1);
    release();
    stream.update(desiredStream('camera-1', { mode: 'on-demand' }));
    expect(source.viewers).toBe(0);
  });

  it('waits for the picture of a stream that is connecting', async () => {
    const { clock, source, stream } = setUp();
    source.phase = 'connecting';
    const picture = stream.waitForPicture();
    clock.advance(2000);
    source.turn('streaming', null);
    clock.advance(200);
    expect(await picture).toEqual({ ok: true });
  });

  it('gives up at once when the camera failed, and after eight seconds when nothing happens', async () => {
    const { clock, source, stream } = setUp();
    source.turn('waiting', 'unauthorized');
    expect(await stream.waitForPicture()).toEqual({ ok: false, reason: 'unauthorized' });
    source.turn('connecting', 'no-key-frame');
    const picture = stream.waitForPicture();
    clock.advance(pictureTimeoutMs + 200);
    expect(await picture).toEqual({ ok: false, reason: 'no-key-frame' });
    source.turn('connecting', null);
    const unexplained = stream.waitForPicture();
    clock.advance(pictureTimeoutMs + 200);
    expect(await unexplained).toEqual({ ok: false, reason: null });
    source.turn('waiting', 'waiting-for-budget');
    const patient = stream.waitForPicture();
    clock.advance(1000);
    source.turn('streaming', null);
    clock.advance(200);
    expect(await patient).toEqual({ ok: true });
  });

  it('looks once for all who wait for its picture, and lets 256 wait', async () => {
    const { clock, source, stream } = setUp();
    source.turn('connecting', null);
    let looks = 0;
    const observe = source.observe.bind(source);
    source.observe = () => {
      looks++;
      return observe();
    };
    const waits = Array.from({ length: 256 }, () => stream.waitForPicture());
    expect(await stream.waitForPicture()).toMatchObject({ ok: false, refusal: { code: 'too-many-viewers' } });
    expect(clock.timerCount).toBe(1);
    looks = 0;
    clock.advance(1_000);
    expect(looks).toBe(10);
    source.turn('streaming', null);
    clock.advance(100);
    expect(new Set((await Promise.all(waits)).map(({ ok }) => ok))).toEqual(new Set([true]));
    expect(clock.timerCount).toBe(0);
  });

  it('lets go of everything when it closes, and answers those who wait', async () => {
    const { clock, source, stream, recorders } = setUp({ recording: { retentionDays: 1 } });
    stream.hlsFor('person-1');
    source.phase = 'connecting';
    const picture = stream.waitForPicture();
    await stream.close();
    await stream.close();
    clock.advance(200);
    expect(await picture).toEqual({ ok: false, reason: 'not-assigned' });
    expect([source.isStopped, source.hub.sinks.size, source.viewers, recorders[0]?.isRecording]).toEqual([true, 0, 0, false]);
    expect(clock.timerCount).toBe(0);
  });
});
