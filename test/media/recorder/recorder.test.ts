import { describe, expect, it } from 'vitest';
import type { RecordedFile } from '../../../media/contract/recordings.ts';
import { createRecorder } from '../../../media/recorder/recorder.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FaultyStore } from '../../support/faulty-store.ts';
import { FrameFeeder } from '../../support/frame-feeder.ts';
import type { FrameFeederOptions } from '../../support/frame-feeder.ts';
import { silentLog } from '../../support/silent-log.ts';

function start({ fileMs, ...options }: Partial<FrameFeederOptions> & { readonly fileMs?: number } = {}) {
  const clock = new FakeClock();
  const feeder = new FrameFeeder({ clock, ...options });
  const store = new FaultyStore();
  const reports: RecordedFile[] = [];
  const faults: (string | null)[] = [];
  const recorder = createRecorder({
    store,
    cameraId: 'gate',
    role: 'main',
    ...(fileMs === undefined ? {} : { fileMs }),
    clock,
    onFile: (file) => reports.push(file),
    onFault: (fault) => faults.push(fault?.detail ?? null),
    log: silentLog,
  });
  feeder.addSink(recorder);
  /** Feeds second by second; what the disk has to do gets done in between. */
  const feed = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      feeder.feed(Math.min(1, seconds - second));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const closedFiles = (): RecordedFile[] => reports.filter((file) => !file.isOpen);
  return { clock, feeder, store, reports, faults, recorder, feed, closedFiles };
}

describe('Recorder', () => {
  it('reports a file when it begins, about every 5 s, and when it is closed', async () => {
    const { reports, recorder, feed, store } = start();
    await feed(21);
    await recorder.close();
    expect(reports.map((file) => file.isOpen)).toEqual([true, true, true, true, false]);
    const last = reports.at(-1);
    expect(new Set(reports.map((file) => file.path)).size).toBe(1);
    expect(last).toMatchObject({ cameraId: 'gate', role: 'main' });
    expect((last?.toMs ?? 0) - (last?.fromMs ?? 0)).toBe(21_000);
    expect(last?.sizeBytes).toBe(store.sizes.get(last?.path ?? ''));
  });

  it('leaves less than a second out of the file at any moment', async () => {
    const { clock, feeder, reports, recorder, store } = start();
    let worstMs = 0;
    for (let frame = 0; frame < 15 * 20; frame++) {
      feeder.feedFrame();
      await new Promise((resolve) => setImmediate(resolve));
      const [path] = [...store.sizes.keys()];
      if (path === undefined) continue;
      const writtenMs = writtenMsIn(store.chunksOf(path));
      worstMs = Math.max(worstMs, clock.wallClockMs() - ((reports[0]?.fromMs ?? 0) + writtenMs));
    }
    expect(worstMs).toBeGreaterThan(0);
    expect(worstMs).toBeLessThan(1_000);
    await recorder.close();
  });

  it('begins a new file at a key frame after ten minutes, without losing a frame', async () => {
    const { closedFiles, recorder, feed } = start();
    await feed(605);
    await recorder.close();
    const [first, second] = closedFiles();
    expect(closedFiles()).toHaveLength(2);
    expect((first?.toMs ?? 0) - (first?.fromMs ?? 0)).toBe(600_000);
    expect(Math.abs((second?.fromMs ?? 0) - (first?.toMs ?? 0))).toBeLessThanOrEqual(1);
  });

  it('begins files as often as it is told to', async () => {
    const { closedFiles, recorder, feed } = start({ fileMs: 10_000 });
    await feed(25);
    await recorder.close();
    const lengths = closedFiles().map((file) => file.toMs - file.fromMs);
    expect(lengths).toHaveLength(3);
    // The clip has a key frame every 2 s.
    expect(lengths.slice(0, 2).every((length) => length >= 10_000 && length <= 12_000)).toBe(true);
  });

  it.each<[string, (run: ReturnType<typeof start>) => void]>([
    ['an interruption', ({ feeder }) => feeder.interrupt()],
    ['silence of more than 2 s', ({ feeder }) => feeder.pause(3)],
    ['a wall clock set forward', ({ clock }) => clock.jumpWallClock(3_600_000)],
    ['a wall clock set back', ({ clock }) => clock.jumpWallClock(-3_600_000)],
  ])('begins a new file at a key frame after %s', async (_, happen) => {
    const run = start();
    await run.feed(5);
    happen(run);
    await run.feed(6);
    await run.recorder.close();
    expect(run.closedFiles()).toHaveLength(2);
    expect(run.faults).toEqual([]);
    run.feeder.end();
    expect(run.feeder.heldSlabs).toBe(0);
  });

  it('gives files that begin in the same millisecond different names', async () => {
    const { clock, feeder, recorder, feed, store } = start();
    await feed(2);
    clock.jumpWallClock(-2_000);
    feeder.interrupt();
    feeder.rewind();
    await feed(2);
    await recorder.close();
    expect(store.sizes.size).toBe(2);
  });

  describe('when the disk fails', () => {
    it.each(['full', 'read-only', 'vanished'] as const)('%s: reports it, drops frames, and resumes by itself', async (state) => {
      const { store, feed, faults, recorder, feeder, closedFiles } = start({ audio: 'aac' });
      if (state === 'read-only') store.state = state;
      await feed(4);
      store.state = state;
      await feed(12);
      expect(faults).toHaveLength(1);
      expect(recorder.fault?.detail).toMatch(/^E(NOSPC|ROFS|NOENT): /);
      expect(recorder.isRecording).toBe(false);
      expect(recorder.droppedFrames).toBeGreaterThan(0);
      expect(feeder.heldSlabs).toBeLessThanOrEqual(1);
      store.resume();
      await feed(12);
      expect(faults.at(-1)).toBeNull();
      expect(recorder.isRecording).toBe(true);
      await recorder.close();
      const last = closedFiles().at(-1);
      expect(store.sizes.get(last?.path ?? '')).toBe(last?.sizeBytes);
      feeder.end();
      expect(feeder.heldSlabs).toBe(0);
    });

    it('tells only of whole fragments when the disk was full in the middle of one', async () => {
      const { store, feed, recorder, closedFiles } = start();
      await feed(4);
      const [path] = [...store.sizes.keys()];
      const wholeBytes = store.sizes.get(path ?? '');
      store.state = 'full';
      await feed(2);
      expect(store.sizes.get(path ?? '')).toBeGreaterThan(wholeBytes ?? 0);
      expect(closedFiles()[0]?.sizeBytes).toBe(wholeBytes);
      await recorder.close();
    });

    it('leaves no file behind in which nothing whole could be written', async () => {
      const { store, feed, recorder, reports } = start();
      store.state = 'full';
      await feed(60);
      expect([store.sizes.size, store.openPaths.size, reports]).toEqual([0, 0, []]);
      await recorder.close();
    });

    it('does not claim to record while nothing reaches the disk', async () => {
      const { store, feed, recorder } = start();
      expect(recorder.isRecording).toBe(false);
      await feed(2);
      expect(recorder.isRecording).toBe(true);
      // A disk that neither writes nor fails, long before its queue is full.
      store.state = 'stalled';
      await feed(7);
      expect([recorder.fault, recorder.isRecording]).toEqual([null, false]);
      store.resume();
      await feed(2);
      expect(recorder.isRecording).toBe(true);
      await recorder.close();
    });

    it('keeps what waits for a slow disk bounded, and goes on with a key frame', async () => {
      const { store, feed, faults, recorder, feeder, closedFiles } = start({ size: 'main' });
      await feed(2);
      store.state = 'stalled';
      await feed(120);
      expect(faults[0]).toContain('does not keep up');
      expect(recorder.droppedFrames).toBeGreaterThan(15 * 10);
      expect(feeder.heldSlabs * 512 * 1024).toBeLessThan(12 * 1024 * 1024);
      store.resume();
      await feed(10);
      expect(faults.at(-1)).toBeNull();
      await recorder.close();
      expect(closedFiles()).toHaveLength(2);
      feeder.end();
      expect(feeder.heldSlabs).toBe(0);
    });
  });

  it('closes twice without harm, and records nothing afterwards', async () => {
    const { feed, recorder, store, feeder } = start();
    await feed(3);
    await Promise.all([recorder.close(), recorder.close()]);
    const sizes = [...store.sizes.values()];
    await feed(3);
    expect([...store.sizes.values()]).toEqual(sizes);
    feeder.end();
    expect(feeder.heldSlabs).toBe(0);
  });
});

/** Sum of the durations in all `trun` boxes of the video, in ms: computed from the bytes alone. */
function writtenMsIn(chunks: readonly Uint8Array[]): number {
  let ticks = 0;
  for (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const at = bytes.indexOf('trun');
    const count = at < 0 ? 0 : bytes.readUInt32BE(at + 8);
    for (let sample = 0; sample < count; sample++) ticks += bytes.readUInt32BE(at + 16 + sample * 16);
  }
  return ticks / 90;
}
