/** Live playlists, segments and snapshots over HTTP. */
import type { ServerResponse } from 'node:http';
import type { VideoRendition } from '../contract/media-api.ts';
import type { StreamRole } from '../contract/streams.ts';
import type { MediaOutcome, PlaylistOutcome } from '../hls/packager-contract.ts';
import { thumbnailWidths } from '../inspect/picture-format.ts';
import type { SnapshotMaker } from '../inspect/snapshot-maker.ts';
import type { AdmittedRequest } from './admitted-request.ts';
import type { Refusal } from './problem.ts';
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
    const { query, ticketText, response, request } = admitted;
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
        writeWhole(response, 'application/vnd.apple.mpegurl', Buffer.from(withRendition(outcome.text, video)), 'no-cache', request.method !== 'HEAD');
        return null;
      case 'bad-request':
        return { code: 'bad-request', detail: outcome.detail };
      case 'unavailable':
        return unavailable(stream.observe().reason);
      case 'too-many-waiters':
        return { code: 'too-many-viewers', retryAfterSeconds: 2 };
    }
  }

  async media(admitted: AdmittedRequest, cameraId: string, role: StreamRole, name: string): Promise<Refusal | null> {
    const video = parseRendition(admitted.query);
    if (video === 'malformed') return malformedRendition;
    const stream = this.#options.stream(cameraId, role, video);
    if (stream === null) return { code: 'stream-unknown' };
    const outcome: MediaOutcome = await stream.hlsFor(admitted.ticketText).media(name);
    switch (outcome.kind) {
      case 'media':
        writeBuffers(admitted, outcome);
        return null;
      case 'not-found':
        return { code: 'not-found' };
      case 'unavailable':
        return unavailable(stream.observe().reason);
      case 'too-many-waiters':
        return { code: 'too-many-viewers', retryAfterSeconds: 2 };
    }
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
          admitted.response.setHeader('Last-Modified', new Date(outcome.arrivedAtMs).toUTCString());
          writeWhole(admitted.response, 'image/jpeg', outcome.jpeg, 'no-cache', admitted.request.method !== 'HEAD');
          return null;
        case 'no-key-frame':
          return unavailable('no-key-frame');
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

function unavailable(reason: string | null): Refusal {
  return { code: 'stream-unavailable', retryAfterSeconds: 2, ...(reason === null ? {} : { reason }) };
}

function parseCount(text: string | null): number | null | 'malformed' {
  if (text === null) return null;
  return /^\d{1,15}$/.test(text) ? Number(text) : 'malformed';
}

function parseWidth(text: string | null): number | null | 'malformed' {
  if (text === null) return null;
  return thumbnailWidths.find((width) => String(width) === text) ?? 'malformed';
}

function writeWhole(response: ServerResponse, contentType: string, body: Buffer, cacheControl: string, hasBody: boolean): void {
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': body.length, 'Cache-Control': cacheControl });
  response.end(hasBody ? body : undefined);
}

/** Writes views on slabs; they are held until the response has left or was given up. */
function writeBuffers(admitted: AdmittedRequest, media: MediaOutcome & { readonly kind: 'media' }): void {
  const { request, response } = admitted;
  if (response.destroyed || request.method === 'HEAD') media.release();
  else response.once('close', () => media.release());
  // A name never changes its content; the ticket in the URL keeps it private.
  response.writeHead(200, { 'Content-Type': media.contentType, 'Content-Length': media.sizeBytes, 'Cache-Control': 'private, max-age=60' });
  if (request.method === 'HEAD' || response.destroyed) {
    response.end();
    return;
  }
  response.cork();
  for (const buffer of media.buffers) response.write(buffer);
  response.end();
  response.uncork();
}
