/**
 * A route as data: what it answers to, who may call it, what it accepts and what it gives back. The router, the
 * OpenAPI document and the tests of rights all read the same list.
 */
import { z } from 'zod';
import type { Right, SessionUser } from '../contract/accounts.ts';
import type { Actor } from '../audit/change.ts';

/** Who may call a route: holders of a right, anyone who is logged in, or everybody. */
export type Access = Right | 'session' | 'public';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What a handler receives: everything checked. */
export interface RouteContext<Params, Query, Body, Person> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly person: Person;
  /** The person and his address, for changes and their audit rows. */
  readonly actor: Actor;
  readonly requestId: string;
  readonly request: RequestFacts;
  /** Sets a header of the answer. */
  readonly setHeader: (name: string, value: string) => void;
}

/** Facts about the request that are neither parameters nor body. */
export interface RequestFacts {
  /** Address of the caller; behind a trusted proxy, the one it forwards. */
  readonly address: string | null;
  /** `https` behind a trusted proxy that says so. */
  readonly protocol: string;
  /** Host the browser used, without port. */
  readonly hostname: string;
  readonly userAgent: string | null;
  /** Session token of the cookie or the bearer header. */
  readonly sessionToken: string | null;
}

/** Arrays and objects of an answer may be read-only, as the contract's types are. */
export type DeepReadonly<T> = T extends (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

export interface RouteDefinition<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
  Grant extends Access,
> {
  readonly method: Method;
  /** Below `/api/v1`, with `{name}` for parameters. */
  readonly path: string;
  readonly right: Grant;
  /** One line of the API document. */
  readonly summary: string;
  /** Strict object of path parameters; needed when the path has any. */
  readonly params?: Params;
  /** Strict object; absent: no query parameter is accepted. Values arrive as text: use `z.coerce`. */
  readonly query?: Query;
  /** JSON body; absent: none is read. */
  readonly body?: Body;
  /** JSON answer; absent: none, with status 204. */
  readonly answer?: Answer;
  /** Absent: 200 with an answer, 204 without. */
  readonly status?: number;
  readonly handler: (
    context: RouteContext<z.output<Params>, z.output<Query>, z.output<Body>, Grant extends 'public' ? SessionUser | null : SessionUser>,
  ) => Promise<DeepReadonly<z.output<Answer>>>;
}

/** A route without its type parameters, as the router holds it. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  readonly status: number;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  /** Null when no body is read. */
  readonly body: z.ZodType | null;
  /** Null when nothing is answered. */
  readonly answer: z.ZodType | null;
  /** Null for JSON; else the media type of the text that the handler returns. */
  readonly textType: string | null;
  handle(context: RouteContext<unknown, unknown, unknown, SessionUser | null>): Promise<unknown>;
}

const nothing = z.strictObject({});

/** Describes a JSON route. The types of the handler's context and answer follow from the schemas. */
export function defineRoute<
  Params extends z.ZodType = typeof nothing,
  Query extends z.ZodType = typeof nothing,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodVoid,
  Grant extends Access = Access,
>(definition: RouteDefinition<Params, Query, Body, Answer, Grant>): Route {
  return {
    method: definition.method,
    path: definition.path,
    access: definition.right,
    summary: definition.summary,
    status: definition.status ?? (definition.answer === undefined ? 204 : 200),
    params: definition.params ?? nothing,
    query: definition.query ?? nothing,
    body: definition.body ?? null,
    answer: definition.answer ?? null,
    textType: null,
    // The router parses with the very schemas that typed this handler before it calls it.
    handle: definition.handler,
  };
}

/** Describes a route that answers text, such as CSV: the handler returns the whole text. */
export function defineTextRoute<Params extends z.ZodType = typeof nothing, Query extends z.ZodType = typeof nothing, Grant extends Access = Access>(
  definition: Omit<RouteDefinition<Params, Query, z.ZodUndefined, z.ZodString, Grant>, 'body' | 'answer' | 'status'> & {
    /** Media type with charset, such as `text/csv; charset=utf-8`. */
    readonly textType: string;
  },
): Route {
  return { ...defineRoute({ ...definition, answer: z.string() }), textType: definition.textType };
}
