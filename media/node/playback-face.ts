/** Recordings over HTTP: VOD playlists, their fragments, and a span as one file. The ticket's span is the limit of everything. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PlaybackReader, PlaybackSpan } from '../playback/playback-contract.ts';
import { parseByteRange } from './byte-range.ts';
import type { AdmittedRequest } from './admitted-request.ts';
import type { Refusal } from './problem.ts';

export class PlaybackFace {
  readonly #reader: PlaybackReader;

  constructor(reader: PlaybackReader) {
    this.#reader = reader;
  }

  async playlist(admitted: AdmittedRequest, cameraId: string): Promise<Refusal | null> {
    const span = spanOf(admitted, cameraId);
    if (span === null) return { code: 'bad-request', detail: 'from and to are milliseconds since 1970, from before to' };
    const outcome = await this.#reader.playlist(span, admitted.ticketText);
    if (outcome.kind === 'not-found') return { code: 'recording-not-found' };
    writeBytes(admitted, 'application/vnd.apple.mpegurl', Buffer.from(outcome.text));
    return null;
  }

  async media(admitted: AdmittedRequest, cameraId: string, file: string, name: string): Promise<Refusal | null> {
    const span = ticketSpan(admitted, cameraId);
    if (span === null) return { code: 'ticket-right-missing' };
    const outcome = await this.#reader.media(span, file, name);
    if (outcome.kind === 'not-found') return { code: 'recording-not-found' };
    writeBytes(admitted, outcome.contentType, outcome.bytes);
    return null;
  }

  async video(admitted: AdmittedRequest, cameraId: string): Promise<Refusal | null> {
    const span = spanOf(admitted, cameraId);
    if (span === null) return { code: 'bad-request', detail: 'from and to are milliseconds since 1970, from before to' };
    const { request, response } = admitted;
    const outcome = await this.#reader.video(span);
    if (outcome.kind === 'not-found') return { code: 'recording-not-found' };
    if (outcome.kind === 'several-parameter-sets') {
      const parts = outcome.parts.map((part) => `${part.fromMs}-${part.toMs}`).join(', ');
      return { code: 'bad-request', detail: `The picture's parameters change within this span; ask for each part alone: ${parts}` };
    }
    const range = parseByteRange(request.headers.range, outcome.sizeBytes);
    response.setHeader('Accept-Ranges', 'bytes');
    response.setHeader('Cache-Control', 'private, no-cache');
    if (range.kind === 'unsatisfiable') {
      response.writeHead(416, { 'Content-Range': `bytes */${outcome.sizeBytes}`, 'Content-Length': 0 });
      response.end();
      return null;
    }
    const start = range.kind === 'part' ? range.start : 0;
    const end = range.kind === 'part' ? range.end : outcome.sizeBytes;
    response.writeHead(range.kind === 'part' ? 206 : 200, {
      'Content-Type': outcome.contentType,
      'Content-Length': end - start,
      ...(range.kind === 'part' ? { 'Content-Range': `bytes ${start}-${end - 1}/${outcome.sizeBytes}` } : {}),
    });
    if (request.method === 'HEAD') {
      response.end();
      return null;
    }
    try {
      await pipeline(Readable.from(cut(outcome.chunks, start, end)), response);
    } catch (error) {
      // A viewer that seeks or leaves closes the connection in the middle; that is how it says enough.
      if (!response.destroyed) throw error;
    }
    return null;
  }
}

/** The bytes from `start` to `end` of what `chunks` yields. */
async function* cut(chunks: AsyncIterable<Buffer>, start: number, end: number): AsyncGenerator<Buffer> {
  let offset = 0;
  for await (const chunk of chunks) {
    const chunkEnd = offset + chunk.length;
    if (chunkEnd > start) yield chunk.subarray(Math.max(0, start - offset), Math.min(chunk.length, end - offset));
    offset = chunkEnd;
    if (offset >= end) return;
  }
}

function ticketSpan(admitted: AdmittedRequest, cameraId: string): PlaybackSpan | null {
  const { playback, role } = admitted.ticket;
  return playback === null ? null : { cameraId, role: role ?? 'main', fromMs: playback.fromMs, toMs: playback.toMs };
}

/** The ticket's span, narrowed by `from` and `to` of the query; null when these make no sense. */
function spanOf(admitted: AdmittedRequest, cameraId: string): PlaybackSpan | null {
  const span = ticketSpan(admitted, cameraId);
  if (span === null) return null;
  const fromMs = parseMoment(admitted.query.get('from'), span.fromMs);
  const toMs = parseMoment(admitted.query.get('to'), span.toMs);
  if (fromMs === null || toMs === null) return null;
  const narrowed = { ...span, fromMs: Math.max(span.fromMs, fromMs), toMs: Math.min(span.toMs, toMs) };
  return narrowed.fromMs < narrowed.toMs ? narrowed : null;
}

function parseMoment(text: string | null, otherwise: number): number | null {
  if (text === null) return otherwise;
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function writeBytes(admitted: AdmittedRequest, contentType: string, body: Buffer): void {
  const { request, response } = admitted;
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': body.length, 'Cache-Control': 'private, no-cache' });
  response.end(request.method === 'HEAD' ? undefined : body);
}
