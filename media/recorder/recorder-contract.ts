/** What a node sees of continuous recording: one store per node, one recorder per recorded stream. */
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';
import type { ObservedStorage, StreamRole } from '../contract/streams.ts';
import type { RecordedFile } from '../contract/recordings.ts';
import type { FrameSink } from '../stream/sink.ts';
import type { RecordingName } from './file-name.ts';

/** A recording file that is being written. */
export interface WritableRecording {
  /** Below the recordings folder, forward slashes. */
  readonly path: string;
  /** Appends all buffers. Rejects when the disk fails; the file is then only good up to the last whole append. */
  append(buffers: readonly Uint8Array[]): Promise<void>;
  /** Rejects when the file is not where it was created any more: deleted, or its volume unmounted. */
  verify(): Promise<void>;
  /** Syncs and closes. Idempotent; rejects when the last bytes may be lost. */
  close(): Promise<void>;
  /** Closes and deletes a file into which nothing whole could be written. */
  discard(): Promise<void>;
}

/** The recordings folder of a node. */
export interface RecordingStore {
  readonly directory: string;
  /** Paths of the files that are being written now. */
  readonly openPaths: ReadonlySet<string>;
  /** Creates a file and the folders above it, but not the recordings folder itself; never opens one that exists. */
  create(name: RecordingName): Promise<WritableRecording>;
  /** Ends the group sync and closes open files. */
  close(): Promise<void>;
}

export interface RecordingStoreOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Why nothing is written at the moment. */
export interface RecordingFault {
  readonly sinceMs: number;
  /** In words for the log, such as `ENOSPC: no space left on device, write`. */
  readonly detail: string;
}

export interface RecorderOptions {
  readonly store: RecordingStore;
  readonly cameraId: string;
  readonly role: StreamRole;
  /** The first key frame after so long begins another file; absent: ten minutes. */
  readonly fileMs?: number;
  readonly clock: Clock;
  /** On opening (first fragment written), about every 5 s while growing, and on closing. */
  readonly onFile: (file: RecordedFile) => void;
  /** A fault began, changed or (null) ended. */
  readonly onFault: (fault: RecordingFault | null) => void;
  readonly log: Logger;
}

/** Records one stream. A sink of its hub, added with `next-key-frame` or `cached-group`. */
export interface Recorder extends FrameSink {
  readonly fault: RecordingFault | null;
  /** True while video reaches the disk: measured by the newest write, not by the intention. */
  readonly isRecording: boolean;
  /** Frames dropped because the disk did not keep up, or failed. */
  readonly droppedFrames: number;
  /** Writes what is pending, closes the file. Idempotent. */
  close(): Promise<void>;
}

/** Keeps the folder within age and quota. */
export interface RetentionRunnerOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly quotaBytes: number;
  /** Between two runs; absent: a minute. Each run leaves room for what is recorded until the next. */
  readonly runEveryMs?: number;
  /** The files known at the moment, of all cameras. */
  readonly files: () => Iterable<RecordedFile>;
  /** Null for a camera that is not recorded any more: its files stay until the quota takes them. */
  readonly retentionDays: (cameraId: string) => number | null;
  readonly onDeleted: (file: RecordedFile, cause: 'retention' | 'quota' | 'vanished') => void;
  readonly log: Logger;
}

export interface RetentionRunner {
  /** Also runs by itself, see `runEveryMs`. */
  runNow(): Promise<void>;
  observe(): Promise<ObservedStorage>;
  stop(): Promise<void>;
}
