/** The demo's hand on the platform: the same HTTP API that everybody uses. */
import { setTimeout as sleep } from 'node:timers/promises';

/** An answer the demo did not expect; the message is fit to be shown. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(method: string, path: string, status: number, code: string, detail: string) {
    super(`${method} ${path} answered ${status} ${code}${detail === '' ? '' : `: ${detail}`}`);
    this.status = status;
    this.code = code;
  }
}

export interface ApiClient {
  get<Answer>(path: string): Promise<Answer>;
  /** All items of a list, page by page. */
  list<Item>(path: string): Promise<Item[]>;
  send<Answer>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer>;
  /** The same client as another person. */
  withToken(token: string): ApiClient;
}

/** `baseUrl` without the prefix `/api/v1`. */
export function createApiClient(baseUrl: string, token: string | null = null): ApiClient {
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${baseUrl}/api/v1${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw describeFailure(method, path, response.status, text);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };
  return {
    get: (path) => call('GET', path),
    list: async <Item>(path: string) => {
      const items: Item[] = [];
      let cursor: string | null = null;
      do {
        const separator = path.includes('?') ? '&' : '?';
        const page: { items: Item[]; nextCursor: string | null } = await call(
          'GET',
          `${path}${separator}limit=500${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        );
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return items;
    },
    send: (method, path, body) => call(method, path, body),
    withToken: (other) => createApiClient(baseUrl, other),
  };
}

/** Asks `check` until it is true; false when `timeoutMs` has passed. */
export async function waitUntil(check: () => Promise<boolean>, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline && !signal.aborted) {
    if (await check()) return true;
    await sleep(250, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

function describeFailure(method: string, path: string, status: number, text: string): ApiError {
  try {
    const problem = JSON.parse(text) as { code?: string; detail?: string; errors?: unknown };
    return new ApiError(
      method,
      path,
      status,
      problem.code ?? 'unknown',
      [problem.detail ?? '', problem.errors ? JSON.stringify(problem.errors) : ''].join(' ').trim(),
    );
  } catch {
    return new ApiError(method, path, status, 'unknown', text.slice(0, 200));
  }
}
