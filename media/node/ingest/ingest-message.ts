/**
 * What main thread and ingest workers say to each other. A post is a list of messages in the order in which things happened; all of it
 * survives a structured clone. `media/node/ingest-workers.md` tells the rules.
 */
import type { DesiredStream, ObservedStream } from '../../contract/streams.ts';
import type { StreamTracks } from '../../stream/frame.ts';

/** A stream in the order to open it. */
export interface StreamOrder {
  /** Names it between the threads; never used again. */
  readonly streamId: number;
  /** With its credentials: the worker needs them, and nothing that comes back contains them. */
  readonly desired: DesiredStream;
  readonly lingerMs: number;
  readonly viewers: number;
  readonly startsAfter: { readonly originMonotonicMs: number; readonly generation: number };
}

/** To a worker. Orders for streams it does not have are left alone. */
export type WorkerOrder =
  | { readonly kind: 'open'; readonly stream: StreamOrder }
  /** One viewer more. */
  | { readonly kind: 'acquire'; readonly streamId: number }
  /** One viewer less. */
  | { readonly kind: 'release'; readonly streamId: number }
  | { readonly kind: 'update'; readonly streamId: number; readonly desired: DesiredStream }
  | { readonly kind: 'close'; readonly streamId: number }
  | { readonly kind: 'slot-granted'; readonly slotId: number }
  /** Pairs: slab, frames that had come of it when its last holder let go. */
  | { readonly kind: 'slabs-returned'; readonly pairs: Float64Array<ArrayBuffer> };

/** A report on one stream. `answered`: how many orders for it the worker has followed, the opening included. */
export interface StreamReport {
  readonly streamId: number;
  readonly answered: number;
  readonly observed: ObservedStream;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** From a worker. */
export type WorkerMessage =
  /** New memory; frames in it follow. */
  | { readonly kind: 'slab'; readonly slabId: number; readonly memory: SharedArrayBuffer }
  /** Memory that nobody holds, and that will not be used again. */
  | { readonly kind: 'slab-dropped'; readonly slabId: number }
  | { readonly kind: 'tracks'; readonly streamId: number; readonly tracks: StreamTracks }
  /** See `frame-batch.ts`. */
  | { readonly kind: 'frames'; readonly fields: Float64Array<ArrayBuffer> }
  | { readonly kind: 'interrupted'; readonly streamId: number }
  /** Empty: a sign of life. */
  | { readonly kind: 'reports'; readonly reports: readonly StreamReport[] }
  /** Sockets and timers of the stream are gone. */
  | { readonly kind: 'closed'; readonly streamId: number }
  | { readonly kind: 'slot-wanted'; readonly slotId: number; readonly deviceId: string | null; readonly failures: number }
  | { readonly kind: 'slot-released'; readonly slotId: number }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly fields: object; readonly event: string };

/**
 * Tracks whose byte strings stand alone. On the way out: a clone takes the whole memory behind a view along. On the way in: a `Buffer` arrives as a
 * plain `Uint8Array`. *Copies*.
 */
export function copyTracks(tracks: StreamTracks): StreamTracks {
  const { video, audio } = tracks;
  return {
    ...tracks,
    video: video === null ? null : { ...video, vps: video.vps.map(copyBytes), sps: video.sps.map(copyBytes), pps: video.pps.map(copyBytes) },
    audio: audio === null ? null : { ...audio, config: copyBytes(audio.config) },
  };
}

function copyBytes(bytes: Uint8Array): Buffer {
  return Buffer.from(new Uint8Array(bytes).buffer);
}
