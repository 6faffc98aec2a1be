/** WHEP over HTTP (RFC 9725): offers in, answers out, sessions ended. */
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { StreamRole } from '../contract/streams.ts';
import type { WebRtcEngine, WebRtcSession } from '../webrtc/engine.ts';
import { maxOfferBytes } from '../webrtc/whep-offer.ts';
import type { AdmittedRequest } from './admitted-request.ts';
import type { Refusal } from './problem.ts';
import { parseRendition, refuseWithoutPicture, type FindStream } from './watched-stream.ts';

export interface WhepFaceOptions {
  readonly stream: FindStream;
  readonly engine: WebRtcEngine;
  readonly log: Logger;
}

interface OpenSession {
  readonly session: WebRtcSession;
  readonly cameraId: string;
  readonly personId: string;
}

export class WhepFace {
  readonly #options: WhepFaceOptions;
  readonly #sessions = new Map<string, OpenSession>();

  constructor(options: WhepFaceOptions) {
    this.#options = options;
  }

  /** `POST …/whep` */
  async offer(admitted: AdmittedRequest, cameraId: string, role: StreamRole): Promise<Refusal | null> {
    const { request, response, query, ticket, ticketText } = admitted;
    const contentType = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
    if (contentType !== 'application/sdp') return { code: 'bad-request', detail: 'The offer must be application/sdp' };
    const offerSdp = await readText(request, maxOfferBytes);
    if (offerSdp === null) return { code: 'payload-too-large' };
    const video = parseRendition(query);
    if (video === 'malformed') return { code: 'bad-request', detail: 'video is h264 or absent' };
    const stream = this.#options.stream(cameraId, role, video);
    if (stream === null) return { code: 'stream-unknown' };
    const release = stream.acquire();
    const picture = await stream.waitForPicture();
    if (!picture.ok || response.destroyed) {
      release();
      return refuseWithoutPicture(picture.ok ? { ok: false, reason: null } : picture);
    }
    let sessionId = '';
    let isOver = false;
    const outcome = await this.#options.engine.answerOffer({
      offerSdp,
      hub: stream.hub,
      onClosed: () => {
        isOver = true;
        release();
        this.#sessions.delete(sessionId);
      },
    });
    if (!outcome.ok) {
      release();
      return { code: outcome.refusal, detail: outcome.detail, ...(outcome.refusal === 'too-many-viewers' ? { retryAfterSeconds: 5 } : {}) };
    }
    const { session } = outcome;
    sessionId = session.sessionId;
    if (response.destroyed) {
      session.close();
      return null;
    }
    this.#options.log.info({ sessionId, cameraId, role, personId: ticket.personId }, 'webrtc.viewer-joined');
    if (!isOver) this.#sessions.set(sessionId, { session, cameraId, personId: ticket.personId });
    const body = Buffer.from(session.answerSdp);
    response.writeHead(201, {
      'Content-Type': 'application/sdp',
      'Content-Length': body.length,
      Location: `/live/${cameraId}/${role}/whep/${sessionId}?ticket=${ticketText}`,
      'Cache-Control': 'no-store',
    });
    response.end(body);
    return null;
  }

  /** `DELETE …/whep/{sessionId}`: only the person who opened it; to everybody else it does not exist. */
  async end(admitted: AdmittedRequest, cameraId: string, sessionId: string): Promise<Refusal | null> {
    const open = this.#sessions.get(sessionId);
    if (open === undefined || open.cameraId !== cameraId || open.personId !== admitted.ticket.personId) return { code: 'not-found' };
    open.session.close();
    admitted.response.writeHead(200, { 'Content-Length': 0 });
    admitted.response.end();
    return null;
  }
}

/**
 * A refused body is read off for a while before the answer: a sender whose connection breaks while it writes never reads why.
 * Both bounds hold, so that nobody keeps the node reading.
 */
const maxDiscardedBytes = 16 * 1024 * 1024;
const maxDiscardMs = 1_000;

/** The body as text, or null when it is larger than `maxBytes`. */
function readText(request: IncomingMessage, maxBytes: number): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    let timer: NodeJS.Timeout | null = null;
    const finish = (text: string | null): void => {
      if (timer !== null) clearTimeout(timer);
      request.removeListener('data', onData);
      resolve(text);
    };
    const onData = (chunk: Buffer): void => {
      sizeBytes += chunk.length;
      if (sizeBytes <= maxBytes) chunks.push(chunk);
      else if (sizeBytes > maxDiscardedBytes) finish(null);
      else timer ??= setTimeout(() => finish(null), maxDiscardMs);
    };
    request.on('data', onData);
    request.once('end', () => finish(sizeBytes > maxBytes ? null : Buffer.concat(chunks).toString('utf8')));
    // The viewer has gone; nobody reads the answer.
    request.once('error', () => finish(null));
  });
}
