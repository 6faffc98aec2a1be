/** RTSP URLs: where to connect, what to ask for, and how a control attribute becomes a request URI (RFC 2326 §3.2, §C.1.1; RFC 7826 §4.2 for rtsps). */

/** A camera's address without secrets. */
export interface RtspUrl {
  readonly host: string;
  readonly portNumber: number;
  /** rtsps: RTSP within TLS. */
  readonly isEncrypted: boolean;
  /** The URL as sent in requests: never with user or password. */
  readonly requestUri: string;
}

/** User name and password of a camera. Secret. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const DEFAULT_RTSP_PORT = 554;
const DEFAULT_RTSPS_PORT = 322;

/**
 * Takes a URL apart; credentials inside it are split off here, so that no other place sees them. Null: not an RTSP URL, or
 * one with an @ behind its authority (write %40). The path is kept as written: cameras compare it byte by byte.
 */
export function parseRtspUrl(text: string): { readonly url: RtspUrl; readonly credentials: Credentials | null } | null {
  const match = /^(rtsps?):\/\/(?:([^/?#]*)@)?(\[[0-9a-fA-F:.]+\]|[^/?#:@[\]\s]+)(?::(\d{1,5}))?([/?][^\s]*)?$/i.exec(text);
  if (match === null) return null;
  const [, scheme = '', userInfo, host = '', port, path = ''] = match;
  const isEncrypted = scheme.toLowerCase() === 'rtsps';
  // A slash or question mark in a password that nobody encoded: the host found is none, and the rest would leak.
  if (path.includes('@')) return null;
  const defaultPort = isEncrypted ? DEFAULT_RTSPS_PORT : DEFAULT_RTSP_PORT;
  const portNumber = port === undefined ? defaultPort : Number(port);
  if (portNumber < 1 || portNumber > 65_535) return null;
  const authority = port === undefined ? host : `${host}:${port}`;
  const bareHost = host.startsWith('[') ? host.slice(1, -1) : host;
  const url = { host: bareHost, portNumber, isEncrypted, requestUri: `${isEncrypted ? 'rtsps' : 'rtsp'}://${authority}${path}` };
  return { url, credentials: userInfo === undefined ? null : parseUserInfo(userInfo) };
}

function parseUserInfo(userInfo: string): Credentials {
  const colon = userInfo.indexOf(':');
  const [username, password] = colon < 0 ? [userInfo, ''] : [userInfo.slice(0, colon), userInfo.slice(colon + 1)];
  return { username: decodePercent(username), password: decodePercent(password) };
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign in a password that nobody encoded: taken as it is.
    return text;
  }
}

/**
 * The request URI for a control attribute: `*` and nothing stand for `base` itself, absolute URLs count as they are, a
 * path from the root replaces the path. Anything else is *appended* with one slash between: the query of `base`
 * stays in front, as every server expects that was tried, though RFC 3986 §5.2 would drop it.
 */
export function resolveControl(base: string, control: string | null): string {
  if (control === null || control === '' || control === '*') return base;
  if (/^rtsp[us]?:\/\//i.test(control)) return control;
  if (control.startsWith('/')) return `${/^rtsps?:\/\/[^/?#]*/i.exec(base)?.[0] ?? base}${control}`;
  if (control.startsWith('?')) return `${base}${control}`;
  return base.endsWith('/') ? `${base}${control}` : `${base}/${control}`;
}
