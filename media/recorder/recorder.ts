/** Records one stream into files. When files begin and end: `recording.md`. */
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';
import { writeInitSegment } from '../fmp4/init-segment.ts';
import { SampleCollector } from '../fmp4/sample-collector.ts';
import { isRecordableAudio } from '../fmp4/sample-entry.ts';
import type { Frame, StreamTracks } from '../stream/frame.ts';
import type { Recorder, RecorderOptions, RecordingFault } from './recorder-contract.ts';
import { RecordingRun } from './recording-run.ts';

/** A killed process loses one fragment: with a frame and a write on top it must stay below a second. */
const fragmentMs = 800;

/** A key frame ends a fragment that is at least this long; all-intra streams do not get a fragment per frame. */
const minFragmentMs = 400;

/**
 * A file as large as a day would be slow to start and lost as a whole when damaged; one per minute would be a million files in a month
 * of a big node. A small quota wants shorter ones all the same, since only whole files are deleted.
 */
const usualFileMs = 10 * 60 * 1000;

/** No frame for longer is a gap: the next file begins. */
const gapMs = 2_000;

/** Wall clock against monotonic clock. NTP slews by less in ten minutes; a clock that was set moves by more. */
const clockJumpMs = 2_000;

/** Fragments follow one another within about 3 s, gaps included; when none was written for so long, nothing is being recorded. */
const longestUnwrittenMs = 5_000;

/** Video that may wait for the disk, per camera. */
const maxQueuedBytes = 8 * 1024 * 1024;

/** After a failure the disk is tried again this often. */
const retryMs = 5_000;

/** See {@link Recorder}. Hot: `onFrame`. */
export function createRecorder(options: RecorderOptions): Recorder {
  return new ContinuousRecorder(options);
}

class ContinuousRecorder implements Recorder {
  droppedFrames = 0;
  fault: RecordingFault | null = null;
  readonly #options: RecorderOptions;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** The file being written, and earlier ones that still are. */
  readonly #runs = new Set<RecordingRun>();
  #run: RecordingRun | null = null;
  #collector: SampleCollector | null = null;
  #tracks: StreamTracks | null = null;
  #clockRateHz = 90_000;
  #startedMonotonicMs = 0;
  #clockOffsetMs = 0;
  /** Monotonic moment of the newest write that succeeded. */
  #writtenAtMs = Number.NEGATIVE_INFINITY;
  /** No new file before this moment, after the disk failed. */
  #retryAtMs = Number.NEGATIVE_INFINITY;
  /** The queue overflowed: no new file before half of it is written. */
  #isDiskSlow = false;
  #isClosed = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  get isRecording(): boolean {
    return this.#run !== null && this.fault === null && this.#clock.monotonicMs() - this.#writtenAtMs <= longestUnwrittenMs;
  }

  onTracks(tracks: StreamTracks): void {
    this.#endFile();
    this.#tracks = tracks;
  }

  onFrame(frame: Frame): void {
    if (this.#isClosed || this.#tracks === null || frame.generation !== this.#tracks.generation) return;
    if (frame.kind === 'video') this.#onVideo(frame);
    else this.#collector?.pushAudio(frame);
  }

  onInterrupted(): void {
    this.#endFile();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endFile();
    await Promise.all([...this.#runs].map((run) => run.done));
  }

  #onVideo(frame: Frame): void {
    if (this.#collector !== null && this.#mustEndFile(this.#collector, frame)) this.#endFile(this.#collector.ticksUntil(frame));
    const collector = this.#collector ?? this.#beginFile(frame);
    if (collector === null) return;
    collector.pushVideo(frame);
    const collectedMs = this.#ms(collector.durationTicks);
    const isAtKeyFrame = frame.isKeyFrame && collectedMs >= minFragmentMs;
    if (isAtKeyFrame || collectedMs + this.#ms(collector.lastDurationTicks) > fragmentMs || collector.isFull) this.#writeFragment(collector);
  }

  #mustEndFile(collector: SampleCollector, frame: Frame): boolean {
    if (this.#ms(collector.ticksUntil(frame)) > gapMs) return true;
    if (!frame.isKeyFrame) return false;
    const hasClockJumped = Math.abs(frame.arrivedWallClockMs - frame.arrivedMonotonicMs - this.#clockOffsetMs) > clockJumpMs;
    return hasClockJumped || frame.arrivedMonotonicMs - this.#startedMonotonicMs >= (this.#options.fileMs ?? usualFileMs);
  }

  #beginFile(frame: Frame): SampleCollector | null {
    const video = this.#tracks?.video ?? null;
    if (video === null) return null;
    const mustWait = this.#clock.monotonicMs() < this.#retryAtMs || this.#isDiskSlow;
    if (mustWait || !frame.isKeyFrame) {
      if (this.fault !== null) this.droppedFrames++;
      return null;
    }
    const audio = this.#tracks?.audio ?? null;
    const recordableAudio = audio !== null && isRecordableAudio(audio) ? audio : null;
    this.#clockRateHz = video.clockRateHz;
    this.#startedMonotonicMs = frame.arrivedMonotonicMs;
    this.#clockOffsetMs = frame.arrivedWallClockMs - frame.arrivedMonotonicMs;
    const { store, cameraId, role, onFile } = this.#options;
    const run: RecordingRun = new RecordingRun({
      store,
      clock: this.#clock,
      name: { cameraId, role, fromMs: frame.arrivedWallClockMs },
      init: writeInitSegment(video, recordableAudio),
      timescale: video.clockRateHz,
      onFile,
      onWritten: () => this.#onWritten(),
      onFailed: (error) => this.#onFailed(run, error),
    });
    this.#runs.add(run);
    void run.done.then(() => this.#runs.delete(run));
    this.#run = run;
    this.#collector = new SampleCollector(video, recordableAudio, true);
    return this.#collector;
  }

  #writeFragment(collector: SampleCollector): void {
    const fragment = collector.finishFragment();
    if (fragment === null || this.#run === null) return;
    if (this.#queuedBytes() + fragment.sizeBytes <= maxQueuedBytes) {
      this.#run.push(fragment);
      return;
    }
    fragment.body.release();
    this.#isDiskSlow = true;
    this.#setFault(`the disk does not keep up: ${this.#queuedBytes()} bytes wait`);
    this.#abandonFile();
  }

  /** `lastFrameTicks`: duration of the last frame where it is known, because another one follows. */
  #endFile(lastFrameTicks = 0): void {
    const collector = this.#collector;
    if (collector === null) return;
    collector.endTimeline(lastFrameTicks > 0 && this.#ms(lastFrameTicks) <= gapMs ? lastFrameTicks : collector.lastDurationTicks);
    this.#writeFragment(collector);
    this.#abandonFile();
  }

  /** Ends the file with what was given to it so far. */
  #abandonFile(): void {
    this.#collector?.discard();
    this.#collector = null;
    this.#run?.end();
    this.#run = null;
  }

  #onWritten(): void {
    this.#writtenAtMs = this.#clock.monotonicMs();
    if (this.#isDiskSlow && this.#queuedBytes() > maxQueuedBytes / 2) return;
    this.#isDiskSlow = false;
    if (this.fault === null || this.#clock.monotonicMs() < this.#retryAtMs) return;
    this.fault = null;
    this.#log.info({ cameraId: this.#options.cameraId, role: this.#options.role, droppedFrames: this.droppedFrames }, 'recording.resumed');
    this.#options.onFault(null);
  }

  #onFailed(run: RecordingRun, error: unknown): void {
    this.#retryAtMs = this.#clock.monotonicMs() + retryMs;
    this.#isDiskSlow = false;
    // Without the path, which is another one with every attempt: the same fault is told once.
    this.#setFault((error instanceof Error ? error.message : String(error)).replace(/ '[^']*'$/, ''));
    if (this.#run === run) this.#abandonFile();
  }

  #setFault(detail: string): void {
    if (this.fault?.detail === detail) return;
    this.fault = { sinceMs: this.fault?.sinceMs ?? this.#clock.wallClockMs(), detail };
    this.#log.warn({ cameraId: this.#options.cameraId, role: this.#options.role, detail }, 'recording.failed');
    this.#options.onFault(this.fault);
  }

  #queuedBytes(): number {
    let total = 0;
    for (const run of this.#runs) total += run.queuedBytes;
    return total;
  }

  #ms(ticks: number): number {
    return (ticks * 1000) / this.#clockRateHz;
  }
}
