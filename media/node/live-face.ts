/** Live playlists, segments and snapshots over HTTP. */
import type { VideoRendition } from '../contract/media-api.ts';
import type { StreamRole } from '../contract/streams.ts';
import type { MediaOutcome, PlaylistOutcome } from '../hls/packager-contract.ts';
import { thumbnailWidths } from '../inspect/picture-format.ts';
import type { SnapshotMaker } from '../inspect/snapshot-maker.ts';
import { isGone, type AdmittedRequest } from './admitted-request.ts';
import { leasedAnswerMs } from './answer-deadlines.ts';
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
  #leasedBytes = 0;

  constructor(options: LiveFaceOptions) {
    this.#options = options;
  }

  /** Bytes of media in slabs that answers under way hold; what two answers hold counts twice. */
  get leasedBytes(): number {
    return this.#leasedBytes;
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
    const { personId } = admitted.ticket;
    // All this may take longer than a viewer may be quiet.
    const leave = stream.holdHls(personId);
    try {
      if (msn === null) {
        // Packing begins with the first picture, not with the answer about it.
        stream.hlsFor(personId);
        // A fresh viewer of a broken stream is told so, rather than shown what is left of it.
        const picture = await stream.waitForPicture();
        if (!picture.ok) return refuseWithoutPicture(picture);
      }
      const skip = query.get('_HLS_skip');
      const isDelta = skip === 'YES' || skip === 'v2';
      const outcome: PlaylistOutcome = await stream.hlsFor(personId).playlist({ msn, part, skip: isDelta, ticket: ticketText });
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
    } finally {
      leave();
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
          this.#writeMedia(admitted, outcome, name);
          return null;
        case 'not-found':
          return { code: 'not-found' };
        case 'unavailable':
          return refuseWithoutPicture(stream.observe());
        case 'too-many-waiters':
          return { code: 'too-many-viewers', retryAfterSeconds: 2 };
      }
    };
    const outcome = stream.hlsFor(admitted.ticket.personId).media(name);
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

  /** Writes views on slabs; they are held until the response has left or was given up. */
  #writeMedia(admitted: AdmittedRequest, media: MediaOutcome & { readonly kind: 'media' }, name: string): void {
    const { request, response, deadlines } = admitted;
    const { sizeBytes } = media;
    if (isGone(response)) {
      media.release();
      return;
    }
    if (request.method === 'HEAD') {
      media.release();
    } else {
      this.#leasedBytes += sizeBytes;
      response.once('close', () => {
        this.#leasedBytes -= sizeBytes;
        media.release();
      });
      deadlines.set(response, leasedAnswerMs);
    }
    answerWithBuffers(admitted, request.method === 'HEAD' ? [] : media.buffers, {
      contentType: media.contentType,
      // A name never changes its content; the ticket in the URL keeps it private. It can be had for about so long (RFC 8216bis §6.2.2).
      cacheControl: 'private, max-age=30, immutable',
      etag: `"${name}"`,
      lastModifiedMs: null,
      sizeBytes,
    });
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
