/**
 * WHEP over HTTP (draft-ietf-wish-whep, by the rules of WHIP, RFC 9725): offers in, answers out, addresses of viewers taken, sessions
 * ended; also those whose ticket is over.
 */
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';
import type { MediaProblemCode, SessionRenewal, VideoRendition } from '../contract/media-api.ts';
import type { StreamRole } from '../contract/streams.ts';
import type { WebRtcEngine, WebRtcSession } from '../webrtc/engine.ts';
import { maxFragmentBytes, parseTrickleFragment } from '../webrtc/trickle-fragment.ts';
import { maxOfferBytes } from '../webrtc/whep-offer.ts';
import { isGone, type AdmittedRequest, type MediaRequest } from './admitted-request.ts';
import { writeHead } from './cross-origin.ts';
import type { Refusal } from './problem.ts';
import type { TicketChecker } from './ticket-check.ts';
import { parseRendition, refuseWithoutPicture, type FindStream, type WatchedStream } from './watched-stream.ts';

/** Media type of a PATCH (RFC 8840 §9.1). */
export const fragmentMediaType = 'application/trickle-ice-sdpfrag';

export interface WhepFaceOptions {
  readonly stream: FindStream;
  readonly engine: WebRtcEngine;
  readonly tickets: TicketChecker;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A session ends within this after its ticket. */
const lookMs = 1_000;
/**
 * Sessions keep the ICE credentials they began with, so one tag names them all (RFC 9725 §4.3.1). The library below can neither take
 * nor give new ones.
 */
const entityTag = '"ice-1"';

interface OpenSession {
  readonly session: WebRtcSession;
  readonly stream: WatchedStream;
  readonly cameraId: string;
  readonly role: StreamRole;
  readonly video: VideoRendition | null;
  readonly personId: string;
  ticket: string;
}

export class WhepFace {
  readonly #options: WhepFaceOptions;
  readonly #sessions = new Map<string, OpenSession>();
  #cancelLook: (() => void) | null = null;

  constructor(options: WhepFaceOptions) {
    this.#options = options;
  }

  /** `POST …/whep` */
  async offer(admitted: AdmittedRequest, cameraId: string, role: StreamRole): Promise<Refusal | null> {
    const { request, response, query, ticket, ticketText } = admitted;
    if (mediaTypeOf(request) !== 'application/sdp') return { code: 'bad-request', detail: 'The offer must be application/sdp' };
    const offerSdp = await readText(request, maxOfferBytes);
    if (offerSdp === null) return { code: 'payload-too-large' };
    const video = parseRendition(query);
    if (video === 'malformed') return { code: 'bad-request', detail: 'video is h264 or absent' };
    const stream = this.#options.stream(cameraId, role, video);
    if (stream === null) return { code: 'stream-unknown' };
    const release = stream.acquire();
    const picture = await stream.waitForPicture();
    if (!picture.ok || isGone(response)) {
      release();
      return refuseWithoutPicture(picture.ok ? { ok: false, reason: null } : picture);
    }
    let sessionId = '';
    let isOver = false;
    const outcome = await this.#options.engine.answerOffer({
      offerSdp,
      hub: stream.hub,
      delivery: stream.delivery,
      onText: (text) => this.#onText(sessionId, text),
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
    if (isGone(response)) {
      session.close();
      return null;
    }
    this.#options.log.info({ sessionId, cameraId, role, personId: ticket.personId }, 'webrtc.viewer-joined');
    if (!isOver) this.#sessions.set(sessionId, { session, stream, cameraId, role, video, personId: ticket.personId, ticket: ticketText });
    this.#cancelLook ??= this.#options.clock.setTimer(lookMs, () => this.#look());
    const body = Buffer.from(session.answerSdp);
    writeHead(response, 201, [
      'Content-Type',
      'application/sdp',
      'Content-Length',
      String(body.length),
      'Location',
      `/live/${cameraId}/${role}/whep/${sessionId}?ticket=${ticketText}`,
      'ETag',
      entityTag,
      'Accept-Patch',
      fragmentMediaType,
      'Cache-Control',
      'no-store',
    ]);
    response.end(body);
    return null;
  }

  /**
   * `PATCH …/whep/{sessionId}`: more addresses of the viewer, with the entity tag of the session in `If-Match`. An ICE restart
   * (`If-Match: *`, or other credentials) is refused with 422, as RFC 9725 §4.3.1 asks of sessions that do one but not the other.
   */
  async patch(admitted: AdmittedRequest, cameraId: string, sessionId: string): Promise<Refusal | null> {
    const { request, response } = admitted;
    const open = this.#sessionOf(admitted, cameraId, sessionId);
    if (open === null) return { code: 'not-found' };
    if (mediaTypeOf(request) !== fragmentMediaType) return { code: 'media-type-not-supported', detail: `The body must be ${fragmentMediaType}` };
    const ifMatch = request.headers['if-match']?.trim();
    if (ifMatch === undefined) return { code: 'precondition-required' };
    const text = await readText(request, maxFragmentBytes);
    if (text === null) return { code: 'payload-too-large' };
    const fragment = parseTrickleFragment(text);
    if (fragment === null) return { code: 'bad-request', detail: 'The body is no SDP fragment' };
    if (ifMatch === '*') return { code: 'ice-restart-not-supported' };
    if (!ifMatch.split(',').some((tag) => tag.trim() === entityTag)) return { code: 'precondition-failed' };
    if (open.session.addCandidates(fragment) === 'other-ice-session') return { code: 'ice-restart-not-supported' };
    writeHead(response, 204, ['ETag', entityTag]);
    response.end();
    return null;
  }

  /** `DELETE …/whep/{sessionId}` */
  async end(admitted: AdmittedRequest, cameraId: string, sessionId: string): Promise<Refusal | null> {
    const open = this.#sessionOf(admitted, cameraId, sessionId);
    if (open === null) return { code: 'not-found' };
    open.session.close();
    writeHead(admitted.response, 200, ['Content-Length', '0']);
    admitted.response.end();
    return null;
  }

  /** Ends nothing: sessions are the engine's. */
  close(): void {
    this.#cancelLook?.();
    this.#cancelLook = null;
  }

  /** Only the person who opened it; to everybody else it does not exist. */
  #sessionOf(admitted: AdmittedRequest, cameraId: string, sessionId: string): OpenSession | null {
    const open = this.#sessions.get(sessionId);
    return open !== undefined && open.cameraId === cameraId && open.personId === admitted.ticket.personId ? open : null;
  }

  /** Ends sessions whose ticket or stream is over. Once a second while there are any. */
  #look(): void {
    for (const { session, stream, ticket, cameraId, role, video } of this.#sessions.values()) {
      const refusal = this.#check(ticket, cameraId, role);
      if (refusal !== null) session.end(refusal);
      else if (this.#options.stream(cameraId, role, video) !== stream) session.end('stream-unknown');
    }
    this.#cancelLook = this.#sessions.size === 0 ? null : this.#options.clock.setTimer(lookMs, () => this.#look());
  }

  /** The page renews its ticket; a ticket that is no good ends the session, as one that expired does. */
  #onText(sessionId: string, text: string): void {
    const open = this.#sessions.get(sessionId);
    const ticket = parseRenewal(text);
    if (open === undefined || ticket === null) return;
    open.ticket = ticket;
    const refusal = this.#check(ticket, open.cameraId, open.role);
    if (refusal !== null) open.session.end(refusal);
  }

  #check(ticket: string, cameraId: string, role: StreamRole): MediaProblemCode | null {
    const decision = this.#options.tickets.check(ticket, { right: 'live', cameraId, role }, this.#options.clock.wallClockMs());
    return decision.ok ? null : decision.refusal;
  }
}

function mediaTypeOf(request: MediaRequest): string | undefined {
  return request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
}

/** The ticket of a {@link SessionRenewal}, or null when the text is none. */
function parseRenewal(text: string): SessionRenewal['ticket'] | null {
  try {
    const message: unknown = JSON.parse(text);
    const isRenewal = typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'renew';
    return isRenewal && 'ticket' in message && typeof message.ticket === 'string' ? message.ticket : null;
  } catch {
    // Anybody may say anything here.
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
function readText(request: MediaRequest, maxBytes: number): Promise<string | null> {
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
