/**
 * The HTTP face of a node on plain `node:http` and `node:http2`: reads the URL, checks the ticket, hands on to the handler of the route. A
 * general web framework costs five times as much per request and hashes every body for an ETag nobody needs.
 */
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';
import type { AdmittedRequest, MediaQuery, MediaRequest, MediaResponse } from './admitted-request.ts';
import { AnswerDeadlines, answerMs } from './answer-deadlines.ts';
import type { Certificate } from './certificate.ts';
import { answerOptions, writeHead, type HeaderList } from './cross-origin.ts';
import { createHttpListener } from './http-listener.ts';
import type { LiveFace } from './live-face.ts';
import { parseMediaUrl, type MediaRoute, type OpenRoute, type TicketedRoute } from './media-route.ts';
import type { PlaybackFace } from './playback-face.ts';
import { statusOf, writeProblem, type Answer, type Refusal } from './problem.ts';
import type { SocketFace } from './socket-face.ts';
import type { TicketChecker, TicketDemand } from './ticket-check.ts';
import { fragmentMediaType, type WhepFace } from './whep-face.ts';

/** Requests since the start, for the metrics. */
export interface HttpCounters {
  readonly requestsByRoute: Map<string, number>;
  refusals: number;
}

export interface HttpFaceOptions {
  readonly tickets: TicketChecker;
  readonly live: LiveFace;
  readonly whep: WhepFace;
  readonly playback: PlaybackFace;
  readonly sockets: SocketFace;
  /** Null: whoever asks may not read them. */
  readonly metricsText: (request: MediaRequest) => Promise<string | null>;
  /** Null: HTTP without TLS. */
  readonly certificate: Certificate | null;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface HttpFace {
  readonly counters: HttpCounters;
  /** Resolves with the port; rejects as `listen` does (`EADDRINUSE`). */
  listen(port: number, host: string): Promise<number>;
  /** For connections that begin from now on. */
  useCertificate(certificate: Certificate): void;
  /** Lets running answers finish for a moment, then cuts the rest. */
  close(): Promise<void>;
}

/** Not listening yet. */
export function createHttpFace(options: HttpFaceOptions): HttpFace {
  const counters: HttpCounters = { requestsByRoute: new Map(), refusals: 0 };
  const deadlines = new AnswerDeadlines(options.clock);
  const listener = createHttpListener({
    certificate: options.certificate,
    onRequest: (request, response) => answer(options, deadlines, counters, request, response),
    isUpgrade: isForWebSocket,
    onUpgrade: (request, stream, head) => {
      counters.requestsByRoute.set('websocket', (counters.requestsByRoute.get('websocket') ?? 0) + 1);
      options.sockets.accept(request, stream, head);
    },
  });
  return {
    counters,
    listen: (port, host) => listener.listen(port, host),
    useCertificate: (certificate) => listener.useCertificate(certificate),
    close: () => {
      options.sockets.close();
      deadlines.close();
      return listener.close();
    },
  };
}

function isForWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket' && pathOf(request) === '/ws';
}

/** Synchronous as far as the handler is: most requests are for media that is there. */
function answer(options: HttpFaceOptions, deadlines: AnswerDeadlines, counters: HttpCounters, request: MediaRequest, response: MediaResponse): void {
  // HTTP/1.1 has one answer at a time, and a time-out of its own for the connection.
  if (request.httpVersionMajor === 2) deadlines.set(response, answerMs);
  const fail = (error: unknown): void => {
    options.log.error({ err: error, path: pathOf(request) }, 'http.failed');
    writeProblem(response, { code: 'internal' }, request.method !== 'HEAD');
  };
  const finish = (refusal: Refusal | null): void => {
    if (refusal === null) return;
    counters.refusals++;
    if (statusOf(refusal.code) >= 500) options.log.debug({ path: pathOf(request), ...refusal }, 'http.refused');
    // What is left of an unread body would be taken for the next request.
    writeProblem(response, refusal, request.method !== 'HEAD', !request.complete && request.httpVersionMajor === 1);
  };
  try {
    const url = parseMediaUrl(request.url ?? '/');
    const name = routeName(url?.route ?? null);
    counters.requestsByRoute.set(name, (counters.requestsByRoute.get(name) ?? 0) + 1);
    const answered = url === null ? notFound : dispatch(options, deadlines, request, response, url.route, url.query);
    if (answered instanceof Promise) answered.then(finish).catch(fail);
    else finish(answered);
  } catch (error) {
    fail(error);
  }
}

const notFound: Refusal = { code: 'not-found' };

function dispatch(
  options: HttpFaceOptions,
  deadlines: AnswerDeadlines,
  request: MediaRequest,
  response: MediaResponse,
  route: MediaRoute,
  query: MediaQuery,
): Answer {
  const allowed = methodsOf(route);
  if (request.method === 'OPTIONS') {
    answerOptions(response, allowed, acceptedBy(route));
    return null;
  }
  if (!allowed.includes(request.method ?? '')) return { code: 'method-not-allowed', allow: allowed.join(', ') };
  if (route.kind === 'open') return answerOpen(options, request, response, route.page);
  const text = query.get('ticket');
  const decision = options.tickets.check(text, demandOf(route), options.clock.wallClockMs());
  if (!decision.ok) return { code: decision.refusal };
  return handle(options, { request, response, query, ticketText: text ?? '', ticket: decision.ticket, deadlines }, route);
}

function handle(options: HttpFaceOptions, admitted: AdmittedRequest, route: TicketedRoute): Answer {
  switch (route.kind) {
    case 'live-playlist':
      return options.live.playlist(admitted, route.cameraId, route.role);
    case 'live-media':
      return options.live.media(admitted, route.cameraId, route.role, route.name);
    case 'snapshot':
      return options.live.snapshot(admitted, route.cameraId, route.role);
    case 'whep':
      return options.whep.offer(admitted, route.cameraId, route.role);
    case 'whep-session':
      return admitted.request.method === 'PATCH'
        ? options.whep.patch(admitted, route.cameraId, route.sessionId)
        : options.whep.end(admitted, route.cameraId, route.sessionId);
    case 'playback-playlist':
      return options.playback.playlist(admitted, route.cameraId);
    case 'playback-video':
      return options.playback.video(admitted, route.cameraId);
    case 'playback-media':
      return options.playback.media(admitted, route.cameraId, route.file, route.name);
  }
}

async function answerOpen(
  options: HttpFaceOptions,
  request: MediaRequest,
  response: MediaResponse,
  page: OpenRoute['page'],
): Promise<Refusal | null> {
  const text =
    page === 'metrics'
      ? await options.metricsText(request)
      : JSON.stringify(page === 'time' ? { nowMs: options.clock.wallClockMs() } : { status: 'ok' });
  if (text === null) return { code: 'not-found', detail: 'Metrics are for this machine, and for whoever has media.metricsToken' };
  const body = Buffer.from(text);
  const contentType = page === 'metrics' ? 'text/plain; version=0.0.4; charset=utf-8' : 'application/json';
  const headers: HeaderList = ['Content-Type', contentType, 'Content-Length', String(body.length), 'Cache-Control', 'no-store'];
  // Metrics are for programs: no page, of whatever origin, is given them.
  if (page === 'metrics') response.writeHead(200, [...headers, 'X-Content-Type-Options', 'nosniff']);
  else writeHead(response, 200, headers);
  if (request.method === 'HEAD') response.end();
  else response.end(body);
  return null;
}

/** For the metrics: a handful of names, whatever is asked. */
function routeName(route: MediaRoute | null): string {
  if (route === null) return 'unknown';
  return route.kind === 'open' ? route.page : route.kind;
}

const offerMethods = ['POST', 'OPTIONS'];
const sessionMethods = ['PATCH', 'DELETE', 'OPTIONS'];
const readMethods = ['GET', 'HEAD', 'OPTIONS'];

function methodsOf(route: MediaRoute): readonly string[] {
  if (route.kind === 'whep') return offerMethods;
  return route.kind === 'whep-session' ? sessionMethods : readMethods;
}

/** What bodies a route takes, as headers. */
function acceptedBy(route: MediaRoute): HeaderList {
  if (route.kind === 'whep') return ['Accept-Post', 'application/sdp'];
  return route.kind === 'whep-session' ? ['Accept-Patch', fragmentMediaType] : [];
}

function demandOf(route: TicketedRoute): TicketDemand {
  if ('role' in route) return { right: 'live', cameraId: route.cameraId, role: route.role };
  return { right: 'playback', cameraId: route.cameraId, role: null };
}

/** For the log: never the query, for it carries the ticket. */
function pathOf(request: { readonly url?: string | undefined }): string {
  return (request.url ?? '').split('?', 1)[0]?.slice(0, 200) ?? '';
}
