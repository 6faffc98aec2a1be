/** Cameras of many devices that fail and come back together, all through real managed streams on a fake clock. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NoPictureReason } from '../../../media/contract/streams.ts';
import { ConnectScheduler, DEFAULT_CONNECT_BUDGET } from '../../../media/stream/connect-scheduler.ts';
import { createManagedStream } from '../../../media/stream/managed-stream.ts';
import type { ManagedStream } from '../../../media/stream/managed-stream.ts';
import type { SourceListener } from '../../../media/stream/source.ts';
import { seededRandom } from '../../simulator/impaired-network.ts';
import { desiredStream } from '../../support/clip-stream.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/silent-log.ts';
import { FrameMaker, tracksOf } from './stream-fixtures.ts';

interface Attempt {
  readonly device: string;
  readonly listener: SourceListener;
  readonly dueMs: number;
  readonly fails: NoPictureReason | null;
}

/** Devices with so many cameras each, which answer at random after up to 8 s; the first `outageMs` nobody does. */
class District {
  readonly clock = new FakeClock();
  readonly scheduler = new ConnectScheduler();
  readonly streams: ManagedStream[] = [];
  /** Attempts under way: opened, without picture or failure. */
  readonly attempts = new Set<Attempt>();
  readonly playing = new Map<SourceListener, string>();
  readonly #random: () => number;
  readonly #endsMs: number;
  readonly #frames = new FrameMaker();
  #generation = 0;
  mostTogether = 0;
  mostOfDevice = 0;
  readonly reasons = new Set<string | null>();

  constructor(sizes: readonly number[], seed: number, outageMs: number) {
    this.#random = seededRandom(seed);
    this.#endsMs = this.clock.monotonicMs() + outageMs;
    for (const [number, size] of sizes.entries()) {
      for (let camera = 0; camera < size; camera++) this.#add(`device-${number}`, camera);
    }
  }

  get streaming(): number {
    return this.streams.filter((stream) => stream.observe().phase === 'streaming').length;
  }

  /** Lets time pass in steps of 100 ms; between them somebody may look at a camera, and a playing one may hang up. */
  run(forMs: number, hangUps: number): void {
    for (let passedMs = 0; passedMs < forMs; passedMs += 100) {
      this.clock.advance(100);
      for (const attempt of this.attempts) {
        if (attempt.dueMs > this.clock.monotonicMs()) continue;
        this.attempts.delete(attempt);
        if (attempt.fails !== null) attempt.listener.onEnded(attempt.fails, 'simulated');
        else this.#show(attempt.listener, attempt.device);
      }
      for (const [listener] of this.playing) {
        if (this.#random() < hangUps) {
          this.playing.delete(listener);
          listener.onEnded('closed-by-camera', 'simulated');
        } else if (passedMs % 1000 === 0) this.#feed(listener);
      }
      if (this.#random() < 0.2) this.streams[Math.floor(this.#random() * this.streams.length)]?.acquire()();
      this.#look();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.streams.map((stream) => stream.stop()));
  }

  #add(device: string, camera: number): void {
    const { clock, scheduler } = this;
    const desired = desiredStream(`${device}-${camera}`, { deviceId: device });
    const createSource = (_options: unknown, listener: SourceListener) => {
      const isDown = clock.monotonicMs() < this.#endsMs;
      const fails = isDown ? 'connection-refused' : this.#random() < 0.1 ? 'no-answer' : null;
      const attempt: Attempt = { device, listener, dueMs: clock.monotonicMs() + (isDown ? 20 : this.#random() ** 3 * 8000), fails };
      this.attempts.add(attempt);
      return {
        stop: async () => {
          this.attempts.delete(attempt);
          this.playing.delete(listener);
        },
        observe: () => ({
          isPlaying: false,
          videoPackets: 0,
          audioPackets: 0,
          damagedKeyFrames: 0,
          droppedUnits: 0,
          areTimestampsBroken: false,
          cameraClock: null,
        }),
      };
    };
    const stream = createManagedStream({
      desired,
      connectScheduler: scheduler,
      onChange: () => {},
      clock,
      log: silentLog,
      random: this.#random,
      createSource,
    });
    this.streams.push(stream);
    this.reasons.add(stream.observe().reason);
  }

  #show(listener: SourceListener, device: string): void {
    this.playing.set(listener, device);
    this.#generation += 1;
    listener.onTracks(tracksOf(this.#generation));
    this.#feed(listener);
  }

  #feed(listener: SourceListener): void {
    this.#frames.make((frame) => listener.onFrame(frame), {
      isKeyFrame: true,
      generation: this.#generation,
      arrivedMonotonicMs: this.clock.monotonicMs(),
    });
  }

  #look(): void {
    const byDevice = new Map<string, number>();
    for (const { device } of this.attempts) byDevice.set(device, (byDevice.get(device) ?? 0) + 1);
    this.mostTogether = Math.max(this.mostTogether, this.attempts.size);
    this.mostOfDevice = Math.max(this.mostOfDevice, ...byDevice.values());
  }
}

describe('500 cameras that come back together', () => {
  it('never exceed the budgets, and are all back three minutes after an outage of one', async () => {
    const sizes = [64, 64, 64, 64, 32, 32, 32, 32, 16, 16, 16, 16, ...Array.from({ length: 52 }, () => 1)];
    const district = new District(sizes, 7, 60_000);
    expect(district.streams).toHaveLength(500);
    expect(district.reasons).toEqual(new Set([null, 'waiting-for-budget']));
    district.run(60_000, 0);
    expect(district.streaming).toBe(0);
    for (let waitedMs = 0; waitedMs < 180_000 && district.streaming < 500; waitedMs += 5000) district.run(5000, 0);
    expect(district.streaming).toBe(500);
    expect(district.mostOfDevice).toBe(DEFAULT_CONNECT_BUDGET.perDevice);
    expect(district.mostTogether).toBeLessThanOrEqual(DEFAULT_CONNECT_BUDGET.perNode);
    expect([district.scheduler.heldCount, district.scheduler.waitingCount]).toEqual([0, 0]);
    await district.stop();
  });

  it('keep to the budgets whatever the devices, failures and viewers, and starve none', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.integer({ min: 0, max: 20_000 }), async (each, seed, outageMs) => {
        const district = new District(each, seed, outageMs);
        district.run(outageMs + 20_000, 0.002);
        const total = each.reduce((sum, size) => sum + size, 0);
        // A recorder with 64 channels takes two at a time, up to 8 s each, some of them twice.
        for (let waitedMs = 0; waitedMs < 400_000 && district.streaming < total; waitedMs += 10_000) district.run(10_000, 0);
        expect(district.streaming).toBe(total);
        expect(district.mostOfDevice).toBeLessThanOrEqual(DEFAULT_CONNECT_BUDGET.perDevice);
        expect(district.mostTogether).toBeLessThanOrEqual(DEFAULT_CONNECT_BUDGET.perNode);
        await district.stop();
        expect([district.scheduler.heldCount, district.scheduler.waitingCount, district.clock.timerCount]).toEqual([0, 0, 0]);
      }),
      { numRuns: 25 },
    );
  });
});
