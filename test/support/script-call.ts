/** One HTTP request as a script makes it: every answer with status, headers and bytes, refusals among them. */
export interface ScriptRequest {
  readonly method?: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes are sent as they are, everything else as JSON. */
  readonly body?: unknown;
}

export interface ScriptAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** Null when it is no JSON. */
  // eslint-disable-next-line typescript/no-explicit-any -- tests compare whole values
  readonly json: any;
}

export async function callAsScript(url: string, request: ScriptRequest = {}): Promise<ScriptAnswer> {
  const { body } = request;
  const payload = typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body);
  const response = await fetch(url, {
    method: request.method ?? 'GET',
    redirect: 'manual',
    headers: {
      ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(body === undefined ? {} : { body: payload }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, json: parseOrNull(bytes.toString('utf8')) };
}

/** Status, media type and code of a refusal: what a script decides by. */
export function refusalOf(answer: ScriptAnswer): { readonly status: number; readonly type: string | null; readonly code: unknown } {
  return { status: answer.status, type: answer.headers.get('content-type'), code: answer.json?.code };
}

/** A refusal as {@link refusalOf} shows it. */
export function problem(status: number, code: string): { readonly status: number; readonly type: string; readonly code: string } {
  return { status, type: 'application/problem+json', code };
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
