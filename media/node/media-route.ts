/** Which of the URLs of `media/contract/media-api.ts` a request asks for: text in, plain data out. */
import type { StreamRole } from '../contract/streams.ts';
import type { MediaQuery } from './admitted-request.ts';

export type MediaRoute = OpenRoute | TicketedRoute;

/** Needs no ticket. */
export interface OpenRoute {
  readonly kind: 'open';
  readonly page: 'time' | 'health' | 'metrics';
}

export type TicketedRoute =
  | { readonly kind: 'live-playlist' | 'whep' | 'snapshot'; readonly cameraId: string; readonly role: StreamRole }
  | { readonly kind: 'live-media'; readonly cameraId: string; readonly role: StreamRole; readonly name: string }
  | { readonly kind: 'whep-session'; readonly cameraId: string; readonly role: StreamRole; readonly sessionId: string }
  | { readonly kind: 'playback-playlist' | 'playback-video'; readonly cameraId: string }
  | { readonly kind: 'playback-media'; readonly cameraId: string; readonly file: string; readonly name: string };

export interface MediaUrl {
  readonly route: MediaRoute;
  readonly query: MediaQuery;
}

/** Ids are UUIDs today; the node only needs them to be harmless in a path. */
const idPattern = /^[A-Za-z0-9_-]{1,64}$/;
/** File names: no separators, no leading dot, no climbing. */
const namePattern = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}$/;
const liveMediaPattern = /^(init-\d{1,12}\.mp4|segment-\d{1,12}\.m4s|part-\d{1,12}\.\d{1,6}\.m4s)$/;

/** A ticket alone, or with directives before it, in characters that stand for themselves: what players send. */
const plainTicket = /(?:^|&)ticket=([A-Za-z0-9._-]+)$/;

/** Reads the ticket of most requests without taking the whole query apart, which would cost as much as checking it. */
class TargetQuery implements MediaQuery {
  readonly #text: string;
  #parameters: URLSearchParams | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  get(name: string): string | null {
    if (this.#text === '') return null;
    if (name === 'ticket' && this.#parameters === null && this.#text.indexOf('ticket=') === this.#text.lastIndexOf('ticket=')) {
      const plain = plainTicket.exec(this.#text)?.[1];
      if (plain !== undefined) return plain;
    }
    this.#parameters ??= new URLSearchParams(this.#text);
    return this.#parameters.get(name);
  }
}

/** Reads the target of a request line. Null when it is none of ours; never throws. */
export function parseMediaUrl(target: string): MediaUrl | null {
  const questionMark = target.indexOf('?');
  const path = questionMark < 0 ? target : target.slice(0, questionMark);
  const route = parsePath(path);
  return route === null ? null : { route, query: new TargetQuery(questionMark < 0 ? '' : target.slice(questionMark + 1)) };
}

function parsePath(path: string): MediaRoute | null {
  if (!path.startsWith('/')) return null;
  const parts = path.slice(1).split('/');
  const [first, cameraId, third, fourth, fifth] = parts;
  if (parts.length === 1) {
    if (first === 'time') return { kind: 'open', page: 'time' };
    if (first === 'healthz') return { kind: 'open', page: 'health' };
    return first === 'metrics' ? { kind: 'open', page: 'metrics' } : null;
  }
  // Percent-encoding is never needed in our names, so a name that uses it is not ours.
  if (cameraId === undefined || !idPattern.test(cameraId) || third === undefined) return null;
  if (first === 'live') return parseLive(cameraId, third, fourth, fifth, parts.length);
  if (first === 'playback') return parsePlayback(cameraId, third, fourth, parts.length);
  return null;
}

function parseLive(cameraId: string, role: string, name: string | undefined, sessionId: string | undefined, partCount: number): MediaRoute | null {
  if (role !== 'main' && role !== 'sub') return null;
  if (partCount === 5) {
    return name === 'whep' && sessionId !== undefined && idPattern.test(sessionId) ? { kind: 'whep-session', cameraId, role, sessionId } : null;
  }
  if (partCount !== 4 || name === undefined) return null;
  if (name === 'index.m3u8') return { kind: 'live-playlist', cameraId, role };
  if (name === 'whep') return { kind: 'whep', cameraId, role };
  if (name === 'snapshot.jpg') return { kind: 'snapshot', cameraId, role };
  return liveMediaPattern.test(name) ? { kind: 'live-media', cameraId, role, name } : null;
}

function parsePlayback(cameraId: string, file: string, name: string | undefined, partCount: number): MediaRoute | null {
  if (partCount === 3) {
    if (file === 'index.m3u8') return { kind: 'playback-playlist', cameraId };
    return file === 'video.mp4' ? { kind: 'playback-video', cameraId } : null;
  }
  if (partCount !== 4 || name === undefined || !namePattern.test(file) || !namePattern.test(name)) return null;
  return { kind: 'playback-media', cameraId, file, name };
}
