/** One camera stream as the node keeps it: hub, current source, reconnects, on-demand linger, measurements. */
import type { Clock } from '../clock/clock.ts';
import type { DesiredStream, NoPictureReason, ObservedClock, ObservedStream, StreamPhase, StreamRole } from '../contract/streams.ts';
import type { ConnectSlots } from './connect-scheduler.ts';
import { DEFAULT_HUB_LIMITS, FanOutHub } from './fan-out-hub.ts';
import type { HubLimits } from './fan-out-hub.ts';
import type { StreamTracks } from './frame.ts';
import { judgePicture } from './picture-watch.ts';
import { createRtspSource } from './rtsp-source.ts';
import type { RtspSource, RtspSourceOptions } from './rtsp-source.ts';
import { SlabPool } from './slab-pool.ts';
import type { StreamHub } from './sink.ts';
import type { SourceListener } from './source.ts';
import { PacketWatch } from './packet-watch.ts';
import { StreamJournal } from './stream-journal.ts';
import type { StreamLog } from './stream-log.ts';
import { StreamMeasurements } from './stream-measurements.ts';
import { nextStreamState, reportStreamState } from './stream-state.ts';
import type { StreamEffect, StreamInput, StreamState } from './stream-state.ts';

/** A stream under the node's care. */
export interface ManagedStream {
  readonly cameraId: string;
  readonly role: StreamRole;
  readonly hub: StreamHub;
  /** `isRecording` is always false here, and nobody is slow: who records and who delivers says so. */
  observe(): ObservedStream;
  /** One more viewer; pulls an on-demand stream, and cuts a long wait for the next attempt short. Returns the release (idempotent). */
  acquire(): () => void;
  /** Same camera and role; reconnects when the address, the transport or the credentials changed. */
  update(desired: DesiredStream): void;
  /** Idempotent; resolves when sockets and timers are gone. */
  stop(): Promise<void>;
}

export interface ManagedStreamOptions {
  readonly desired: DesiredStream;
  readonly connectScheduler: ConnectSlots;
  /** Phase or reason changed. Called synchronously, never before the creation has returned; must not throw. */
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly log: StreamLog;
  /** How long an on-demand stream stays open after its last viewer. */
  readonly lingerMs?: number;
  /** Number from 0 to under 1, for jitter. */
  readonly random?: () => number;
  /** Where its frames live; a pool of its own without. Streams of one thread may share one. */
  readonly pool?: SlabPool;
  readonly hubLimits?: HubLimits;
  /** Where ticks begin, and the generation before the first: for a stream that takes over from another one. */
  readonly startsAfter?: { readonly originMonotonicMs: number; readonly generation: number };
  /** Opens a source; RTSP unless a test says otherwise. */
  readonly createSource?: (options: RtspSourceOptions, listener: SourceListener) => RtspSource;
}

const DEFAULT_LINGER_MS = 15_000;
/** How often a source is looked at: a dead camera is noticed 3 to 3.5 s after its last frame. */
const WATCH_INTERVAL_MS = 500;

/** Takes a stream into care; an `always` stream is pulled from now on. */
export function createManagedStream(options: ManagedStreamOptions): ManagedStream {
  return new SupervisedStream(options);
}

class SupervisedStream implements ManagedStream {
  readonly #options: ManagedStreamOptions;
  readonly #hub: FanOutHub;
  readonly #pool: SlabPool;
  readonly #measurements = new StreamMeasurements();
  readonly #journal: StreamJournal;
  readonly #originMonotonicMs: number;
  #desired: DesiredStream;
  #state: StreamState = { kind: 'idle' };
  #reported: { readonly phase: StreamPhase; readonly reason: NoPictureReason | null } = { phase: 'idle', reason: null };
  #sinceMs: number;
  /** Inputs that came while one was being worked off. */
  readonly #inputs: StreamInput[] = [];
  #isDispatching = false;
  #source: RtspSource | null = null;
  #packetWatch: PacketWatch | null = null;
  readonly #closing = new Set<Promise<void>>();
  /** Tracks of the newest picture, kept while reconnecting so that the screen still knows the codec. */
  #tracks: StreamTracks | null = null;
  #lastGeneration: number;
  /** The camera's clock by the newest connection that told of it. */
  #clock: ObservedClock | null = null;
  #viewers = 0;
  #isCreated = false;
  #isStopped = false;
  #releaseSlot: () => void = () => undefined;
  #cancelRetry: () => void = () => undefined;
  #cancelWatch: () => void = () => undefined;
  #cancelLinger: () => void = () => undefined;

  constructor(options: ManagedStreamOptions) {
    this.#options = options;
    this.#desired = options.desired;
    this.#pool = options.pool ?? new SlabPool();
    this.#originMonotonicMs = options.startsAfter?.originMonotonicMs ?? options.clock.monotonicMs();
    this.#lastGeneration = options.startsAfter?.generation ?? 0;
    this.#sinceMs = options.clock.wallClockMs();
    this.#journal = new StreamJournal(options.log, this.#names());
    this.#hub = new FanOutHub(options.hubLimits ?? DEFAULT_HUB_LIMITS, (error) => {
      options.log.error({ ...this.#names(), err: error }, 'stream.sink-failed');
    });
    if (this.#desired.mode === 'always') this.#dispatch({ kind: 'wanted' });
    this.#isCreated = true;
  }

  get cameraId(): string {
    return this.#desired.cameraId;
  }

  get role(): StreamRole {
    return this.#desired.role;
  }

  get hub(): StreamHub {
    return this.#hub;
  }

  observe(): ObservedStream {
    const { clock } = this.#options;
    const nowMs = clock.monotonicMs();
    this.#noticeClock();
    const video = this.#tracks?.video ?? null;
    const retryInMs = this.#state.kind === 'waiting' ? Math.max(0, this.#state.retryAtMonotonicMs - nowMs) : null;
    return {
      cameraId: this.cameraId,
      role: this.role,
      ...this.#reported,
      sinceMs: this.#sinceMs,
      retryAtMs: retryInMs === null ? null : Math.round(clock.wallClockMs() + retryInMs),
      codec: video?.codec ?? null,
      audioCodec: this.#tracks?.audio?.codec ?? null,
      width: video?.width ?? null,
      height: video?.height ?? null,
      framesPerSecond: this.#measurements.framesPerSecond(nowMs),
      bitrateBps: this.#measurements.bitrateBps(nowMs),
      lastFrameAtMs: this.#measurements.lastFrameWallClockMs,
      keyFrameIntervalMs: this.#measurements.keyFrameIntervalMs,
      lostPackets: this.#measurements.lostPackets,
      clock: this.#clock,
      viewers: this.#viewers,
      slowViewers: 0,
      droppedFrames: 0,
      isRecording: false,
    };
  }

  acquire(): () => void {
    let isHeld = true;
    this.#viewers += 1;
    this.#reconsider();
    this.#dispatch({ kind: 'asked-again' });
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#viewers -= 1;
      this.#reconsider();
    };
  }

  update(desired: DesiredStream): void {
    const before = this.#desired;
    this.#desired = desired;
    this.#dispatch({ kind: isSameAddress(before, desired) ? 'asked-again' : 'address-changed' });
    this.#reconsider();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelLinger();
    this.#dispatch({ kind: 'unwanted' });
    await Promise.all(this.#closing);
  }

  #names(): object {
    return { cameraId: this.cameraId, role: this.role };
  }

  /** Pulls or lets go, by mode and viewers. */
  #reconsider(): void {
    if (this.#isStopped) return;
    this.#cancelLinger();
    if (this.#desired.mode === 'always' || this.#viewers > 0) {
      this.#dispatch({ kind: 'wanted' });
    } else if (this.#state.kind !== 'idle') {
      const lingerMs = this.#options.lingerMs ?? DEFAULT_LINGER_MS;
      this.#cancelLinger = this.#options.clock.setTimer(lingerMs, () => this.#dispatch({ kind: 'unwanted' }));
    }
  }

  #dispatch(input: StreamInput): void {
    this.#inputs.push(input);
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
        const { state, effects } = nextStreamState(this.#state, next, this.#options.clock.monotonicMs());
        this.#state = state;
        for (const effect of effects) this.#perform(effect);
      }
    } finally {
      this.#isDispatching = false;
    }
    this.#report();
  }

  #report(): void {
    const report = reportStreamState(this.#state);
    if (report.phase === this.#reported.phase && report.reason === this.#reported.reason) return;
    this.#reported = report;
    this.#sinceMs = this.#options.clock.wallClockMs();
    this.#journal.changed(report.phase, report.reason, this.#options.clock.monotonicMs());
    if (this.#isCreated) this.#options.onChange();
  }

  #perform(effect: StreamEffect): void {
    const { clock, connectScheduler } = this.#options;
    switch (effect.kind) {
      case 'request-slot':
        this.#releaseSlot = connectScheduler.request({
          deviceId: this.#desired.deviceId,
          failures: effect.failures,
          onGranted: () => this.#dispatch({ kind: 'slot-granted' }),
        });
        return;
      case 'release-slot':
        this.#releaseSlot();
        return;
      case 'open-source':
        this.#openSource();
        return;
      case 'close-source':
        this.#closeSource();
        return;
      case 'interrupt':
        this.#measurements.onInterrupted();
        this.#hub.interrupt();
        return;
      case 'start-retry-timer':
        this.#cancelRetry = clock.setTimer(effect.delayMs, () => this.#dispatch({ kind: 'retry-due' }));
        return;
      case 'cancel-retry-timer':
        this.#cancelRetry();
    }
  }

  #openSource(): void {
    const { clock, createSource = createRtspSource } = this.#options;
    const { url, credentials, transport } = this.#desired;
    this.#measurements.onConnecting();
    this.#packetWatch = new PacketWatch(clock.monotonicMs());
    const source: RtspSource = createSource(
      {
        url,
        credentials,
        transport,
        clock,
        pool: this.#pool,
        originMonotonicMs: this.#originMonotonicMs,
        lastGeneration: this.#lastGeneration,
      },
      {
        onTracks: (tracks) => {
          if (source !== this.#source) return;
          this.#lastGeneration = tracks.generation;
          this.#tracks = tracks;
          this.#measurements.onTracks(tracks);
          this.#hub.feedTracks(tracks);
        },
        onFrame: (frame) => {
          if (source !== this.#source) return;
          this.#measurements.onFrame(frame);
          if (this.#state.kind === 'connecting' && frame.kind === 'video') this.#dispatch({ kind: 'picture' });
          this.#hub.feedFrame(frame);
        },
        onLoss: (packets) => {
          this.#measurements.lostPackets += packets;
        },
        onEnded: (reason, detail, fault) => {
          if (fault !== undefined) this.#options.log.error({ ...this.#names(), err: fault }, 'stream.failed');
          if (source === this.#source && reason !== 'stopped') this.#onSourceEnded(reason, detail);
        },
      },
    );
    this.#source = source;
    this.#watch();
  }

  #onSourceEnded(reason: NoPictureReason, detail: string): void {
    this.#journal.ended(reason, detail, this.#options.clock.monotonicMs());
    this.#dispatch({ kind: 'source-ended', reason, chance: (this.#options.random ?? Math.random)() });
  }

  /** What the connection measured is kept when it ends. */
  #noticeClock(): void {
    this.#clock = this.#source?.observe().cameraClock ?? this.#clock;
  }

  #closeSource(): void {
    this.#cancelWatch();
    this.#noticeClock();
    const source = this.#source;
    this.#source = null;
    if (source === null) return;
    const closing = source.stop().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  #watch(): void {
    this.#cancelWatch = this.#options.clock.setTimer(WATCH_INTERVAL_MS, () => {
      const source = this.#source;
      if (source === null || this.#packetWatch === null) return;
      const nowMs = this.#options.clock.monotonicMs();
      const evidence = this.#packetWatch.look(source.observe(), this.#measurements, nowMs);
      const { reason, isHopeless } = judgePicture(evidence, nowMs);
      if (isHopeless && reason !== null) {
        this.#onSourceEnded(reason, 'given up');
        return;
      }
      this.#dispatch({ kind: 'judged', reason });
      this.#watch();
    });
  }
}

function isSameAddress(a: DesiredStream, b: DesiredStream): boolean {
  return (
    a.url === b.url &&
    a.transport === b.transport &&
    a.deviceId === b.deviceId &&
    a.credentials?.username === b.credentials?.username &&
    a.credentials?.password === b.credentials?.password
  );
}
