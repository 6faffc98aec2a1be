/**
 * The HTTP face of a node on plain `node:http`: reads the URL, checks the ticket, hands on to the handler of the route. A
 * general web framework costs five times as much per request and hashes every body for an ETag nobody needs.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';
import type { AdmittedRequest } from './admitted-request.ts';
import type { LiveFace } from './live-face.ts';
import { parseMediaUrl, type MediaRoute, type OpenRoute, type TicketedRoute } from './media-route.ts';
import type { PlaybackFace } from './playback-face.ts';
import { statusOf, writeProblem, type Refusal } from './problem.ts';
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
  readonly metricsText: (request: IncomingMessage) => Promise<string | null>;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface HttpFace {
  readonly counters: HttpCounters;
  /** Resolves with the port; rejects as `listen` does (`EADDRINUSE`). */
  listen(port: number, host: string): Promise<number>;
  /** Lets running answers finish for a moment, then cuts the rest. */
  close(): Promise<void>;
}

/** Our URLs are below 1 KB; this leaves room for a ticket and cookies of the same host. */
const maxHeaderBytes = 16 * 1024;
/** A connection that neither reads nor writes for so long is dead; a blocking playlist waits 8 s at most. */
const idleTimeoutMs = 30_000;
const closeGraceMs = 500;
/** Sockets at once: 800 pages with six each. More are closed as soon as they are accepted, before they cost memory. */
const maxConnections = 5_000;

/** Not listening yet. */
export function createHttpFace(options: HttpFaceOptions): HttpFace {
  const counters: HttpCounters = { requestsByRoute: new Map(), refusals: 0 };
  const server = createServer({
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: 10_000,
    requestTimeout: 20_000,
    keepAliveTimeout: 20_000,
    // Others, such as curl's `Upgrade: h2c`, are offers that an ordinary answer declines (RFC 9110 §7.8).
    shouldUpgradeCallback: isForWebSocket,
  });
  server.timeout = idleTimeoutMs;
  server.maxConnections = maxConnections;
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(options, counters, request, response).catch((error: unknown) => {
      options.log.error({ err: error, path: pathOf(request) }, 'http.failed');
      writeProblem(response, { code: 'internal' }, request.method !== 'HEAD');
    });
  });
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    counters.requestsByRoute.set('websocket', (counters.requestsByRoute.get('websocket') ?? 0) + 1);
    options.sockets.accept(request, stream, head);
  });
  return {
    counters,
    listen: (port, host) => listen(server, port, host),
    close: () => {
      options.sockets.close();
      return close(server);
    },
  };
}

function isForWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket' && pathOf(request) === '/ws';
}

async function answer(options: HttpFaceOptions, counters: HttpCounters, request: IncomingMessage, response: ServerResponse): Promise<void> {
  setCorsHeaders(response);
  const url = parseMediaUrl(request.url ?? '/');
  const name = routeName(url?.route ?? null);
  counters.requestsByRoute.set(name, (counters.requestsByRoute.get(name) ?? 0) + 1);
  const refusal = url === null ? { code: 'not-found' as const } : await dispatch(options, request, response, url.route, url.query);
  if (refusal === null) return;
  counters.refusals++;
  if (statusOf(refusal.code) >= 500) options.log.debug({ path: pathOf(request), ...refusal }, 'http.refused');
  // What is left of an unread body would be taken for the next request.
  if (!request.complete) response.setHeader('Connection', 'close');
  writeProblem(response, refusal, request.method !== 'HEAD');
}

async function dispatch(
  options: HttpFaceOptions,
  request: IncomingMessage,
  response: ServerResponse,
  route: MediaRoute,
  query: URLSearchParams,
): Promise<Refusal | null> {
  const allowed = methodsOf(route);
  if (request.method === 'OPTIONS') {
    response.writeHead(204, {
      Allow: allowed.join(', '),
      'Access-Control-Allow-Methods': allowed.join(', '),
      'Access-Control-Allow-Headers': 'Content-Type, Range, Authorization, If-Match',
      'Access-Control-Max-Age': '86400',
      ...(route.kind === 'whep' ? { 'Accept-Post': 'application/sdp' } : {}),
      ...(route.kind === 'whep-session' ? { 'Accept-Patch': fragmentMediaType } : {}),
    });
    response.end();
    return null;
  }
  if (!allowed.includes(request.method ?? '')) {
    response.setHeader('Allow', allowed.join(', '));
    return { code: 'method-not-allowed' };
  }
  if (route.kind === 'open') {
    return answerOpen(options, request, response, route.page);
  }
  const text = query.get('ticket');
  const decision = options.tickets.check(text, demandOf(route), options.clock.wallClockMs());
  if (!decision.ok) return { code: decision.refusal };
  return handle(options, { request, response, query, ticketText: text ?? '', ticket: decision.ticket }, route);
}

function handle(options: HttpFaceOptions, admitted: AdmittedRequest, route: TicketedRoute): Promise<Refusal | null> {
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
  request: IncomingMessage,
  response: ServerResponse,
  page: OpenRoute['page'],
): Promise<Refusal | null> {
  const text =
    page === 'metrics'
      ? await options.metricsText(request)
      : JSON.stringify(page === 'time' ? { nowMs: options.clock.wallClockMs() } : { status: 'ok' });
  if (text === null) return { code: 'not-found', detail: 'Metrics are for this machine, and for whoever has media.metricsToken' };
  const body = Buffer.from(text);
  const contentType = page === 'metrics' ? 'text/plain; version=0.0.4; charset=utf-8' : 'application/json';
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': body.length, 'Cache-Control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : body);
  return null;
}

/** For the metrics: a handful of names, whatever is asked. */
function routeName(route: MediaRoute | null): string {
  if (route === null) return 'unknown';
  return route.kind === 'open' ? route.page : route.kind;
}

function methodsOf(route: MediaRoute): readonly string[] {
  if (route.kind === 'whep') return ['POST', 'OPTIONS'];
  if (route.kind === 'whep-session') return ['PATCH', 'DELETE', 'OPTIONS'];
  return ['GET', 'HEAD', 'OPTIONS'];
}

function demandOf(route: TicketedRoute): TicketDemand {
  if ('role' in route) return { right: 'live', cameraId: route.cameraId, role: route.role };
  return { right: 'playback', cameraId: route.cameraId, role: null };
}

/** Pages come from the server's origin, video from the node's: every answer, refusals too, must be readable across. */
function setCorsHeaders(response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Expose-Headers', 'Location, Date, Content-Range, Retry-After, ETag');
  response.setHeader('X-Content-Type-Options', 'nosniff');
}

/** For the log: never the query, for it carries the ticket. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0]?.slice(0, 200) ?? '';
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), closeGraceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
