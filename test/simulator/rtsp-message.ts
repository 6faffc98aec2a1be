/**
 * RTSP/1.0 requests out of a connection's bytes, and answers as text (RFC 2326 §4, §6, §7). Interleaved data from the
 * client (its receiver reports) is taken off between requests.
 */

/** A request as a camera reads it. Header names are in lower case. */
export interface RtspRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
}

/** What was found in the bytes: a request, or interleaved data that a camera only takes as a sign of life. */
export type RtspInput = { readonly kind: 'request'; readonly request: RtspRequest } | { readonly kind: 'interleaved' };

/** More than any request has; what grows past it is not RTSP. */
const MAX_BUFFERED_BYTES = 65_536;

/** Cuts a connection's bytes into requests. Throws on what can't be RTSP. */
export class RtspRequestReader {
  #buffered: Buffer = Buffer.alloc(0);

  /** Takes bytes (*copies*) and gives what is complete. */
  push(bytes: Buffer): RtspInput[] {
    this.#buffered = Buffer.concat([this.#buffered, bytes]);
    const inputs: RtspInput[] = [];
    for (let input = this.#take(); input !== null; input = this.#take()) inputs.push(input);
    if (this.#buffered.length > MAX_BUFFERED_BYTES) throw new Error('request too long');
    return inputs;
  }

  #take(): RtspInput | null {
    if (this.#buffered[0] === 0x24) {
      if (this.#buffered.length < 4) return null;
      const sizeBytes = 4 + this.#buffered.readUInt16BE(2);
      if (this.#buffered.length < sizeBytes) return null;
      this.#buffered = this.#buffered.subarray(sizeBytes);
      return { kind: 'interleaved' };
    }
    const headEnd = this.#buffered.indexOf('\r\n\r\n');
    if (headEnd < 0) return null;
    const [requestLine = '', ...headerLines] = this.#buffered.toString('utf8', 0, headEnd).trimStart().split('\r\n');
    const headers = new Map<string, string>();
    for (const line of headerLines) {
      const colon = line.indexOf(':');
      if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
    const sizeBytes = headEnd + 4 + (Number(headers.get('content-length') ?? 0) || 0);
    if (this.#buffered.length < sizeBytes) return null;
    const [method = '', url = '', version = ''] = requestLine.split(' ');
    if (!version.startsWith('RTSP/1.')) throw new Error(`not an RTSP request: ${requestLine.slice(0, 80)}`);
    this.#buffered = this.#buffered.subarray(sizeBytes);
    return { kind: 'request', request: { method, url, headers } };
  }
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  461: 'Unsupported Transport',
  501: 'Not Implemented',
};

/** Writes an answer. */
export function formatRtspResponse(status: number, cseq: string | undefined, headers: Readonly<Record<string, string>> = {}, body = ''): string {
  const lines = [`RTSP/1.0 ${status} ${REASONS[status] ?? 'Unknown'}`, `CSeq: ${cseq ?? '0'}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body !== '') lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
