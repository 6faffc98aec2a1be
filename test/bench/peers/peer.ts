/** Another program at the same work as the media node's ingest, to be measured beside it. */

/** How far one camera of a peer has come. */
export interface CameraProgress {
  readonly frames: number;
  /** `performance.now()` of when that was so. */
  readonly atMs: number;
}

/** A running peer that pulls all cameras. */
export interface Peer {
  /** Its main processes; what is below them counts too. */
  readonly pids: readonly number[];
  /** Camera by camera; 0 frames while it has none. */
  progress(): Promise<readonly CameraProgress[]>;
  /** Ends its processes and removes what it wrote. */
  close(): Promise<void>;
}

/** What a peer is asked to do. */
export interface PeerTask {
  readonly cameras: number;
  /** Without credentials; the same for every call. */
  readonly url: (camera: number) => string;
}
