/**
 * Puts routes on Express: authorise, read the body, validate, call, answer; in this order, so that nobody who is not
 * allowed in makes us read a body. What no route names is refused.
 */
import { isUtf8 } from 'node:buffer';
import express from 'express';
import type { NextFunction, Request, Response, Router } from 'express';
import { z } from 'zod';
import type { SessionUser } from '../contract/accounts.ts';
import { isAllowed } from '../accounts/rights.ts';
import { readCredentials, refuseCrossSite } from './authentication.ts';
import type { Credentials, SessionReader } from './authentication.ts';
import { DomainError } from './problem.ts';
import { requestIdOf } from './request-log.ts';
import type { Route } from './route.ts';
import { validate } from './validation.ts';

export interface RouterOptions {
  readonly routes: readonly Route[];
  readonly sessions: SessionReader;
  /** Parse answers with their schemas too and treat a difference as a bug: for tests, at the price of time. */
  readonly isAnswerChecked: boolean;
}

/** Largest JSON body; an import of a district's ledger comes in pages. */
const maxBodyBytes = 1_000_000;

/** A router for everything below `/api/v1`. Its last word is a 404 or 405 problem. */
export function createRouter(options: RouterOptions): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const readJson = express.json({ limit: maxBodyBytes, strict: false, type: () => true, verify: refuseOtherThanUtf8 });
  for (const route of options.routes) {
    router[route.method](expressPath(route.path), (request, response) => answer(route, request, response, options, readJson));
  }
  for (const [path, methods] of methodsByPath(options.routes)) {
    router.all(expressPath(path), (_request, response) => {
      response.setHeader('Allow', methods.join(', '));
      throw new DomainError('method-not-allowed');
    });
  }
  router.use(() => {
    throw new DomainError('not-found');
  });
  return router;
}

/** `/cameras/{id}` → `/cameras/:id`. */
export function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

async function answer(route: Route, request: Request, response: Response, options: RouterOptions, readJson: express.RequestHandler): Promise<void> {
  const credentials = readCredentials(request.headers);
  refuseCrossSite(request, credentials);
  const person = await authorise(route, credentials, options.sessions);
  const params = validate(route.params, request.params, 'params');
  const query = validate(route.query, withoutEmptyFields(request.query, route.query), 'query');
  const body = route.body === null ? undefined : validate(route.body, (await readBody(request, response, readJson)) ?? {}, 'body');
  const address = request.ip ?? null;
  const result = await route.handle({
    params,
    query,
    body,
    person,
    actor: { person: person === null ? null : { id: person.id, username: person.username, displayName: person.displayName }, address },
    requestId: requestIdOf(request),
    request: {
      address,
      protocol: request.protocol,
      hostname: request.hostname,
      userAgent: request.get('user-agent')?.slice(0, 300) ?? null,
      sessionToken: credentials?.token ?? null,
    },
    setHeader: (name, value) => void response.setHeader(name, value),
  });
  if (options.isAnswerChecked && route.answer !== null) route.answer.parse(result);
  response.status(route.status);
  if (route.answer === null) response.end();
  else if (route.textType === null) response.json(result);
  else response.setHeader('Content-Type', route.textType).end(result);
}

async function authorise(route: Route, credentials: Credentials | null, sessions: SessionReader): Promise<SessionUser | null> {
  const person = credentials === null ? null : await sessions.findUser(credentials.token);
  if (isAllowed(person, route.access)) {
    if (person?.mustChangePassword === true && route.access !== 'public' && route.access !== 'session') {
      throw new DomainError('forbidden', { detail: 'The password must be changed first: POST /api/v1/session/password' });
    }
    return person;
  }
  throw new DomainError(person === null ? 'unauthenticated' : 'forbidden');
}

function readBody(request: Request, response: Response, readJson: express.RequestHandler): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done: NextFunction = (error?: unknown) => {
      if (error === undefined || error === null) resolve(request.body);
      else reject(error instanceof Error ? error : new Error('The body could not be read', { cause: error }));
    };
    void readJson(request, response, done);
  });
}

/** `?area=&kind=A` asks for no area: a field that the route knows and the caller left empty is as good as absent. */
function withoutEmptyFields(query: Request['query'], schema: z.ZodType): Request['query'] {
  const known = schema instanceof z.ZodObject ? schema.shape : {};
  return Object.fromEntries(Object.entries(query).filter(([name, value]) => value !== '' || !Object.hasOwn(known, name)));
}

/** JSON between systems is UTF-8 (RFC 8259 §8.1). Decoding would put a replacement character for what is not, and a name would be lost. */
function refuseOtherThanUtf8(_request: unknown, _response: unknown, body: Buffer, encoding: string): void {
  if (encoding !== 'utf-8' || !isUtf8(body)) throw new DomainError('malformed-json', { detail: 'The body is not UTF-8' });
}

function methodsByPath(routes: readonly Route[]): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, string[]>();
  for (const route of routes) methods.set(route.path, [...(methods.get(route.path) ?? []), route.method.toUpperCase()]);
  return methods;
}
