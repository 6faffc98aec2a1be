/** What watches the server: `/healthz`, `/readyz` and `/metrics`. */
import express from 'express';
import type { RequestHandler, Router } from 'express';
import { Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** One condition of being ready; the message says what is missing. */
export interface ReadyCheck {
  readonly name: string;
  /** Null when fulfilled. */
  readonly findFault: () => Promise<string | null>;
}

/** A database that hangs must not hang whoever asks whether it does. */
const checkTimeoutMs = 3_000;

export function healthRouter(checks: readonly ReadyCheck[], registry: Registry): Router {
  const router = express.Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    const results = await Promise.all(checks.map(async (check) => [check.name, await findFault(check)] as const));
    const isReady = results.every(([, fault]) => fault === null);
    response
      .status(isReady ? 200 : 503)
      .json({ status: isReady ? 'ready' : 'not-ready', checks: Object.fromEntries(results.map(([name, fault]) => [name, fault ?? 'ok'])) });
  });
  router.get('/metrics', async (_request, response) => {
    response.setHeader('Content-Type', registry.contentType).end(await registry.metrics());
  });
  return router;
}

async function findFault(check: ReadyCheck): Promise<string | null> {
  const { promise: timeout, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(resolve, checkTimeoutMs, 'no answer in time');
  try {
    return await Promise.race([check.findFault(), timeout]);
  } catch {
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}

/** Counts and times requests by method and status class. Paths stay out: with ids in them they would never end. */
export function measureRequests(registry: Registry): RequestHandler {
  const durations = new Histogram({
    name: 'yilan_http_request_seconds',
    help: 'Time to answer HTTP requests',
    labelNames: ['method', 'status'] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  return (request, response, next) => {
    const startedMs = performance.now();
    response.on('finish', () => {
      durations.observe({ method: request.method, status: `${Math.floor(response.statusCode / 100)}xx` }, (performance.now() - startedMs) / 1000);
    });
    next();
  };
}
