/** Cameras' clocks and timestamps as simulated and real servers tell them, through a managed stream. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CameraClockKind, CameraClockQuality, ObservedClock } from '../../../media/contract/streams.ts';
import { createSimulator } from '../../simulator/simulator.ts';
import type { SimulatedCamera, Simulator } from '../../simulator/simulator.ts';
import type { FaultKind } from '../../simulator/fault.ts';
import { startGstreamerCamera } from '../../support/gstreamer-camera.ts';
import { tapeStream, until } from './ingest/stream-tape.ts';
import type { TapedStream } from './ingest/stream-tape.ts';

/** What each camera says of the time, what is said of it, and how far it is off (null: it tells no time of day). */
const clocks: [FaultKind | null, CameraClockKind, CameraClockQuality, number | null][] = [
  [null, 'utc', 'good', 0],
  ['wrong-clock', 'local-time', 'good', 3_600_000],
  ['local-time', 'local-time', 'good', 8 * 3_600_000],
  ['boot-time', 'since-boot', 'good', null],
  ['unix-time', 'unix-epoch', 'good', 0],
  ['no-clock', 'none', 'good', null],
  ['stale-reports', 'utc', 'repeating', 0],
  ['mispaired-reports', 'utc', 'mispaired', 0],
];
/** Ways of stamping pictures that end up with the arrivals again. */
const stamps: FaultKind[] = ['slow-timestamps', 'millisecond-timestamps', 'zero-timestamps', 'frozen-timestamps', 'stray-timestamps'];
const waitMs = 90_000;

let simulator: Simulator;

beforeAll(async () => {
  const count = clocks.length + stamps.length + 2;
  const cameras = Array.from({ length: count }, (_, index) => ({
    clip: 'test-card',
    audio: 'pcma' as const,
    // The last one is that whose sound and picture are compared.
    start: index === count - 1 ? ('cached-key-frame' as const) : ('next-key-frame' as const),
  }));
  simulator = await createSimulator({ cameras });
});

afterAll(async () => {
  await simulator.close();
});

function cameraAt(index: number): SimulatedCamera {
  const camera = simulator.cameras[index];
  if (camera === undefined) throw new Error(`no camera ${index}`);
  return camera;
}

async function pulling(url: string, use: (taped: TapedStream) => Promise<void>): Promise<void> {
  const taped = tapeStream(url);
  try {
    await use(taped);
  } finally {
    await taped.stream.stop();
  }
}

function clockOf(taped: TapedStream): ObservedClock | null {
  return taped.stream.observe().clock;
}

describe('the clock of a camera', () => {
  it.concurrent.each(clocks)('with %s is %s, %s, off by %s ms', { timeout: 2 * waitMs }, async (fault, kind, quality, offsetMs) => {
    const camera = cameraAt(clocks.findIndex(([one]) => one === fault));
    if (fault !== null) camera.setFault(fault);
    await pulling(camera.subUrl, async (taped) => {
      const isKnown = (): boolean => {
        const clock = clockOf(taped);
        return clock?.kind === kind && clock.quality === quality;
      };
      await until(isKnown, `${kind} ${quality}, but ${JSON.stringify(clockOf(taped))}`, waitMs);
      const clock = clockOf(taped);
      if (offsetMs === null) expect(clock).toMatchObject({ offsetMs: null, uncertaintyMs: null });
      // Repeated reports tell when the first of them was true: on a busy machine they begin late.
      else if (quality !== 'repeating') expect(Math.abs((clock?.offsetMs ?? 1e12) - offsetMs)).toBeLessThanOrEqual(clock?.uncertaintyMs ?? 0);
    });
  });

  it.concurrent('that is set by 5 s is noticed, and the measurement outlives the connection', { timeout: 3 * waitMs }, async () => {
    const camera = cameraAt(clocks.length + stamps.length);
    const taped = tapeStream(camera.subUrl);
    try {
      await until(() => (clockOf(taped)?.uncertaintyMs ?? 1e9) < 600, 'two reports', waitMs);
      expect(clockOf(taped)?.steppedAtMs).toBeNull();
      camera.setFault('clock-step');
      await until(() => (clockOf(taped)?.steppedAtMs ?? null) !== null, 'the step to be noticed', waitMs);
      const clock = clockOf(taped);
      expect(Math.abs((clock?.offsetMs ?? 0) - 5000)).toBeLessThanOrEqual(clock?.uncertaintyMs ?? 0);
    } finally {
      await taped.stream.stop();
    }
    expect(clockOf(taped)?.steppedAtMs).not.toBeNull();
  });

  it.concurrent('tells how sound stands against the picture once both tracks have proved their reports', { timeout: 2 * waitMs }, async () => {
    await pulling(cameraAt(clocks.length + stamps.length + 1).subUrl, async (taped) => {
      await until(() => (clockOf(taped)?.soundLateMs ?? null) !== null, `a difference, but ${JSON.stringify(clockOf(taped))}`, waitMs);
      // Up to 2 s of pictures came from the cache; what is left is when the first units were read on a busy machine.
      expect(Math.abs(clockOf(taped)?.soundLateMs ?? 1e9)).toBeLessThan(400);
    });
  });
});

describe('timestamps', () => {
  it.concurrent.each(stamps)('%s are mended: times increase and end up with the arrivals', { timeout: 3 * waitMs }, async (fault) => {
    const camera = cameraAt(clocks.length + stamps.indexOf(fault));
    await pulling(camera.subUrl, async ({ tape, history, stream }) => {
      await until(() => tape.videoFrames.length > 15, 'a second of pictures', waitMs);
      const isShort = fault === 'frozen-timestamps';
      camera.setFault(fault, isShort ? 4 : undefined);
      await until(() => history.some(({ reason }) => reason === 'timestamps-broken'), 'the report', waitMs);
      const seen = tape.videoFrames.length;
      await until(() => tape.videoFrames.length > seen + 90, 'six seconds more', waitMs);
      expect(stream.observe().phase).toBe('streaming');
      const frames = tape.videoFrames;
      for (const [index, frame] of frames.entries()) expect(frame.decodeTicks).toBeGreaterThan(frames[index - 1]?.decodeTicks ?? -1);
      const [first, last] = [frames[0], frames.at(-1)];
      if (first === undefined || last === undefined) throw new Error('no pictures');
      const lagMs = (last.decodeTicks - first.decodeTicks) / 90 - (last.arrivedMonotonicMs - first.arrivedMonotonicMs);
      expect(Math.abs(lagMs)).toBeLessThan(3000);
    });
  });
});

describe('GStreamer on the same machine', () => {
  it('has our clock, within the uncertainty that is told', { timeout: 3 * waitMs }, async () => {
    const camera = await startGstreamerCamera({ video: 'h264', audio: 'aac' });
    try {
      await pulling(camera.url, async (taped) => {
        await until(() => (clockOf(taped)?.uncertaintyMs ?? 1e9) < 400, 'three reports', waitMs);
        const clock = clockOf(taped);
        expect(clock).toMatchObject({ kind: 'utc', quality: 'good', steppedAtMs: null });
        expect(Math.abs(clock?.offsetMs ?? 1e9)).toBeLessThanOrEqual(clock?.uncertaintyMs ?? 0);
      });
    } finally {
      await camera.close();
    }
  });
});
