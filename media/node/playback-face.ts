/** Recordings over HTTP: VOD playlists, their fragments, and a span as one file. The ticket's span is the limit of everything. */
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PlaybackReader, PlaybackSpan } from '../playback/playback-contract.ts';
import { isGone, type AdmittedRequest } from './admitted-request.ts';
import { chunkMs } from './answer-deadlines.ts';
import { answerWithBuffer, beginAnswer } from './byte-answer.ts';
import type { Refusal } from './problem.ts';
import { compressText } from './text-compression.ts';

/** Every use asks the node, which looks at the ticket; what the browser has already is not sent again. */
const cacheControl = 'private, no-cache';

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
    writePlaylist(admitted, outcome.text);
    return null;
  }

  async media(admitted: AdmittedRequest, cameraId: string, file: string, name: string): Promise<Refusal | null> {
    const span = ticketSpan(admitted, cameraId);
    if (span === null) return { code: 'ticket-right-missing' };
    const outcome = await this.#reader.media(span, file, name);
    if (outcome.kind === 'not-found') return { code: 'recording-not-found' };
    // Neither a recorded fragment nor the head of a file ever changes.
    answerWithBuffer(admitted, outcome.bytes, { contentType: outcome.contentType, cacheControl, etag: `"${file}/${name}"`, lastModifiedMs: null });
    return null;
  }

  async video(admitted: AdmittedRequest, cameraId: string): Promise<Refusal | null> {
    const span = spanOf(admitted, cameraId);
    if (span === null) return { code: 'bad-request', detail: 'from and to are milliseconds since 1970, from before to' };
    const { request, response, deadlines } = admitted;
    const outcome = await this.#reader.video(span);
    if (outcome.kind === 'not-found') return { code: 'recording-not-found' };
    if (outcome.kind === 'several-parameter-sets') {
      const parts = outcome.parts.map((part) => `${part.fromMs}-${part.toMs}`).join(', ');
      return { code: 'bad-request', detail: `The picture's parameters change within this span; ask for each part alone: ${parts}` };
    }
    const { contentType, sizeBytes, revision } = outcome;
    const bytes = beginAnswer(admitted, { contentType, cacheControl, sizeBytes, etag: `"${revision}"`, lastModifiedMs: null });
    if (bytes === null || isGone(response)) return null;
    const onChunk = (): void => {
      if (request.httpVersionMajor === 2) deadlines.set(response, chunkMs);
    };
    try {
      await pipeline(Readable.from(cut(outcome.chunks, bytes.start, bytes.end, onChunk)), response);
    } catch (error) {
      // A viewer that seeks or leaves closes the connection in the middle; that is how it says enough.
      if (!isGone(response)) throw error;
    }
    return null;
  }
}

/** The bytes from `start` to `end` of what `chunks` yields. `onChunk`: the reader took what it was given before. */
async function* cut(chunks: AsyncIterable<Buffer>, start: number, end: number, onChunk: () => void): AsyncGenerator<Buffer> {
  let offset = 0;
  for await (const chunk of chunks) {
    onChunk();
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

/** The text is its own validator: while a recording grows, so does its playlist. */
function writePlaylist(admitted: AdmittedRequest, text: string): void {
  const { body, isCompressed } = compressText(text, admitted.request.headers['accept-encoding']);
  answerWithBuffer(admitted, body, {
    contentType: 'application/vnd.apple.mpegurl',
    cacheControl,
    etag: `"${hash('sha1', text, 'base64url')}${isCompressed ? '-gzip' : ''}"`,
    lastModifiedMs: null,
    coding: isCompressed ? 'gzip' : 'none',
  });
}
