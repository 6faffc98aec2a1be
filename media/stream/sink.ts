/** What a hub feeds: HLS packager, recorder, WebRTC packetizer, WebSocket, inspector. */
import type { Frame, StreamTracks } from './frame.ts';

/**
 * A consumer of one stream. Calls are synchronous, never throw, and never wait: a sink with slow output keeps a bounded
 * queue of its own, drops to the next key frame on overflow and counts it.
 */
export interface FrameSink {
  /** Before the first frame, and whenever the generation changes. */
  onTracks(tracks: StreamTracks): void;
  /** Borrows `frame`: call `frame.slab.retain()` to keep it beyond the call. */
  onFrame(frame: Frame): void;
  /** The upstream connection ended; frames may come again later, after another `onTracks`. */
  onInterrupted(): void;
}

/** Where a new sink starts: with the cached frames since the last key frame, or with the next key frame. */
export type SinkStart = 'cached-group' | 'next-key-frame';

/** Fans frames of one stream out to its sinks, and caches the newest group of pictures. */
export interface StreamHub {
  readonly tracks: StreamTracks | null;
  /**
   * Adds a sink, gives it tracks and (with `cached-group`) cached frames at once; returns the removal. `onExpelled`: the sink threw and was
   * removed, perhaps before this returns.
   */
  addSink(sink: FrameSink, start: SinkStart, onExpelled?: () => void): () => void;
}
