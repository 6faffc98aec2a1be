/**
 * RTSP addresses as people type them: `rtsp://user:password@host:port/path?query`, or `rtsps://` for RTSP within TLS. This is the place where user name and
 * password leave the address; nothing behind it ever sees them together.
 */

export interface StreamCredentials {
  readonly username: string;
  readonly password: string;
}

export interface StreamAddress {
  /** Without user name, password and fragment. */
  readonly url: string;
  readonly host: string;
  readonly credentials: StreamCredentials | null;
}

export type StreamAddressFault = 'not-a-url' | 'not-rtsp' | 'no-host';

/**
 * Takes an address apart. The fault says what is wrong and never repeats the text, which may hold a password.
 *
 * Passwords with unescaped `@`, `/`, `?` or `#` are common on cameras; everything up to the last `@` before the path belongs to them,
 * and a `/` or `?` in a password has to be written as `%2F` or `%3F`.
 */
export function parseStreamAddress(text: string): StreamAddress | StreamAddressFault {
  const trimmed = text.trim();
  if (/[\s\u0000-\u001f\u007f]/.test(trimmed)) return 'not-a-url';
  const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/?]*)(.*)$/i.exec(trimmed);
  if (parts === null) return 'not-a-url';
  const [, scheme = '', authority = '', rest = ''] = parts;
  const isEncrypted = scheme.toLowerCase() === 'rtsps';
  if (!isEncrypted && scheme.toLowerCase() !== 'rtsp') return 'not-rtsp';
  const at = authority.lastIndexOf('@');
  const hostAndPort = authority.slice(at + 1);
  if (hostAndPort === '' || hostAndPort.startsWith(':')) return 'no-host';
  // The URL class knows no default port or host rules for rtsp:, http: has the same syntax.
  const parsed = URL.parse(`http://${hostAndPort}`);
  if (parsed === null || hostAndPort.includes('#')) return 'not-a-url';
  const credentials = at < 0 ? null : parseUserInfo(authority.slice(0, at));
  const path = rest.split('#')[0] ?? '';
  return { url: `${isEncrypted ? 'rtsps' : 'rtsp'}://${hostAndPort}${path}`, host: parsed.hostname, credentials };
}

function parseUserInfo(userInfo: string): StreamCredentials {
  const colon = userInfo.indexOf(':');
  const username = colon < 0 ? userInfo : userInfo.slice(0, colon);
  return { username: unescape(username), password: colon < 0 ? '' : unescape(userInfo.slice(colon + 1)) };
}

/** A lone `%` in a password is a percent sign, not an error. */
function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
