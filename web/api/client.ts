/** The HTTP API under `/api/v1`: JSON in, JSON out, problems thrown as {@link ApiProblem}. The session travels in its HttpOnly cookie. */
import type { Problem } from '../../server/contract/problems.ts';
import type { Page } from '../../server/contract/system.ts';
import { ApiProblem } from './problem.ts';

export type QueryValue = string | number | boolean | null | undefined;
export type Query = Readonly<Record<string, QueryValue>>;

/** Paths are relative to `/api/v1`, such as `/cameras`. All methods throw {@link ApiProblem}. */
export interface ApiClient {
  get<Answer>(path: string, query?: Query, signal?: AbortSignal): Promise<Answer>;
  post<Answer>(path: string, body?: unknown): Promise<Answer>;
  put<Answer>(path: string, body: unknown): Promise<Answer>;
  patch<Answer>(path: string, body: unknown): Promise<Answer>;
  remove(path: string): Promise<void>;
  /** Every item of a list, page by page. Stops at `atMost` items (default: all). */
  listAll<Item>(path: string, query?: Query, atMost?: number): Promise<Item[]>;
}

/** Largest page the API gives. */
const pageLimit = 500;

/** Creates the client. `onUnauthenticated` hears of every answer 401, also of those that came late. */
export function createApiClient(options: { fetch: typeof fetch; onUnauthenticated: () => void }): ApiClient {
  async function send<Answer>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
    let response: Response;
    try {
      response = await options.fetch(`/api/v1${path}`, {
        method,
        credentials: 'same-origin',
        headers: body === undefined ? { accept: 'application/json' } : { accept: 'application/json', 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ApiProblem('network-unreachable');
    }
    if (response.status === 204) return undefined as Answer;
    const parsed = await readJson(response);
    if (response.ok) return parsed as Answer;
    const problem = isProblem(parsed) ? parsed : null;
    if (response.status === 401 && problem?.code === 'unauthenticated') options.onUnauthenticated();
    throw new ApiProblem(problem?.code ?? (response.status >= 502 ? 'unavailable' : 'answer-unreadable'), problem);
  }

  const get = <Answer>(path: string, query: Query = {}, signal?: AbortSignal) => send<Answer>('GET', path + formatQuery(query), undefined, signal);
  return {
    get,
    post: (path, body) => send('POST', path, body ?? {}),
    put: (path, body) => send('PUT', path, body),
    patch: (path, body) => send('PATCH', path, body),
    remove: (path) => send('DELETE', path),
    async listAll<Item>(path: string, query: Query = {}, atMost = Infinity) {
      const items: Item[] = [];
      let cursor: string | null = null;
      do {
        const page: Page<Item> = await get<Page<Item>>(path, { ...query, limit: pageLimit, cursor });
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null && items.length < atMost);
      return items;
    },
  };
}

/** `?a=1&b=2` without what is null, undefined or empty; an empty string when nothing is left. */
export function formatQuery(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    if (response.ok) throw new ApiProblem('answer-unreadable');
    return null;
  }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string';
}
