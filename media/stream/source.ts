/** Where frames come from: an upstream connection of one camera stream, used once. */
import type { NoPictureReason } from '../contract/streams.ts';
import type { Frame, StreamTracks } from './frame.ts';

/** Receives what a source produces. Calls are synchronous. */
export interface SourceListener {
  onTracks(tracks: StreamTracks): void;
  /** Borrows `frame`. */
  onFrame(frame: Frame): void;
  /** RTP packets missed since the last call. */
  onLoss(packets: number): void;
  /** The connection is over; called once, nothing follows. `detail` is for the log and free of secrets; `fault`: a bug of ours is the cause. */
  onEnded(reason: NoPictureReason | 'stopped', detail: string, fault?: unknown): void;
}

/** One attempt to pull a stream. */
export interface StreamSource {
  /** Idempotent; resolves when sockets and timers are gone. */
  stop(): Promise<void>;
}
