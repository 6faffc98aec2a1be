/** The Express application: API, pages, health, and problems for everything that goes wrong. */
import express from 'express';
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import type { SessionReader } from './authentication.ts';
import type { Log } from './log.ts';
import { DomainError, problemOf } from './problem.ts';
import { logRequests, requestIdOf } from './request-log.ts';
import { createRouter } from './router.ts';
import type { Route } from './route.ts';

export interface AppOptions {
  readonly routes: readonly Route[];
  readonly sessions: SessionReader;
  readonly log: Log;
  readonly trustProxy: boolean;
  readonly isAnswerChecked: boolean;
  /** Before everything else: security headers. */
  readonly headers: readonly RequestHandler[];
  /** Besides the API: API document, health, metrics. */
  readonly extras: readonly RequestHandler[];
  /** After the API: pages. */
  readonly pages: readonly RequestHandler[];
}

export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  // Answers change with every frame of a camera; hashing each for an ETag costs more than sending it.
  app.disable('etag');
  // One proxy, the one in front of us: what it received in the same headers is only its caller's word.
  app.set('trust proxy', options.trustProxy ? 1 : false);
  app.use(logRequests(options.log), ...options.headers, ...options.extras);
  app.use('/api', (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  app.use('/api/v1', createRouter(options));
  app.use('/api', () => {
    throw new DomainError('not-found');
  });
  app.use(...options.pages, () => {
    throw new DomainError('not-found');
  });
  app.use(sendProblem(options.log));
  return app;
}

/** The last handler. Stacks go to the log, with the id that the caller sees. */
function sendProblem(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const problem = problemOf(error);
    if (problem.code === 'internal') log.error({ err: error, requestId: requestIdOf(request) }, 'http.failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    if (problem.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(problem.retryAfterSeconds));
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    // A body that nobody read would be taken for the next request of this connection.
    if (problem.code === 'payload-too-large') response.setHeader('Connection', 'close');
    response.status(problem.status).setHeader('Content-Type', 'application/problem+json').end(JSON.stringify(problem));
  };
}
