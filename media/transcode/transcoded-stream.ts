/**
 * A stream as H.264: a hub of its own, fed by an ffmpeg as long as somebody watches. What is H.264 already goes through as it is.
 *
 *     idle ── first viewer ──▶ preparing ──▶ attached to the camera's hub ── H.265, slot free ──▶ a process runs
 *      ▲                                        │   ▲  │                                            │
 *      └──── linger over, or closed ────────────┘   │  └── H.265, no slot ──▶ refused               │
 *                                                   └────────── after a wait ◀──┘◀── process ended ─┘
 *
 * A slot is held while there is H.265 to transcode: not for H.264, and not for a camera that stays away.
 */
import type { Clock } from '../clock/clock.ts';
import { MAX_ACCESS_UNIT_BYTES } from '../codec/access-unit.ts';
import { VideoParameters } from '../codec/video-parameters.ts';
import { DEFAULT_HUB_LIMITS, FanOutHub } from '../stream/fan-out-hub.ts';
import type { Frame, StreamTracks, VideoTrack } from '../stream/frame.ts';
import type { FrameSink, StreamHub } from '../stream/sink.ts';
import { SlabWriter } from '../stream/slab-writer.ts';
import type { StreamLog } from '../stream/stream-log.ts';
import type { EncoderChoice } from './encoder-choice.ts';
import { transcodedClockRateHz, type SourceTimes } from './frame-times.ts';
import { decideRestartDelay } from './transcode-policy.ts';
import type { Readiness, TranscodeRefusal, TranscoderLimit } from './transcoder-limit.ts';
import { TranscoderProcess } from './transcoder-process.ts';

/** The camera's stream: as much of it as is needed. */
export interface TranscodeSource {
  readonly hub: StreamHub;
  /** Pulls an on-demand stream; returns the release. */
  acquire(): () => void;
}

export interface TranscodedStreamOptions {
  readonly source: TranscodeSource;
  readonly limit: TranscoderLimit;
  readonly program: string;
  readonly maxWidth: number;
  /** How long it goes on after the last viewer. */
  readonly lingerMs: number;
  readonly clock: Clock;
  readonly log: StreamLog;
  /** Camera and role, for the log. */
  readonly names: object;
}

/** A process that gave pictures for so long counts as a good one. */
const stableAfterMs = 10_000;
const firstSlabBytes = 64 * 1024;
/** A camera that reconnects within this finds its slot; one that stays away leaves it to others. */
const keepSlotMs = 5_000;
/** So often a stream that found no slot looks again while somebody watches. */
const lookForSlotMs = 5_000;

export class TranscodedStream implements FrameSink {
  readonly #options: TranscodedStreamOptions;
  readonly #hub: FanOutHub;
  readonly #closing = new Set<Promise<void>>();
  #viewers = 0;
  #isActive = false;
  /** Raised when it becomes idle: what was begun before has nothing to say any more. */
  #activity = 0;
  #ready: Readiness | null = null;
  #refusal: TranscodeRefusal | null = null;
  #detach: (() => void) | null = null;
  #releaseSlot: (() => void) | null = null;
  #source: StreamTracks | null = null;
  #generation = 0;
  /** Frames of the cached group while the hub hands them over; then null. */
  #opening: Frame[] | null = null;
  #process: TranscoderProcess | null = null;
  #writer: SlabWriter | null = null;
  #startedMs = 0;
  #hasPicture = false;
  #failures = 0;
  #hasGpuDecoder = true;
  #cancelLinger: () => void = () => {};
  #cancelRestart: () => void = () => {};
  #cancelSlotLoss: () => void = () => {};

  constructor(options: TranscodedStreamOptions) {
    this.#options = options;
    this.#hub = new FanOutHub(DEFAULT_HUB_LIMITS, (error) => options.log.error({ ...options.names, err: error }, 'transcode.sink-failed'));
  }

  get hub(): StreamHub {
    return this.#hub;
  }

  /** Why there is no picture though the camera has one; null while there is one or it is on its way. */
  get refusal(): TranscodeRefusal | null {
    return this.#refusal;
  }

  /** Somebody watches, and the encoder is still being looked for: neither a picture nor a refusal is due yet. */
  get isPreparing(): boolean {
    return this.#isActive && this.#ready === null && this.#refusal === null;
  }

  /** Process that runs, for tests. */
  get processId(): number | null {
    return this.#process?.pid ?? null;
  }

  /** One more viewer; returns the release (idempotent). */
  acquire(): () => void {
    // Each viewer holds the camera's stream, too: so they are counted there, and it lingers as long as the transcode does.
    const releaseSource = this.#options.source.acquire();
    this.#viewers += 1;
    this.#cancelLinger();
    if (!this.#isActive) this.#begin();
    else this.askAgain();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      releaseSource();
      this.#viewers -= 1;
      if (this.#viewers > 0 || !this.#isActive) return;
      this.#cancelLinger = this.#options.clock.setTimer(this.#options.lingerMs, () => this.#becomeIdle());
    };
  }

  /** Looks again at a refusal: there may be room by now. What failed is tried again by itself, not sooner because somebody asks. */
  askAgain(): void {
    if (this.#refusal === null || this.#refusal.code === 'transcoding-failed') return;
    this.#refusal = null;
    this.#restart();
  }

  /** Ends it; resolves when its process is gone. Idempotent. */
  async close(): Promise<void> {
    this.#becomeIdle();
    await Promise.all(this.#closing);
  }

  onTracks(tracks: StreamTracks): void {
    this.#endProcess();
    this.#source = tracks;
    if (tracks.video?.codec !== 'h265') this.#freeSlot();
    if (tracks.video?.codec === 'h264') {
      this.#refusal = null;
      this.#generation += 1;
      this.#hub.feedTracks({ ...tracks, generation: this.#generation });
    } else if (tracks.video !== null && this.#opening === null) {
      this.#startProcess(tracks.video, []);
    }
  }

  onFrame(frame: Frame): void {
    if (this.#opening !== null) {
      frame.slab.retain();
      this.#opening.push(frame);
    } else if (frame.kind === 'audio' || this.#source?.video?.codec === 'h264') {
      // Borrowed on: the hub keeps what it needs. Sound without a picture yet is left out.
      if (this.#hub.tracks !== null) this.#hub.feedFrame({ ...frame, generation: this.#generation });
    } else {
      const process = this.#process;
      if (process === null) return;
      const droppedBefore = process.droppedFrames;
      process.feed(frame);
      this.#options.limit.droppedFrames += process.droppedFrames - droppedBefore;
    }
  }

  onInterrupted(): void {
    this.#source = null;
    this.#endProcess();
    this.#hub.interrupt();
    this.#awaitCamera();
  }

  #begin(): void {
    this.#isActive = true;
    this.#prepare();
  }

  #prepare(): void {
    const activity = this.#activity;
    this.#options.limit
      .ready()
      .then((ready) => {
        if (this.#activity !== activity || this.#detach !== null) return;
        this.#ready = ready;
        this.#attach();
      })
      .catch((error: unknown) => {
        this.#options.log.error({ ...this.#options.names, err: error }, 'transcode.preparing-failed');
        if (this.#activity === activity) this.#onFailed(error instanceof Error ? error.message : 'preparing failed');
      });
  }

  /** Begins at the cached group: it is handed over whole before the process is made, which is told where the live edge is. */
  #attach(): void {
    const opening: Frame[] = [];
    try {
      this.#opening = opening;
      this.#detach = this.#options.source.hub.addSink(this, 'cached-group');
      this.#opening = null;
      const video = this.#source?.video ?? null;
      if (this.#source === null) this.#awaitCamera();
      if (video?.codec === 'h265') {
        this.#startProcess(
          video,
          opening.filter((frame) => frame.kind === 'video'),
        );
      } else {
        for (const frame of opening) this.onFrame(frame);
      }
    } finally {
      this.#opening = null;
      for (const frame of opening) frame.slab.release();
    }
  }

  #startProcess(video: VideoTrack, opening: readonly Frame[]): void {
    const { limit, program, maxWidth, clock, log, names } = this.#options;
    const ready = this.#ready;
    if (ready === null) return;
    if (!ready.ok) {
      this.#refusal = ready.refusal;
      return;
    }
    const { encoder } = ready;
    this.#cancelSlotLoss();
    this.#releaseSlot ??= limit.take(encoder);
    if (this.#releaseSlot === null) {
      this.#refusal = limit.refuse(encoder);
      this.#cancelRestart();
      this.#cancelRestart = clock.setTimer(lookForSlotMs, () => {
        if (this.#viewers > 0) this.askAgain();
      });
      return;
    }
    if (this.#refusal?.code !== 'transcoding-failed') this.#refusal = null;
    this.#startedMs = clock.monotonicMs();
    this.#hasPicture = false;
    const writer = new SlabWriter(limit.pool, MAX_ACCESS_UNIT_BYTES, firstSlabBytes);
    this.#writer = writer;
    const hasGpuDecoder = encoder.isOnGpu && this.#hasGpuDecoder;
    try {
      const process: TranscoderProcess = new TranscoderProcess(
        { program, encoder, hasGpuDecoder, video, maxWidth, opening, clock },
        {
          onConfiguration: (sps, pps) => this.#onConfiguration(process, sps, pps),
          onPicture: (bytes, start, end, isKeyFrame, times) => this.#onPicture(process, bytes, start, end, isKeyFrame, times),
          onEnded: (detail) => this.#onEnded(process, encoder, detail),
        },
      );
      this.#process = process;
    } catch (error) {
      // The system has no room for a process: that passes, and must not cost this stream its place at the hub, or the node its life.
      this.#onFailed(error instanceof Error ? error.message : 'it could not be started');
      return;
    }
    log.info({ ...names, encoder: encoder.name, width: video.width, height: video.height }, 'transcode.started');
  }

  #onConfiguration(process: TranscoderProcess, sps: readonly Buffer[], pps: readonly Buffer[]): void {
    if (process !== this.#process) return;
    const parameters = new VideoParameters('h264', transcodedClockRateHz);
    for (const set of [...sps, ...pps]) parameters.put(set);
    const described = parameters.describe(() => false);
    if (described === null) return;
    this.#generation += 1;
    this.#hub.feedTracks({ generation: this.#generation, video: described.track, audio: this.#source?.audio ?? null });
  }

  #onPicture(process: TranscoderProcess, bytes: Buffer, start: number, end: number, isKeyFrame: boolean, times: SourceTimes): void {
    const writer = this.#writer;
    if (process !== this.#process || writer === null || this.#hub.tracks === null || !writer.append(bytes, start, end)) return;
    this.#hasPicture = true;
    if (this.#refusal?.code === 'transcoding-failed') this.#refusal = null;
    const { presentationTicks, arrivedMonotonicMs, arrivedWallClockMs } = times;
    const frame: Frame = {
      kind: 'video',
      slab: writer.slab,
      start: writer.unitStart,
      end: writer.unitEnd,
      isKeyFrame,
      decodeTicks: presentationTicks,
      compositionOffsetTicks: 0,
      arrivedMonotonicMs,
      arrivedWallClockMs,
      generation: this.#generation,
    };
    writer.commitUnit();
    writer.observeTime(arrivedMonotonicMs);
    this.#hub.feedFrame(frame);
  }

  #onEnded(process: TranscoderProcess, encoder: EncoderChoice, detail: string): void {
    if (process !== this.#process) return;
    // Decoding on a GPU is a guess that only the stream itself can prove.
    if (encoder.isOnGpu && !this.#hasPicture) this.#hasGpuDecoder = false;
    this.#onFailed(detail);
  }

  /** A process ended by itself, or there is none: viewers are told, and another one is tried after a wait. */
  #onFailed(detail: string): void {
    const { clock, log, names, limit } = this.#options;
    const wasStable = this.#hasPicture && clock.monotonicMs() - this.#startedMs >= stableAfterMs;
    this.#failures = wasStable ? 1 : this.#failures + 1;
    limit.restarts += 1;
    const retryInMs = decideRestartDelay(this.#failures);
    log.error({ ...names, detail, failures: this.#failures, retryInMs }, 'transcode.ended');
    this.#refusal = { code: 'transcoding-failed', detail: 'Transcoding this stream failed; it is tried again' };
    this.#endProcess();
    this.#leaveSource();
    this.#hub.interrupt();
    this.#cancelRestart();
    this.#cancelRestart = clock.setTimer(retryInMs, () => this.#restart());
  }

  #restart(): void {
    this.#cancelRestart();
    this.#leaveSource();
    this.#prepare();
  }

  #becomeIdle(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    this.#activity += 1;
    this.#cancelLinger();
    this.#cancelRestart();
    this.#endProcess();
    this.#leaveSource();
    this.#hub.interrupt();
    this.#freeSlot();
    this.#refusal = null;
    this.#ready = null;
    this.#failures = 0;
  }

  /** The camera shows nothing: why, it tells itself. */
  #awaitCamera(): void {
    this.#refusal = null;
    this.#cancelSlotLoss();
    this.#cancelSlotLoss = this.#options.clock.setTimer(keepSlotMs, () => this.#freeSlot());
  }

  #freeSlot(): void {
    this.#cancelSlotLoss();
    this.#releaseSlot?.();
    this.#releaseSlot = null;
  }

  #leaveSource(): void {
    this.#detach?.();
    this.#detach = null;
    this.#source = null;
  }

  #endProcess(): void {
    const process = this.#process;
    this.#process = null;
    this.#writer?.close();
    this.#writer = null;
    if (process === null) return;
    const closing = process.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
