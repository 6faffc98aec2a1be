/**
 * A recorder that outlives its own faults: a hub removes a sink that throws, and without this a bug that one odd frame wakes
 * would end a camera's recording until somebody restarts the node.
 */
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';
import type { Frame, StreamTracks } from '../stream/frame.ts';
import type { Recorder, RecordingFault } from './recorder-contract.ts';

/** The first other recorder comes after so long; each further failure doubles it. */
const firstRetryMs = 1_000;
/** A frame that always fails costs a file every five minutes, not one a second. */
const longestRetryMs = 300_000;
/** A recorder that worked for so long has a clean record again. */
const stableMs = 60_000;

export interface LastingRecorderOptions {
  /** Makes a recorder whose `onFault` is {@link LastingRecorderOptions.onFault}. */
  readonly create: () => Recorder;
  readonly onFault: (fault: RecordingFault | null) => void;
  /** For the log. */
  readonly cameraId: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Hot: `onFrame`. Never throws. */
export class LastingRecorder implements Recorder {
  readonly #options: LastingRecorderOptions;
  #recorder: Recorder | null;
  #tracks: StreamTracks | null = null;
  #fault: RecordingFault | null = null;
  #madeAtMs: number;
  #failures = 0;
  #retryAtMs = 0;
  #droppedFrames = 0;
  #isClosed = false;
  /** Failed recorders on their way out: what they had written whole is closed in order. */
  readonly #closing = new Set<Promise<void>>();

  constructor(options: LastingRecorderOptions) {
    this.#options = options;
    this.#madeAtMs = options.clock.monotonicMs();
    this.#recorder = options.create();
  }

  get fault(): RecordingFault | null {
    return this.#fault ?? this.#recorder?.fault ?? null;
  }

  get isRecording(): boolean {
    return this.#recorder?.isRecording ?? false;
  }

  get droppedFrames(): number {
    return this.#droppedFrames + (this.#recorder?.droppedFrames ?? 0);
  }

  onTracks(tracks: StreamTracks): void {
    this.#tracks = tracks;
    this.#try((recorder) => recorder.onTracks(tracks));
  }

  onFrame(frame: Frame): void {
    const recorder = this.#recorder ?? this.#another(frame);
    if (recorder === null) {
      this.#droppedFrames++;
      return;
    }
    try {
      recorder.onFrame(frame);
    } catch (error) {
      this.#fail(recorder, error);
      return;
    }
    if (this.#fault !== null && recorder.isRecording) this.#recovered();
  }

  onInterrupted(): void {
    this.#tracks = null;
    this.#try((recorder) => recorder.onInterrupted());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const recorder = this.#recorder;
    this.#recorder = null;
    await recorder?.close();
    await Promise.all(this.#closing);
  }

  #try(call: (recorder: Recorder) => void): void {
    const recorder = this.#recorder;
    if (recorder === null) return;
    try {
      call(recorder);
    } catch (error) {
      this.#fail(recorder, error);
    }
  }

  /** The next recorder, with a key frame, when it is time for one. */
  #another(frame: Frame): Recorder | null {
    const { clock, create } = this.#options;
    const nowMs = clock.monotonicMs();
    const isStart = frame.kind === 'video' && frame.isKeyFrame;
    const tracks = this.#tracks;
    if (this.#isClosed || !isStart || tracks === null || nowMs < this.#retryAtMs) return null;
    this.#madeAtMs = nowMs;
    this.#recorder = create();
    this.#try((recorder) => recorder.onTracks(tracks));
    return this.#recorder;
  }

  #fail(recorder: Recorder, error: unknown): void {
    const { clock, log, cameraId, onFault } = this.#options;
    const nowMs = clock.monotonicMs();
    this.#failures = nowMs - this.#madeAtMs >= stableMs ? 1 : this.#failures + 1;
    this.#retryAtMs = nowMs + Math.min(longestRetryMs, firstRetryMs * 2 ** (this.#failures - 1));
    this.#droppedFrames += recorder.droppedFrames + 1;
    this.#recorder = null;
    const closing = recorder
      .close()
      .catch((closeError: unknown) => log.error({ err: closeError, cameraId }, 'recorder.close-failed'))
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
    const detail = `the recorder failed: ${error instanceof Error ? error.message : String(error)}`;
    this.#fault = { sinceMs: this.#fault?.sinceMs ?? clock.wallClockMs(), detail };
    log.error({ err: error, cameraId, failures: this.#failures, retryInMs: this.#retryAtMs - nowMs }, 'recorder.failed');
    onFault(this.#fault);
  }

  #recovered(): void {
    this.#fault = null;
    this.#options.log.info({ cameraId: this.#options.cameraId, droppedFrames: this.droppedFrames }, 'recorder.replaced');
    this.#options.onFault(this.#recorder?.fault ?? null);
  }
}
