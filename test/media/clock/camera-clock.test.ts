import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CameraClock } from '../../../media/clock/camera-clock.ts';
import type { CameraClockEstimate } from '../../../media/clock/camera-clock.ts';

const from1900Ms = 2_208_988_800_000;
/** Not on a whole second: a camera that tells whole seconds is a case of its own. */
const wallAtZeroMs = Date.UTC(2026, 10, 21) + 123;
const hourMs = 3_600_000;

/** A camera whose clock, reports and network a test chooses. Time is ms since the connection began. */
interface Scene {
  readonly reports?: number;
  readonly everyMs?: number;
  /** Camera minus node. */
  readonly offsetMs?: (atMs: number) => number;
  readonly delayMs?: (index: number, atMs: number) => number;
  readonly roundTripMs?: number | null;
  readonly ntpMs?: (cameraMs: number, atMs: number) => number;
  readonly rtpTicks?: (atMs: number, index: number) => number;
  /** Node's wall clock minus what it was when it began. */
  readonly nodeStepMs?: (atMs: number) => number;
}

function play(scene: Scene): {
  readonly clock: CameraClock;
  readonly estimate: CameraClockEstimate | null;
  readonly history: (CameraClockEstimate | null)[];
} {
  const { reports = 24, everyMs = 5000, roundTripMs = 4 } = scene;
  const clock = new CameraClock(90_000);
  const history: (CameraClockEstimate | null)[] = [];
  let lastArrivedMs = 0;
  for (let index = 0; index < reports; index += 1) {
    const atMs = index * everyMs;
    const cameraMs = wallAtZeroMs + atMs + (scene.offsetMs?.(atMs) ?? 0);
    const ntpMs = scene.ntpMs?.(cameraMs, atMs) ?? cameraMs + from1900Ms;
    // TCP keeps the order: nobody overtakes.
    lastArrivedMs = Math.max(lastArrivedMs, atMs + (scene.delayMs?.(index, atMs) ?? 1));
    clock.observe({
      ssrc: 1,
      ntpMs,
      rtpTimestamp: (scene.rtpTicks?.(atMs, index) ?? atMs * 90) >>> 0,
      arrivedMonotonicMs: lastArrivedMs,
      arrivedWallClockMs: wallAtZeroMs + lastArrivedMs + (scene.nodeStepMs?.(lastArrivedMs) ?? 0),
      roundTripMs,
    });
    history.push(clock.estimate());
  }
  return { clock, estimate: clock.estimate(), history };
}

describe('CameraClock', () => {
  it('knows nothing before the first report, little after it, and milliseconds after a minute on a local network', () => {
    expect(new CameraClock(90_000).estimate()).toBeNull();
    const { history } = play({ offsetMs: () => 1500 });
    expect(history[0]).toMatchObject({ kind: 'utc', quality: 'good', offsetMs: 1501, uncertaintyMs: 1003 });
    expect(history[12]).toMatchObject({ offsetMs: 1501, uncertaintyMs: 3 });
  });

  it.each<[string, Scene, Partial<CameraClockEstimate>]>([
    ['sends Beijing time', { offsetMs: () => 8 * hourMs + 2000 }, { kind: 'local-time', quality: 'good' }],
    ['counts from 1970', { ntpMs: (cameraMs) => cameraMs, offsetMs: () => 700 }, { kind: 'unix-epoch', quality: 'good', offsetMs: 701 }],
    ['tells its running time', { ntpMs: (_, atMs) => 90_000 + atMs }, { kind: 'since-boot', quality: 'good', offsetMs: null, uncertaintyMs: null }],
    ['has no clock', { ntpMs: () => 0 }, { kind: 'none', quality: 'good', offsetMs: null, uncertaintyMs: null, driftPpm: null }],
    ['woke in 1970', { ntpMs: (_, atMs) => from1900Ms + atMs + 123 }, { kind: 'never-set', quality: 'good', offsetMs: 124 - wallAtZeroMs }],
    [
      'repeats its reports',
      { ntpMs: () => wallAtZeroMs + from1900Ms, rtpTicks: () => 0 },
      { kind: 'utc', quality: 'repeating', measuredAtMs: wallAtZeroMs + 1 },
    ],
    ['does not renew RTP time', { rtpTicks: () => 9 }, { kind: 'utc', quality: 'mispaired', offsetMs: 1 }],
    ['states 30 pictures and sends 25', { rtpTicks: (atMs) => atMs * 108 }, { kind: 'utc', quality: 'mispaired', offsetMs: 1 }],
    ['sets its clock all the time', { offsetMs: (atMs) => (Math.floor(atMs / 30_000) % 2) * 2000 }, { quality: 'stepping' }],
  ])('names a camera that %s', (_, scene, expected) => {
    expect(play(scene).estimate).toMatchObject(expected);
  });

  it.each([4300, 5000])('admits half a second of doubt where a camera tells whole seconds, every %i ms', (everyMs) => {
    const { estimate } = play({ everyMs, ntpMs: (cameraMs) => Math.floor((cameraMs + from1900Ms) / 1000) * 1000, offsetMs: () => 250 });
    expect(Math.abs((estimate?.offsetMs ?? 1e9) - 250)).toBeLessThanOrEqual(estimate?.uncertaintyMs ?? 0);
    expect(estimate?.uncertaintyMs).toBeGreaterThan(450);
    expect(estimate?.steppedAtMs).toBeNull();
  });

  it.each([
    ['forward by a second', 1000],
    ['back by a second', -1000],
    ['back by a quarter of a second', -250],
    ['forward by an hour', hourMs],
    ['back by an hour', -hourMs],
  ])('notices at once that the camera was set %s', (_, stepMs) => {
    const scene: Scene = { reports: 30, offsetMs: (atMs) => (atMs >= 100_000 ? stepMs : 0), delayMs: (index) => 1 + (index % 3) * 15 };
    const { history } = play(scene);
    const [before, after] = [history[19], history[20]];
    expect([Math.abs(before?.offsetMs ?? 9) <= (before?.uncertaintyMs ?? 0), before?.steppedAtMs]).toEqual([true, null]);
    expect(after?.steppedAtMs).toBeGreaterThan(wallAtZeroMs + 99_999);
    expect(Math.abs((after?.offsetMs ?? 1e12) - stepMs)).toBeLessThanOrEqual(after?.uncertaintyMs ?? 0);
    expect(history[29]?.quality).toBe('good');
  });

  it('takes a network that stalls and one that stays slow for what they are', () => {
    const stalled = play({ reports: 40, delayMs: (_, atMs) => (atMs >= 60_000 && atMs < 69_000 ? 69_500 - atMs : 2) });
    expect(stalled.history.filter((estimate) => estimate?.steppedAtMs !== null)).toEqual([]);
    const slow = play({ reports: 40, delayMs: (index) => (index < 20 ? 2 : 900) });
    expect(slow.estimate?.steppedAtMs).toBeNull();
  });

  it('follows a step of the node’s own clock without a new window', () => {
    const { history } = play({ nodeStepMs: (atMs) => (atMs > 60_000 ? 5000 : 0) });
    expect(history[11]).toMatchObject({ offsetMs: 1, uncertaintyMs: 3 });
    expect(history[14]).toMatchObject({ offsetMs: -4999, uncertaintyMs: 3, steppedAtMs: null });
  });

  it.each([50, -80, 0])('measures a drift of %i ppm after some minutes, not before', (ppm) => {
    const { history } = play({ reports: 240, offsetMs: (atMs) => (atMs * ppm) / 1e6, delayMs: (index) => 1 + ((index * 7) % 11) });
    expect(history[40]?.driftPpm).toBeNull();
    expect(Math.abs((history[239]?.driftPpm ?? 1e9) - ppm)).toBeLessThanOrEqual(10);
  });

  it('contains the true offset within its uncertainty in at least 99 of 100 cases', () => {
    // Networks: a shortest way, and on top queues that are short, long, rare or steady; all of them at least as long as nothing.
    const network = fc.record({
      shortestMs: fc.double({ min: 0.05, max: 60, noNaN: true }),
      backMs: fc.double({ min: 0.05, max: 60, noNaN: true }),
      queueMs: fc.constantFrom(0, 1, 10, 100, 400),
      kind: fc.constantFrom('exponential', 'uniform', 'rare'),
      seed: fc.integer(),
      offsetMs: fc.integer({ min: -hourMs * 3, max: hourMs * 3 }),
      ppm: fc.integer({ min: -100, max: 100 }),
      everyMs: fc.constantFrom(1000, 3000, 5000, 10_000),
      reports: fc.integer({ min: 1, max: 60 }),
    });
    let cases = 0;
    let misses = 0;
    for (const one of fc.sample(network, { numRuns: 3000, seed: 20_261_121 })) {
      const random = sequence(one.seed);
      const queue = (): number => {
        if (one.kind === 'exponential') return -Math.log(1 - random()) * one.queueMs;
        if (one.kind === 'uniform') return random() * one.queueMs * 2;
        return random() < 0.2 ? random() * one.queueMs * 10 : 0;
      };
      const offsetAt = (atMs: number): number => one.offsetMs + (atMs * one.ppm) / 1e6;
      const { estimate } = play({
        reports: one.reports,
        everyMs: one.everyMs,
        offsetMs: offsetAt,
        delayMs: () => one.shortestMs + queue(),
        roundTripMs: one.shortestMs + one.backMs + queue() / 4,
      });
      const truth = offsetAt((one.reports - 1) * one.everyMs);
      cases += 1;
      if (Math.abs((estimate?.offsetMs ?? 1e12) - truth) > (estimate?.uncertaintyMs ?? 0)) misses += 1;
    }
    expect(misses / cases).toBeLessThanOrEqual(0.01);
  });

  it('survives any reports', () => {
    const report = fc.record({
      ssrc: fc.nat(2),
      ntpMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2 ** 32 * 1000, noNaN: true })),
      rtpTimestamp: fc.nat(0xffffffff),
      waitMs: fc.nat(20_000),
    });
    fc.assert(
      fc.property(fc.array(report, { maxLength: 100 }), (reports) => {
        const clock = new CameraClock(8000);
        let nowMs = 0;
        for (const { waitMs, ...rest } of reports) {
          nowMs += waitMs;
          clock.observe({ ...rest, arrivedMonotonicMs: nowMs, arrivedWallClockMs: wallAtZeroMs + nowMs, roundTripMs: null });
          const estimate = clock.estimate();
          expect(estimate === null || estimate.offsetMs === null || Number.isSafeInteger(estimate.offsetMs)).toBe(true);
          expect(estimate?.uncertaintyMs ?? 1).toBeGreaterThan(0);
        }
      }),
    );
  });
});

/** Numbers from 0 to under 1 that are the same for the same seed (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
