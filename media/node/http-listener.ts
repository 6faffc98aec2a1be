/**
 * The port of the HTTP face: HTTP/1.1 without a certificate; with one, HTTP/2 or HTTP/1.1, whichever the browser chooses (ALPN). A
 * browser opens six connections at most to a host over HTTP/1.1, which blocking playlists fill; over HTTP/2 one carries everything.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { Server as NetServer, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { MediaRequest, MediaResponse } from './admitted-request.ts';
import type { Certificate } from './certificate.ts';

export interface HttpListenerOptions {
  /** Null: no TLS. */
  readonly certificate: Certificate | null;
  readonly onRequest: (request: MediaRequest, response: MediaResponse) => void;
  /** Whether a request to switch protocols is for {@link onUpgrade}; others are answered as if they had not asked (RFC 9110 §7.8). */
  readonly isUpgrade: (request: IncomingMessage) => boolean;
  readonly onUpgrade: (request: IncomingMessage, stream: Duplex, head: Buffer) => void;
}

export interface HttpListener {
  /** Resolves with the port; rejects as `listen` does (`EADDRINUSE`). */
  listen(port: number, host: string): Promise<number>;
  /** For connections that begin from now on. */
  useCertificate(certificate: Certificate): void;
  /** Lets running answers finish for a moment, then cuts the rest. */
  close(): Promise<void>;
}

/** Our URLs are below 1 KB; this leaves room for a ticket and cookies of the same host. */
const maxHeaderBytes = 16 * 1024;
/** A connection that neither reads nor writes for so long is dead; a first playlist waits 28 s at most (for camera, transcoder and first segment). */
const idleTimeoutMs = 30_000;
const closeGraceMs = 500;
/** Sockets at once: 800 pages with six each. More are closed as soon as they are accepted, before they cost memory. */
const maxConnections = 5_000;
/** Streams at a time in one HTTP/2 connection: a wall of 64 tiles asks for a playlist and a part of each. */
const maxConcurrentStreams = 256;

const http1Options = { maxHeaderSize: maxHeaderBytes, headersTimeout: 10_000, requestTimeout: 20_000, keepAliveTimeout: 20_000 } as const;

/** Not listening yet. */
export function createHttpListener(options: HttpListenerOptions): HttpListener {
  return options.certificate === null ? plainListener(options) : secureListener(options, options.certificate);
}

function plainListener({ onRequest, isUpgrade, onUpgrade }: HttpListenerOptions): HttpListener {
  const server = createServer({ ...http1Options, shouldUpgradeCallback: isUpgrade }, onRequest);
  server.timeout = idleTimeoutMs;
  server.maxConnections = maxConnections;
  server.on('upgrade', onUpgrade);
  return {
    listen: (port, host) => listen(server, port, host),
    useCertificate: () => {},
    close: () => {
      const closed = ended(server, () => server.closeAllConnections());
      server.closeIdleConnections();
      return closed;
    },
  };
}

function secureListener({ onRequest, isUpgrade, onUpgrade }: HttpListenerOptions, certificate: Certificate): HttpListener {
  const server = createSecureServer({
    ...http1Options,
    ...pairOf(certificate),
    allowHTTP1: true,
    minVersion: 'TLSv1.2',
    handshakeTimeout: 10_000,
    maxHeaderListPairs: 64,
    settings: { maxConcurrentStreams, maxHeaderListSize: maxHeaderBytes },
  });
  // Node's HTTP/1.1 side asks its server for this; the HTTP/2 server has it not as an option.
  Object.assign(server, { shouldUpgradeCallback: isUpgrade });
  server.setTimeout(idleTimeoutMs);
  server.maxConnections = maxConnections;
  server.on('request', (request, response) => onRequest(request, response));
  server.on('upgrade', onUpgrade);
  // Handshakes that fail are the peer's affair: a browser that distrusts the certificate, a port scan.
  server.on('tlsClientError', () => {});
  server.on('sessionError', () => {});
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const sessions = new Set<{ close(): void }>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  return {
    listen: (port, host) => listen(server, port, host),
    useCertificate: (renewed) => server.setSecureContext(pairOf(renewed)),
    close: () => {
      const closed = ended(server, () => {
        for (const socket of sockets) socket.destroy();
      });
      for (const session of sessions) session.close();
      return closed;
    },
  };
}

function pairOf({ certificatePem, keyPem }: Certificate): { readonly cert: string; readonly key: string } {
  return { cert: certificatePem, key: keyPem };
}

function listen(server: NetServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function ended(server: NetServer, cutAll: () => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(cutAll, closeGraceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
