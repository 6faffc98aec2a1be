/**
 * The conversation with a camera, as a pure state machine (RFC 2326 §10; RFC 7826 §C.1 for TCP).
 *
 *     step       | input                      | next        | effects
 *     -----------+----------------------------+-------------+-------------------------------------------
 *     new        | connected                  | options     | send OPTIONS
 *     options    | any answer but 401         | describe    | send DESCRIBE  (a camera without OPTIONS is still a camera)
 *     describe   | 200 with usable video      | setup-video | send SETUP
 *     options…play | 3xx, the first           | ended       | redirect
 *     describe   | the same, UDP wanted       | ports       | open ports
 *     ports      | ports opened               | setup-video | send SETUP
 *     setup-video| 200                        | setup-audio / play | send SETUP or plan tracks, send PLAY
 *     setup-video| 461, or UDP chosen, where `auto` | ports | open ports
 *     setup-audio| any answer but 401         | play        | plan tracks, send PLAY  (refused audio is left out)
 *     play       | 200, or media arrives      | playing     | play started, keep alive
 *     options…play | 401 with a new challenge | same        | send again with Authorization
 *     options…play | other refusal, overdue   | ended       | end with the reason
 *     playing    | keep-alive due             | playing     | send GET_PARAMETER or OPTIONS
 *     playing    | 4xx/5xx to GET_PARAMETER   | playing     | (OPTIONS from now on)
 *     any        | request of the camera      | same        | send an answer
 *     any        | TEARDOWN, REDIRECT of the camera | ended | send an answer, end
 *     any but new, ended | stop               | ended       | send TEARDOWN when there is a session
 *     ended      | anything                   | ended       | –
 */
import type { NoPictureReason, StreamTransport } from '../contract/streams.ts';
import { parseSessionDescription } from '../sdp/session-description.ts';
import { planTracks } from '../sdp/track-plan.ts';
import type { PlannedAudio, PlannedVideo } from '../sdp/track-plan.ts';
import { chooseChallenge, formatAuthorization } from './authentication.ts';
import type { Challenge } from './authentication.ts';
import { formatRtspRequest, formatRtspResponse, headerValue } from './rtsp-message.ts';
import type { RtspMessage, RtspRequest, RtspResponse } from './rtsp-message.ts';
import { parseRtspUrl, resolveControl } from './rtsp-url.ts';
import type { Credentials } from './rtsp-url.ts';
import { FIRST_DATAGRAM_CHANNEL, formatTransport, parseTransport } from './transport-header.ts';
import type { AskedRoute, TrackRoute } from './transport-header.ts';

export type RtspStep = 'new' | 'options' | 'describe' | 'ports' | 'setup-video' | 'setup-audio' | 'play' | 'playing' | 'ended';

type PlannedTrack<T> = TrackRoute & { readonly format: T };

/** What is going to arrive on which channel. */
export interface PlannedTracks {
  readonly video: PlannedTrack<PlannedVideo>;
  readonly audio: PlannedTrack<PlannedAudio> | null;
}

/** The whole state of one conversation. Holds secrets: never log it. */
export interface RtspSession {
  readonly step: RtspStep;
  readonly requestUri: string;
  readonly credentials: Credentials | null;
  /** A redirect was followed to get here; a second one is refused. */
  readonly wasRedirected: boolean;
  /** What is wanted of the camera, and what is being asked for just now. */
  readonly transport: StreamTransport;
  readonly via: 'tcp' | 'udp';
  /** Our even UDP ports, one for each track; empty before they are open. */
  readonly clientPorts: readonly number[];
  readonly cseq: number;
  readonly challenge: Challenge | null;
  readonly nonceCount: number;
  /** Times the request in hand was answered 401. */
  readonly refusals: number;
  readonly baseUri: string;
  readonly aggregateUri: string;
  readonly video: PlannedVideo | null;
  readonly audio: PlannedAudio | null;
  readonly videoRoute: TrackRoute;
  readonly audioRoute: TrackRoute | null;
  readonly sessionId: string | null;
  readonly keepAliveMs: number;
  readonly keepAliveMethod: 'GET_PARAMETER' | 'OPTIONS';
}

export type RtspSessionInput =
  | { readonly kind: 'connected' }
  | { readonly kind: 'message'; readonly message: RtspMessage }
  /** An interleaved packet came while it was not yet expected. */
  | { readonly kind: 'media-arrived' }
  /** Our even UDP ports in the order of the tracks; null: there are none free. */
  | { readonly kind: 'ports-opened'; readonly clientPorts: readonly number[] | null }
  | { readonly kind: 'answer-overdue' }
  | { readonly kind: 'keep-alive-due' }
  | { readonly kind: 'stop' };

export type RtspSessionEffect =
  | { readonly kind: 'send'; readonly text: string }
  /** Begin (again) to wait for an answer. */
  | { readonly kind: 'await-answer' }
  /** Open so many pairs of UDP ports and say which. */
  | { readonly kind: 'open-ports'; readonly pairs: number }
  | { readonly kind: 'tracks-planned'; readonly tracks: PlannedTracks }
  | { readonly kind: 'play-started'; readonly keepAliveMs: number }
  /** `isProxy`: the URI that was asked for stays, only the host to ask is another one (305). */
  | { readonly kind: 'redirect'; readonly location: string; readonly isProxy: boolean }
  | { readonly kind: 'end'; readonly reason: NoPictureReason | 'stopped'; readonly detail: string };

/** Result of one transition. */
export interface RtspTransition {
  readonly session: RtspSession;
  readonly effects: readonly RtspSessionEffect[];
}

const USER_AGENT = 'Yilan';
/** RFC 2326 §12.37: the session's timeout when the server names none. */
const DEFAULT_TIMEOUT_S = 60;
/** Cameras have been seen that name 0 or hours; between these a keep-alive neither floods nor comes too late. */
const MIN_KEEP_ALIVE_MS = 5000;
const MAX_KEEP_ALIVE_MS = 30_000;
/** One 401 brings the challenge, a second may say that the nonce is stale; a third is a refusal. */
const MAX_REFUSALS = 2;
/** RFC 2326 §11.3.5 (305 as in HTTP): ask the host of `Location` for the same URI. */
const USE_PROXY = 305;
/** RFC 2326 §11.3.14. */
const UNSUPPORTED_TRANSPORT = 461;

/** A conversation that has not begun. */
export function createRtspSession(
  requestUri: string,
  credentials: Credentials | null,
  wasRedirected: boolean,
  transport: StreamTransport = 'tcp',
): RtspSession {
  return {
    step: 'new',
    requestUri,
    credentials,
    wasRedirected,
    transport,
    via: transport === 'udp' ? 'udp' : 'tcp',
    clientPorts: [],
    cseq: 0,
    challenge: null,
    nonceCount: 0,
    refusals: 0,
    baseUri: requestUri,
    aggregateUri: requestUri,
    video: null,
    audio: null,
    videoRoute: { channels: { rtp: 0, rtcp: 1 }, datagrams: null },
    audioRoute: null,
    sessionId: null,
    keepAliveMs: (DEFAULT_TIMEOUT_S * 1000) / 2,
    keepAliveMethod: 'OPTIONS',
  };
}

/** The next state. `createNonce` gives fresh random text for Digest. */
export function nextRtspSession(session: RtspSession, input: RtspSessionInput, createNonce: () => string): RtspTransition {
  if (session.step === 'ended') return { session, effects: [] };
  switch (input.kind) {
    case 'connected':
      return session.step === 'new' ? request({ ...session, step: 'options' }, createNonce) : { session, effects: [] };
    case 'message':
      return input.message.kind === 'request' ? answerRequest(session, input.message) : onResponse(session, input.message, createNonce);
    case 'media-arrived':
      return session.step === 'play' ? startPlaying(session) : { session, effects: [] };
    case 'ports-opened':
      return session.step === 'ports' ? onPortsOpened(session, input.clientPorts, createNonce) : { session, effects: [] };
    case 'answer-overdue':
      return session.step === 'playing' || session.step === 'new'
        ? { session, effects: [] }
        : end(session, 'no-answer', `no answer to ${methodOf(session)}`);
    case 'keep-alive-due':
      return session.step === 'playing' ? request(session, createNonce) : { session, effects: [] };
    case 'stop':
      return stop(session, createNonce);
  }
}

function methodOf(session: RtspSession): string {
  switch (session.step) {
    case 'new':
    case 'options':
    case 'ended':
      return 'OPTIONS';
    case 'describe':
      return 'DESCRIBE';
    case 'ports':
    case 'setup-video':
    case 'setup-audio':
      return 'SETUP';
    case 'play':
      return 'PLAY';
    case 'playing':
      return session.keepAliveMethod;
  }
}

/** The request that belongs to the step the session stands in. */
function request(session: RtspSession, createNonce: () => string): RtspTransition {
  const method = methodOf(session);
  const headers: [string, string][] = [];
  let uri = session.requestUri;
  switch (session.step) {
    case 'describe':
      headers.push(['Accept', 'application/sdp']);
      break;
    case 'setup-video':
      uri = resolveControl(session.baseUri, session.video?.control ?? null);
      headers.push(['Transport', formatTransport(askedRoute(session))]);
      break;
    case 'setup-audio':
      uri = resolveControl(session.baseUri, session.audio?.control ?? null);
      headers.push(['Transport', formatTransport(askedRoute(session))]);
      break;
    case 'play':
      uri = session.aggregateUri;
      headers.push(['Range', 'npt=0.000-']);
      break;
    case 'playing':
      uri = session.aggregateUri;
      break;
    case 'new':
    case 'options':
    case 'ports':
    case 'ended':
      break;
  }
  const sent = send(session, method, uri, headers, createNonce);
  return session.step === 'playing' ? sent : { session: sent.session, effects: [...sent.effects, { kind: 'await-answer' }] };
}

/** What the SETUP of the step in hand asks for. */
function askedRoute(session: RtspSession): AskedRoute {
  const isVideo = session.step === 'setup-video';
  if (session.via === 'udp') {
    const rtp = FIRST_DATAGRAM_CHANNEL + (isVideo ? 0 : 2);
    return { channels: { rtp, rtcp: rtp + 1 }, clientPort: session.clientPorts[isVideo ? 0 : 1] ?? null };
  }
  if (isVideo) return { channels: { rtp: 0, rtcp: 1 }, clientPort: null };
  const taken = session.videoRoute.channels;
  const first = Math.max(taken.rtp, taken.rtcp) < 2 ? 2 : (Math.max(taken.rtp, taken.rtcp) + 1) & 0xfe;
  return { channels: { rtp: first, rtcp: first + 1 }, clientPort: null };
}

function send(session: RtspSession, method: string, uri: string, extra: readonly [string, string][], createNonce: () => string): RtspTransition {
  const cseq = session.cseq + 1;
  const headers: [string, string][] = [
    ['CSeq', String(cseq)],
    ['User-Agent', USER_AGENT],
  ];
  if (session.sessionId !== null) headers.push(['Session', session.sessionId]);
  let { nonceCount } = session;
  if (session.challenge !== null && session.credentials !== null) {
    nonceCount += 1;
    const authorized = { method, uri, nonceCount, clientNonce: createNonce() };
    headers.push(['Authorization', formatAuthorization(session.challenge, session.credentials, authorized)]);
  }
  const text = formatRtspRequest(method, uri, [...headers, ...extra]);
  return { session: { ...session, cseq, nonceCount }, effects: [{ kind: 'send', text }] };
}

function onResponse(session: RtspSession, response: RtspResponse, createNonce: () => string): RtspTransition {
  const cseq = headerValue(response.headers, 'cseq');
  // A late answer to a request that is no longer in hand. Quirk: a camera that leaves CSeq out is taken at its word.
  if (cseq !== null && Number(cseq) !== session.cseq) {
    // Quirk: a refused keep-alive is answered with the number of the request before it. Nothing else is in hand then.
    const isRefusedKeepAlive = session.step === 'playing' && response.status >= 400 && response.status !== 401;
    return { session: isRefusedKeepAlive ? { ...session, keepAliveMethod: 'OPTIONS' } : session, effects: [] };
  }
  // While ports are opened nothing is asked; what comes is an answer told twice.
  if (response.status < 200 || session.step === 'ports') return { session, effects: [] };
  if (response.status === 401) return onUnauthorized(session, response, createNonce);
  const location = headerValue(response.headers, 'location');
  if (response.status >= 300 && response.status < 400 && location !== null && session.step !== 'playing') {
    if (session.wasRedirected) return end(session, 'protocol-error', 'redirected twice');
    return { session: { ...session, step: 'ended' }, effects: [{ kind: 'redirect', location, isProxy: response.status === USE_PROXY }] };
  }
  const settled = { ...session, refusals: 0 };
  switch (session.step) {
    case 'options': {
      const knowsGetParameter = /\bGET_PARAMETER\b/i.test(headerValue(response.headers, 'public') ?? '');
      return request({ ...settled, step: 'describe', keepAliveMethod: knowsGetParameter ? 'GET_PARAMETER' : 'OPTIONS' }, createNonce);
    }
    case 'describe':
      return onDescribed(settled, response, createNonce);
    case 'setup-video':
    case 'setup-audio':
      return onSetUp(settled, response, createNonce);
    case 'play':
      // Quirk: a session that is named with PLAY only.
      return isSuccess(response) ? startPlaying(withSessionHeader(settled, headerValue(response.headers, 'session'))) : refuse(settled, response);
    case 'playing':
      // Quirk: GET_PARAMETER announced in Public and then refused; OPTIONS is answered by everybody.
      return { session: isSuccess(response) ? settled : { ...settled, keepAliveMethod: 'OPTIONS' }, effects: [] };
    case 'new':
    case 'ended':
      return { session, effects: [] };
  }
}

function isSuccess(response: RtspResponse): boolean {
  return response.status >= 200 && response.status < 300;
}

function onUnauthorized(session: RtspSession, response: RtspResponse, createNonce: () => string): RtspTransition {
  const challenge = chooseChallenge(response.headers.get('www-authenticate') ?? []);
  if (session.credentials === null) return end(session, 'unauthorized', 'the camera asks for a password and none is known');
  if (challenge === null) return end(session, 'unauthorized', 'the camera asks for a kind of authentication that is not supported');
  const wasAnswered = session.refusals > 0 || session.challenge !== null;
  const isStale = challenge.scheme === 'digest' && (challenge.isStale || isNewNonce(session.challenge, challenge.nonce));
  if (session.refusals >= MAX_REFUSALS || (wasAnswered && !isStale)) {
    if (session.step === 'playing') return { session, effects: [] };
    return end(session, 'unauthorized', 'user name or password is wrong');
  }
  return request({ ...session, challenge, nonceCount: 0, refusals: session.refusals + 1 }, createNonce);
}

/** Quirk: cameras change the nonce without saying `stale=true`; a wrong password costs one more attempt for it. */
function isNewNonce(before: Challenge | null, nonce: string): boolean {
  return before !== null && before.scheme === 'digest' && before.nonce !== nonce;
}

function onDescribed(session: RtspSession, response: RtspResponse, createNonce: () => string): RtspTransition {
  if (!isSuccess(response)) return refuse(session, response);
  const description = parseSessionDescription(response.body.toString('utf8'));
  if (typeof description === 'string') return end(session, 'protocol-error', `SDP: ${description}`);
  const plan = planTracks(description);
  if (!plan.ok) return end(session, plan.reason, plan.detail);
  const base = headerValue(response.headers, 'content-base') ?? headerValue(response.headers, 'content-location') ?? session.requestUri;
  // The URI goes out again in our requests: credentials that a camera echoes are cut off, and what is no URL, or not in
  // characters that a request line may have, is not used.
  const parsedBase = /^[!-~]+$/.test(base) ? parseRtspUrl(base) : null;
  const baseUri = parsedBase?.url.requestUri ?? session.requestUri;
  const aggregateUri = resolveControl(baseUri, description.control);
  const described = { ...session, baseUri, aggregateUri, video: plan.video, audio: plan.audio };
  return session.via === 'udp' ? openPorts(described) : request({ ...described, step: 'setup-video' }, createNonce);
}

function openPorts(session: RtspSession): RtspTransition {
  return { session: { ...session, step: 'ports', via: 'udp' }, effects: [{ kind: 'open-ports', pairs: session.audio === null ? 1 : 2 }] };
}

function onPortsOpened(session: RtspSession, clientPorts: readonly number[] | null, createNonce: () => string): RtspTransition {
  if (clientPorts === null) return end(session, 'protocol-error', 'no pair of UDP ports is free on this node');
  return request({ ...session, step: 'setup-video', clientPorts }, createNonce);
}

function onSetUp(session: RtspSession, response: RtspResponse, createNonce: () => string): RtspTransition {
  const isVideo = session.step === 'setup-video';
  const mayFallBack = isVideo && session.transport === 'auto' && session.via === 'tcp';
  if (!isSuccess(response)) {
    if (mayFallBack && response.status === UNSUPPORTED_TRANSPORT) return openPorts(session);
    // Quirk: sound that is described and then refused (switched off in the camera's menu) does not cost the picture.
    return isVideo ? refuse(session, response) : play({ ...session, audio: null }, createNonce);
  }
  const route = parseTransport(headerValue(response.headers, 'transport') ?? '', askedRoute(session));
  const opened = withSessionHeader(session, headerValue(response.headers, 'session'));
  if (route === null) return mayFallBack ? openPorts(opened) : end(session, 'protocol-error', 'the camera chose a transport that was not offered');
  if (!isVideo) {
    const isTaken = route.channels.rtp === session.videoRoute.channels.rtp;
    return isTaken ? end(session, 'protocol-error', 'two tracks on one channel') : play({ ...opened, audioRoute: route }, createNonce);
  }
  const next = { ...opened, videoRoute: route };
  return session.audio === null ? play(next, createNonce) : request({ ...next, step: 'setup-audio' }, createNonce);
}

function withSessionHeader(session: RtspSession, header: string | null): RtspSession {
  if (header === null) return session;
  const [id = '', ...parameters] = header.split(';').map((part) => part.trim());
  if (!/^[!-~]{1,256}$/.test(id)) return session;
  const timeout = parameters.map((parameter) => /^timeout\s*=\s*(\d{1,6})$/i.exec(parameter)?.[1]).find((value) => value !== undefined);
  const timeoutS = timeout === undefined ? DEFAULT_TIMEOUT_S : Number(timeout);
  const keepAliveMs = Math.min(MAX_KEEP_ALIVE_MS, Math.max(MIN_KEEP_ALIVE_MS, (timeoutS * 1000) / 2));
  // Quirk: another session with the second SETUP; the first one is what PLAY is for.
  return { ...session, sessionId: session.sessionId ?? id, keepAliveMs };
}

function play(session: RtspSession, createNonce: () => string): RtspTransition {
  const { video, audio, videoRoute, audioRoute } = session;
  if (video === null) return end(session, 'protocol-error', 'nothing was set up');
  const tracks: PlannedTracks = {
    video: { format: video, ...videoRoute },
    audio: audio !== null && audioRoute !== null ? { format: audio, ...audioRoute } : null,
  };
  const sent = request({ ...session, step: 'play' }, createNonce);
  return { session: sent.session, effects: [{ kind: 'tracks-planned', tracks }, ...sent.effects] };
}

function startPlaying(session: RtspSession): RtspTransition {
  return { session: { ...session, step: 'playing' }, effects: [{ kind: 'play-started', keepAliveMs: session.keepAliveMs }] };
}

function refuse(session: RtspSession, response: RtspResponse): RtspTransition {
  const detail = `${methodOf(session)} was answered ${response.status} ${response.reasonPhrase}`;
  switch (response.status) {
    case 403:
      return end(session, 'unauthorized', detail);
    case 404:
    case 410:
      return end(session, 'stream-not-found', detail);
    default:
      return end(session, 'protocol-error', detail);
  }
}

function answerRequest(session: RtspSession, incoming: RtspRequest): RtspTransition {
  const headers: [string, string][] = [['CSeq', headerValue(incoming.headers, 'cseq')?.slice(0, 20) ?? '0']];
  if (incoming.method === 'TEARDOWN' || incoming.method === 'REDIRECT') {
    const { session: ended, effects } = end(session, 'closed-by-camera', `the camera said ${incoming.method}`);
    return { session: ended, effects: [{ kind: 'send', text: formatRtspResponse(200, 'OK', headers) }, ...effects] };
  }
  const isKnown = incoming.method === 'OPTIONS' || incoming.method === 'GET_PARAMETER' || incoming.method === 'SET_PARAMETER';
  const text = isKnown ? formatRtspResponse(200, 'OK', headers) : formatRtspResponse(501, 'Not Implemented', headers);
  return { session, effects: [{ kind: 'send', text }] };
}

function stop(session: RtspSession, createNonce: () => string): RtspTransition {
  const teardown = session.sessionId === null ? [] : send(session, 'TEARDOWN', session.aggregateUri, [], createNonce).effects;
  return { session: { ...session, step: 'ended' }, effects: [...teardown, { kind: 'end', reason: 'stopped', detail: 'stopped by us' }] };
}

function end(session: RtspSession, reason: NoPictureReason, detail: string): RtspTransition {
  return { session: { ...session, step: 'ended' }, effects: [{ kind: 'end', reason, detail }] };
}
