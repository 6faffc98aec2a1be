/** Gives every request an id and writes one line when it is answered. */
import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { loggableUrl } from './log.ts';
import type { Log } from './log.ts';

/** An id that a reverse proxy gave is kept when it looks like one. */
const idPattern = /^[\w-]{8,64}$/;

/** Id of a request that passed {@link logRequests}; also in the answer's header `X-Request-Id`. */
export function requestIdOf(request: Request): string {
  const id: unknown = request.res?.locals['requestId'];
  return typeof id === 'string' ? id : '';
}

export function logRequests(log: Log): RequestHandler {
  return (request, response, next) => {
    const given = request.get('x-request-id');
    const requestId = given !== undefined && idPattern.test(given) ? given : randomUUID();
    response.locals['requestId'] = requestId;
    response.setHeader('X-Request-Id', requestId);
    const startedMs = performance.now();
    response.on('close', () => {
      const fields = {
        requestId,
        method: request.method,
        url: loggableUrl(request.originalUrl),
        status: response.statusCode,
        durationMs: Math.round(performance.now() - startedMs),
      };
      if (response.statusCode === 500) log.error(fields, 'http.answered');
      else log.debug(fields, 'http.answered');
    });
    next();
  };
}
