/** What every way of playing has in common: it is opened once, says how it goes, and is closed once. */
import type { CameraState, LiveTicket } from '../../server/contract/cameras.ts';
import type { PlayFailure, PlayFailureCode } from './live-machine.ts';

/**
 * The node says that the camera is gone; the way of playing stays open for it. `reason` null: not known yet. `code`: it is the node that
 * cannot make a picture of the camera's at the moment.
 */
export interface Interruption {
  readonly reason: CameraState['reason'];
  readonly code?: PlayFailureCode;
}

/** What could not keep up: the network between node and page, or the page itself. */
export type SlowPart = 'network' | 'page';

/** Tells its owner how it goes. After `close()` nothing is told any more. */
export interface DriverListener {
  firstFrame(): void;
  /** Its owner closes it, unless the failure is one of `bandwidth` and no other way would do better: then it goes on. */
  failed(failure: PlayFailure): void;
  /** The camera is gone, told before the picture shows it; null: it is back. */
  interrupted(interruption: Interruption | null): void;
  /** This viewer was too slow and went on with a later key frame; `skips`: how often so far by this driver. */
  fellBehind(part: SlowPart, skips: number): void;
}

/** What came in since a driver was opened, for rates between two looks. */
export interface ReceivedTotals {
  readonly bytes: number;
  /** RTP packets that came and that did not; null where TCP repeats what gets lost. */
  readonly packets: { readonly received: number; readonly lost: number } | null;
  /** Round trip to the node, ms; null where nobody measures it. */
  readonly roundTripMs: number | null;
}

export interface LiveDriver {
  /** Starts. Failures go to the listener, never out of here. */
  open(): void;
  /** Ends and lets go of everything; idempotent. The video element is left empty. */
  close(): void;
  /** When the picture on screen arrived at the node, ms since 1970 by the node's clock; null while unknown. */
  pictureArrivedAtMs(): number | null;
  /** `performance.now()` of the newest frame shown; null before the first. */
  newFrameAtMs(): number | null;
  /** What came in so far; null where the browser does not tell. */
  received(): Promise<ReceivedTotals | null>;
}

export interface DriverOptions {
  readonly video: HTMLVideoElement;
  /** A ticket with life left in it; asked anew for every request that needs one. */
  readonly ticket: () => Promise<LiveTicket>;
  readonly listener: DriverListener;
  /** As the node is asked to transcode it; null as the camera sends it. */
  readonly rendition: 'h264' | null;
}

/** Longest wait for a first frame: an on-demand stream is pulled first, and waits for the camera's next key frame. */
export const firstFrameTimeoutMs = 12_000;

/** Watches the frames a video element shows. The answer ends the watch. */
export function watchFrames(video: HTMLVideoElement, onFrame: (metadata: VideoFrameCallbackMetadata) => void): () => void {
  let handle = 0;
  const next: VideoFrameRequestCallback = (_now, metadata) => {
    onFrame(metadata);
    handle = video.requestVideoFrameCallback(next);
  };
  handle = video.requestVideoFrameCallback(next);
  return () => video.cancelVideoFrameCallback(handle);
}

/** The URL of a rendition of the stream. */
export function withRendition(url: string, rendition: 'h264' | null): string {
  if (rendition === null) return url;
  const parsed = new URL(url);
  parsed.searchParams.set('video', rendition);
  return parsed.href;
}

/** The URL with the newest ticket in place of the one it came with. */
export function withTicket(url: string, ticket: string): string {
  const parsed = new URL(url);
  parsed.searchParams.set('ticket', ticket);
  return parsed.href;
}
