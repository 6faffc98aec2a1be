/** What the HTTP face of a node sees of playback. */
import type { StreamRole } from '../contract/streams.ts';

/** Part of a camera's recordings; wall clock of the node, ms since 1970, `fromMs` inclusive, `toMs` exclusive. */
export interface PlaybackSpan {
  readonly cameraId: string;
  readonly role: StreamRole;
  readonly fromMs: number;
  readonly toMs: number;
}

export type PlaybackPlaylistOutcome = { readonly kind: 'playlist'; readonly text: string } | { readonly kind: 'not-found' };

export type PlaybackMediaOutcome =
  | { readonly kind: 'media'; readonly contentType: 'video/mp4'; readonly bytes: Buffer }
  /** No such file, no such fragment, or outside the span. */
  | { readonly kind: 'not-found' };

export type PlaybackVideoOutcome =
  | {
      readonly kind: 'video';
      readonly contentType: 'video/mp4';
      readonly sizeBytes: number;
      /** The same for the same bytes; letters, digits, `-` and `_`. */
      readonly revision: string;
      /** Reads the disk only as fast as it is consumed: `Readable.from(chunks)` or `for await`. */
      readonly chunks: AsyncIterable<Buffer>;
    }
  /** The picture's parameters changed within the span: ask for each part alone. */
  | { readonly kind: 'several-parameter-sets'; readonly parts: readonly { readonly fromMs: number; readonly toMs: number }[] }
  | { readonly kind: 'not-found' };

export interface PlaybackReader {
  /** VOD playlist. URIs are relative: `{file}/init.mp4?ticket=` and `{file}/{from}-{to}.m4s?ticket=` below `/playback/{cameraId}/`. */
  playlist(span: PlaybackSpan, ticket: string): Promise<PlaybackPlaylistOutcome>;
  /** `file` and `name` are the last two parts of the URL path; `span` is the one of the ticket, whatever a playlist was narrowed to. */
  media(span: PlaybackSpan, file: string, name: string): Promise<PlaybackMediaOutcome>;
  /** The span as one fragmented MP4. */
  video(span: PlaybackSpan): Promise<PlaybackVideoOutcome>;
}
