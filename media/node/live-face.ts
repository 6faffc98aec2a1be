/** Live playlists, segments and snapshots over HTTP. */
import type { VideoRendition } from '../contract/media-api.ts';
import type { StreamRole } from '../contract/streams.ts';
import type { MediaOutcome, PlaylistOutcome } from '../hls/packager-contract.ts';
import { thumbnailWidths } from '../inspect/picture-format.ts';
import type { SnapshotMaker } from '../inspect/snapshot-maker.ts';
import type { AdmittedRequest } from './admitted-request.ts';
import { answerWithBuffer, answerWithBuffers } from './byte-answer.ts';
import { writeHead, type HeaderList } from './cross-origin.ts';
import type { Answer, Refusal } from './problem.ts';
import { compressText } from './text-compression.ts';
import { parseRendition, refuseWithoutPicture, type FindStream } from './watched-stream.ts';

export interface LiveFaceOptions {
  readonly stream: FindStream;
  readonly snapshots: SnapshotMaker;
}

const malformedRendition: Refusal = { code: 'bad-request', detail: 'video is h264 or absent' };

/** Handlers answer, or return the refusal to be written. */
export class LiveFace {
  readonly #options: LiveFaceOptions;

  constructor(options: LiveFaceOptions) {
    this.#options = options;
  }

  async playlist(admitted: AdmittedRequest, cameraId: string, role: StreamRole): Promise<Refusal | null> {
    const video = parseRendition(admitted.query);
    if (video === 'malformed') return malformedRendition;
    const stream = this.#options.stream(cameraId, role, video);
    if (stream === null) return { code: 'stream-unknown' };
    const { query, ticketText } = admitted;
    const msn = parseCount(query.get('_HLS_msn'));
    const part = parseCount(query.get('_HLS_part'));
    if (msn === 'malformed' || part === 'malformed') return { code: 'bad-request', detail: '_HLS_msn and _HLS_part are whole numbers' };
    const packager = stream.hlsFor(ticketText);
    if (msn === null) {
      // A fresh viewer of a broken stream is told so, rather than shown what is left of it.
      const picture = await stream.waitForPicture();
      if (!picture.ok) return refuseWithoutPicture(picture);
    }
    const skip = query.get('_HLS_skip');
    const outcome: PlaylistOutcome = await packager.playlist({ msn, part, skip: skip === 'YES' || skip === 'v2', ticket: ticketText });
    switch (outcome.kind) {
      case 'playlist':
        writePlaylist(admitted, withRendition(outcome.text, video));
        return null;
      case 'bad-request':
        return { code: 'bad-request', detail: outcome.detail };
      case 'unavailable':
        return refuseWithoutPicture(stream.observe());
      case 'too-many-waiters':
        return { code: 'too-many-viewers', retryAfterSeconds: 2 };
    }
  }

  /** Without a promise where the media is there: this is what viewers ask for most. */
  media(admitted: AdmittedRequest, cameraId: string, role: StreamRole, name: string): Answer {
    const video = parseRendition(admitted.query);
    if (video === 'malformed') return malformedRendition;
    const stream = this.#options.stream(cameraId, role, video);
    if (stream === null) return { code: 'stream-unknown' };
    const write = (outcome: MediaOutcome): Refusal | null => {
      switch (outcome.kind) {
        case 'media':
          writeMedia(admitted, outcome, name);
          return null;
        case 'not-found':
          return { code: 'not-found' };
        case 'unavailable':
          return refuseWithoutPicture(stream.observe());
        case 'too-many-waiters':
          return { code: 'too-many-viewers', retryAfterSeconds: 2 };
      }
    };
    const outcome = stream.hlsFor(admitted.ticketText).media(name);
    return outcome instanceof Promise ? outcome.then(write) : write(outcome);
  }

  async snapshot(admitted: AdmittedRequest, cameraId: string, role: StreamRole): Promise<Refusal | null> {
    const stream = this.#options.stream(cameraId, role, null);
    if (stream === null) return { code: 'stream-unknown' };
    const width = parseWidth(admitted.query.get('width'));
    if (width === 'malformed') return { code: 'bad-request', detail: `width is one of ${thumbnailWidths.join(', ')}` };
    const release = stream.acquire();
    try {
      const picture = await stream.waitForPicture();
      if (!picture.ok) return refuseWithoutPicture(picture);
      const outcome = await this.#options.snapshots.take(stream.hub, width);
      switch (outcome.kind) {
        case 'picture':
          answerWithBuffer(admitted, outcome.jpeg, {
            contentType: 'image/jpeg',
            // A picture asked for again is asked for anew; if it is still the same, 304 says so.
            cacheControl: 'private, no-cache',
            etag: `"${outcome.arrivedAtMs}"`,
            lastModifiedMs: outcome.arrivedAtMs,
          });
          return null;
        case 'no-key-frame':
          return refuseWithoutPicture({ reason: 'no-key-frame' });
        case 'busy':
          return { code: 'too-many-viewers', detail: 'Too many snapshots wait already', retryAfterSeconds: 2 };
        case 'impossible':
          return { code: 'snapshot-unavailable', detail: outcome.detail };
      }
    } finally {
      release();
    }
  }
}

/** Everything a playlist of a rendition lists is of that rendition. */
function withRendition(text: string, video: VideoRendition | null): string {
  return video === null ? text : text.replaceAll('?ticket=', `?video=${video}&ticket=`);
}

function parseCount(text: string | null): number | null | 'malformed' {
  if (text === null) return null;
  return /^\d{1,15}$/.test(text) ? Number(text) : 'malformed';
}

function parseWidth(text: string | null): number | null | 'malformed' {
  if (text === null) return null;
  return thumbnailWidths.find((width) => String(width) === text) ?? 'malformed';
}

/**
 * A live playlist is never stored and has no validator: it has changed before anybody asks for the same URL again. The draft's
 * caching advice (blocking reloads for six target durations) is for caches that many viewers share; here every URL has the
 * ticket of one viewer, who asks for each once.
 */
function writePlaylist(admitted: AdmittedRequest, text: string): void {
  const { request, response } = admitted;
  const { body, isCompressed } = compressText(text, request.headers['accept-encoding']);
  const headers: HeaderList = [
    'Content-Type',
    'application/vnd.apple.mpegurl',
    'Content-Length',
    String(body.length),
    'Cache-Control',
    'no-store',
    'Vary',
    'Accept-Encoding',
  ];
  if (isCompressed) headers.push('Content-Encoding', 'gzip');
  writeHead(response, 200, headers);
  if (request.method === 'HEAD') response.end();
  else response.end(body);
}

/** Writes views on slabs; they are held until the response has left or was given up. */
function writeMedia(admitted: AdmittedRequest, media: MediaOutcome & { readonly kind: 'media' }, name: string): void {
  const { request, response } = admitted;
  if (response.destroyed || request.method === 'HEAD') media.release();
  else response.once('close', () => media.release());
  answerWithBuffers(admitted, request.method === 'HEAD' ? [] : media.buffers, {
    contentType: media.contentType,
    // A name never changes its content; the ticket in the URL keeps it private. It can be had for about so long (RFC 8216bis §6.2.2).
    cacheControl: 'private, max-age=30, immutable',
    etag: `"${name}"`,
    lastModifiedMs: null,
    sizeBytes: media.sizeBytes,
  });
}
