import { describe, expect, it } from 'vitest';
import type { DesiredStream } from '../../../media/contract/streams.ts';
import { ConnectScheduler } from '../../../media/stream/connect-scheduler.ts';
import { createManagedStream } from '../../../media/stream/managed-stream.ts';
import type { ManagedStream } from '../../../media/stream/managed-stream.ts';
import type { RtspSource, RtspSourceOptions, SourceActivity } from '../../../media/stream/rtsp-source.ts';
import type { SourceListener } from '../../../media/stream/source.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FrameMaker, RecordingSink, tracksOf } from './stream-fixtures.ts';

const desired: DesiredStream = {
  cameraId: 'camera-1',
  role: 'main',
  deviceId: 'device-1',
  url: 'rtsp://camera/live',
  credentials: { username: 'admin', password: 'geheim' },
  transport: 'tcp',
  mode: 'always',
  recording: null,
};

/** A source that does what the test says. */
class FakeSource implements RtspSource {
  activity: SourceActivity = {
    isPlaying: false,
    videoPackets: 0,
    audioPackets: 0,
    damagedKeyFrames: 0,
    droppedUnits: 0,
    areTimestampsBroken: false,
    cameraClock: null,
  };
  isStopped = false;
  readonly options: RtspSourceOptions;
  readonly listener: SourceListener;

  constructor(options: RtspSourceOptions, listener: SourceListener) {
    this.options = options;
    this.listener = listener;
  }

  observe(): SourceActivity {
    return this.activity;
  }

  stop(): Promise<void> {
    this.isStopped = true;
    return Promise.resolve();
  }
}

class Stage {
  readonly clock = new FakeClock();
  readonly sources: FakeSource[] = [];
  readonly changes: string[] = [];
  readonly logged: string[] = [];
  readonly scheduler = new ConnectScheduler({ perDevice: 1, perNode: 8 });
  readonly sink = new RecordingSink();
  readonly stream: ManagedStream;
  readonly #maker = new FrameMaker();

  constructor(overrides: Partial<DesiredStream> = {}) {
    const write = (fields: object, event: string): void => void this.logged.push(`${event} ${JSON.stringify(fields)}`);
    this.stream = createManagedStream({
      desired: { ...desired, ...overrides },
      connectScheduler: this.scheduler,
      clock: this.clock,
      log: { debug: write, info: write, warn: write, error: write },
      lingerMs: 15_000,
      random: () => 0.5,
      onChange: () => {
        const { phase, reason } = this.stream.observe();
        this.changes.push(`${phase} ${reason}`);
      },
      createSource: (options, listener) => {
        const source = new FakeSource(options, listener);
        this.sources.push(source);
        return source;
      },
    });
    this.stream.hub.addSink(this.sink, 'cached-group');
  }

  get source(): FakeSource {
    const source = this.sources.at(-1);
    if (source === undefined) throw new Error('no source was opened');
    return source;
  }

  /** Camera plays: tracks, a key frame, then a frame each 40 ms for `ms`. */
  play(ms: number, withTracks = true): this {
    const { source } = this;
    source.activity = { ...source.activity, isPlaying: true };
    if (withTracks) source.listener.onTracks(tracksOf(source.options.lastGeneration + 1));
    for (let elapsed = 0; elapsed < ms; elapsed += 40) {
      source.activity = { ...source.activity, videoPackets: source.activity.videoPackets + 1 };
      const isKeyFrame = elapsed % 2000 === 0;
      const arrivedMonotonicMs = this.clock.monotonicMs();
      this.#maker.make((frame) => source.listener.onFrame(frame), { isKeyFrame, arrivedMonotonicMs, arrivedWallClockMs: this.clock.wallClockMs() });
      this.clock.advance(40);
    }
    return this;
  }
}

describe('an always-on stream', () => {
  it('is pulled at once, and streams with the first picture', () => {
    const stage = new Stage();
    expect([stage.sources.length, stage.source.options.url, stage.stream.observe().phase]).toEqual([1, desired.url, 'connecting']);
    stage.play(10_000);
    expect(stage.stream.observe()).toMatchObject({
      phase: 'streaming',
      reason: null,
      codec: 'h264',
      width: 640,
      framesPerSecond: 25,
      keyFrameIntervalMs: expect.any(Number),
      lastFrameAtMs: stage.clock.wallClockMs() - 40,
    });
    expect([stage.scheduler.heldCount, stage.sink.events[0], stage.sink.events[1]]).toEqual([0, 'tracks 1', 'video 1 key']);
  });

  it('is tried again after what the camera sent woke a bug, which the log tells of', () => {
    const stage = new Stage().play(5000);
    stage.source.listener.onEnded('protocol-error', 'a fault of ours', new Error('one of ours'));
    expect(stage.stream.observe()).toMatchObject({ phase: 'waiting', reason: 'protocol-error' });
    expect(stage.logged.filter((line) => line.startsWith('stream.failed'))).toHaveLength(1);
    stage.clock.advance(60_000);
    expect(stage.sources.length).toBeGreaterThan(1);
  });

  it('says no-packets three seconds after the camera fell silent, gives up after ten, and tries again', () => {
    const stage = new Stage().play(5000);
    stage.clock.advance(3500);
    expect([stage.changes.at(-1), stage.source.isStopped]).toEqual(['streaming no-packets', false]);
    const sinceMs = stage.stream.observe().sinceMs;
    expect(stage.clock.wallClockMs() - sinceMs).toBeLessThan(600);
    stage.clock.advance(8000);
    expect([stage.changes.at(-1), stage.sources.length, stage.sources[0]?.isStopped]).toEqual(['connecting no-packets', 2, true]);
    stage.play(1000);
    expect(stage.changes.at(-1)).toBe('streaming null');
    expect(stage.sink.events.filter((event) => !event.startsWith('video'))).toEqual(['tracks 1', 'interrupted', 'tracks 2']);
  });

  it('says at once that the camera hung up, and when it will try again', () => {
    const stage = new Stage().play(20_000);
    stage.source.listener.onLoss(3);
    stage.source.listener.onEnded('closed-by-camera', 'the camera closed the connection');
    const observed = stage.stream.observe();
    expect(observed).toMatchObject({ phase: 'waiting', reason: 'closed-by-camera', codec: 'h264', framesPerSecond: null, lostPackets: 3 });
    expect(observed.retryAtMs).toBe(stage.clock.wallClockMs() + 1000);
    stage.clock.advance(999);
    expect(stage.sources.length).toBe(1);
    stage.clock.advance(1);
    expect(stage.sources.length).toBe(2);
  });

  it('tries ever more slowly', () => {
    const stage = new Stage();
    const attemptsMs: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      const before = stage.sources.length;
      stage.source.listener.onEnded('connection-refused', 'ECONNREFUSED');
      const startedMs = stage.clock.monotonicMs();
      while (stage.sources.length === before) stage.clock.advance(100);
      attemptsMs.push(stage.clock.monotonicMs() - startedMs);
    }
    expect(attemptsMs).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000]);
  });

  it.each<[string, (stream: ManagedStream) => void]>([
    ['a viewer comes', (stream) => void stream.acquire()],
    ['an administrator changes the camera', (stream) => stream.update({ ...desired, recording: { retentionDays: 30 } })],
  ])('is tried soon, and not too often, when %s during a long wait', (_name, ask) => {
    const stage = new Stage();
    const refuse = (): void => stage.source.listener.onEnded('connection-refused', 'ECONNREFUSED');
    for (let attempt = 1; attempt < 7; attempt += 1) {
      refuse();
      stage.clock.advance(30_000);
    }
    refuse();
    const failed = stage.sources.length;
    ask(stage.stream);
    expect(stage.stream.observe().retryAtMs).toBe(stage.clock.wallClockMs() + 1000);
    stage.clock.advance(999);
    expect(stage.sources.length).toBe(failed);
    stage.clock.advance(1);
    expect(stage.sources.length).toBe(failed + 1);
    refuse();
    stage.clock.advance(20_000);
    expect(stage.sources.length).toBe(failed + 1);
    ask(stage.stream);
    expect(stage.stream.observe().phase).toBe('connecting');
  });

  it('waits for its turn with a device that is busy', () => {
    const stage = new Stage({ mode: 'on-demand' });
    const release = stage.scheduler.request({ deviceId: 'device-1', failures: 0, onGranted: () => undefined });
    stage.stream.acquire();
    expect([stage.sources.length, stage.stream.observe().reason]).toEqual([0, 'waiting-for-budget']);
    release();
    expect([stage.sources.length, stage.stream.observe().reason]).toEqual([1, null]);
  });

  it('follows a changed address, and not what concerns others', async () => {
    const stage = new Stage().play(1000);
    stage.stream.update({ ...desired, recording: { retentionDays: 30 } });
    expect(stage.sources.length).toBe(1);
    stage.stream.update({ ...desired, credentials: { username: 'admin', password: 'neu' } });
    expect([stage.sources.length, stage.sources[0]?.isStopped, stage.source.options.credentials?.password]).toEqual([2, true, 'neu']);
    await stage.stream.stop();
  });

  it('pays no heed to a source it has given up', () => {
    const stage = new Stage().play(1000);
    const [old] = stage.sources;
    stage.stream.update({ ...desired, url: 'rtsp://camera/other' });
    old?.listener.onTracks(tracksOf(9));
    old?.listener.onEnded('closed-by-camera', '');
    expect([stage.stream.hub.tracks, stage.stream.observe().phase]).toEqual([null, 'connecting']);
  });

  it('stops for good, leaving no timer', async () => {
    const stage = new Stage().play(1000);
    await stage.stream.stop();
    await stage.stream.stop();
    stage.stream.acquire();
    expect([stage.stream.observe().phase, stage.source.isStopped, stage.clock.timerCount, stage.sources.length]).toEqual(['idle', true, 0, 1]);
  });

  it('logs no secret', () => {
    const stage = new Stage().play(1000);
    stage.source.listener.onEnded('unauthorized', 'user name or password is wrong');
    expect(stage.logged.join()).toContain('unauthorized');
    expect(stage.logged.join()).not.toContain('geheim');
  });

  it('reports a sink that throws, and goes on', () => {
    const stage = new Stage().play(400);
    stage.stream.hub.addSink(
      new RecordingSink(() => {
        throw new Error('sink fault');
      }),
      'cached-group',
    );
    stage.play(400, false);
    expect(stage.logged.filter((line) => line.startsWith('stream.sink-failed')).length).toBe(1);
    expect(stage.stream.observe().phase).toBe('streaming');
  });
});

describe('an on-demand stream', () => {
  it('is pulled for a viewer, and lingers after the last', () => {
    const stage = new Stage({ mode: 'on-demand' });
    expect([stage.sources.length, stage.stream.observe().phase]).toEqual([0, 'idle']);
    const releases = [stage.stream.acquire(), stage.stream.acquire()];
    stage.play(1000);
    expect(stage.stream.observe()).toMatchObject({ phase: 'streaming', viewers: 2 });
    releases[0]?.();
    releases[0]?.();
    stage.play(16_000, false);
    expect(stage.stream.observe()).toMatchObject({ phase: 'streaming', viewers: 1 });
    releases[1]?.();
    stage.play(14_900, false);
    expect(stage.stream.observe()).toMatchObject({ phase: 'streaming', viewers: 0 });
    stage.clock.advance(200);
    expect(stage.stream.observe().phase).toBe('idle');
    expect([stage.source.isStopped, stage.sink.events.at(-1)]).toEqual([true, 'interrupted']);
  });

  it('stays when a viewer comes back in time', () => {
    const stage = new Stage({ mode: 'on-demand' });
    const release = stage.stream.acquire();
    stage.play(1000);
    release();
    stage.play(10_000, false);
    stage.stream.acquire();
    stage.play(10_000, false);
    expect([stage.stream.observe().phase, stage.sources.length]).toEqual(['streaming', 1]);
  });
});
