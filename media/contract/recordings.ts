/** What a media node tells the control plane about its recorded files. The files are the truth; everything here can be rebuilt by a scan. */
import type { StreamRole } from './streams.ts';

/** One recorded file: an unbroken run of video. Times are wall clock of the node, ms since 1970. */
export interface RecordedFile {
  /** Path below the recordings folder, with forward slashes; unique within the node. */
  readonly path: string;
  readonly cameraId: string;
  readonly role: StreamRole;
  readonly fromMs: number;
  /** End of the last whole fragment. Grows while the file is open. */
  readonly toMs: number;
  readonly sizeBytes: number;
  readonly isOpen: boolean;
}

/** Sent whole for one camera after every link-up: replaces what the server knew of this camera on this node. */
export interface RecordingInventory {
  readonly cameraId: string;
  readonly files: readonly RecordedFile[];
}
