/**
 * RTSP requests and responses as text (RFC 2326 §6, §7; RFC 7826 for what cameras took over from it).
 *
 *     RTSP/1.0 SP status SP reason CRLF          METHOD SP uri SP RTSP/1.0 CRLF
 *     *(name ":" value CRLF) CRLF [body of Content-Length bytes]
 */

/** Header fields by lower-case name, values in order of appearance. */
export type RtspHeaders = ReadonlyMap<string, readonly string[]>;

export interface RtspResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly reasonPhrase: string;
  readonly headers: RtspHeaders;
  readonly body: Buffer;
}

/** A request of the camera to us: rare, but some ask for OPTIONS or announce an end. */
export interface RtspRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly headers: RtspHeaders;
  readonly body: Buffer;
}

export type RtspMessage = RtspResponse | RtspRequest;

/** Start line and headers without body. */
export type RtspHead = Omit<RtspResponse, 'body'> | Omit<RtspRequest, 'body'>;

/** Cameras send fewer than 20; more is nonsense. */
const MAX_HEADERS = 100;

/** Parses start line and headers (without the empty line). Returns a short reason on failure. */
export function parseRtspHead(text: string): RtspHead | string {
  const lines = text.split(/\r\n|\n|\r/);
  const startLine = lines[0] ?? '';
  const headers = new Map<string, string[]>();
  let previous: string[] | null = null;
  for (const line of lines.slice(1)) {
    if (line === '') continue;
    if ((line.startsWith(' ') || line.startsWith('\t')) && previous !== null) {
      // A folded line (RFC 822 §3.1.1) continues the value before it.
      previous.push(`${previous.pop() ?? ''} ${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 1) return 'header line without a name';
    const name = line.slice(0, colon).trim().toLowerCase();
    const values = headers.get(name) ?? [];
    values.push(line.slice(colon + 1).trim());
    headers.set(name, values);
    previous = values;
    if (headers.size > MAX_HEADERS || values.length > MAX_HEADERS) return 'too many headers';
  }
  const status = /^RTSP\/\d\.\d (\d{3})(?: (.*))?$/.exec(startLine);
  if (status !== null) return { kind: 'response', status: Number(status[1]), reasonPhrase: (status[2] ?? '').slice(0, 100), headers };
  const request = /^([A-Z_]{1,30}) (\S{1,2000}) RTSP\/\d\.\d$/.exec(startLine);
  if (request !== null) return { kind: 'request', method: request[1] ?? '', uri: request[2] ?? '', headers };
  return 'neither a status line nor a request line';
}

/** First value of a header, or null. `name` in lower case. */
export function headerValue(headers: RtspHeaders, name: string): string | null {
  return headers.get(name)?.[0] ?? null;
}

/** Writes a request without body. */
export function formatRtspRequest(method: string, uri: string, headers: readonly (readonly [string, string])[]): string {
  return `${method} ${uri} RTSP/1.0\r\n${formatHeaders(headers)}\r\n`;
}

/** Writes a response without body. */
export function formatRtspResponse(status: number, reasonPhrase: string, headers: readonly (readonly [string, string])[]): string {
  return `RTSP/1.0 ${status} ${reasonPhrase}\r\n${formatHeaders(headers)}\r\n`;
}

function formatHeaders(headers: readonly (readonly [string, string])[]): string {
  return headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
}
