/**
 * One client's RTSP connection (RFC 2326): answers requests, hands the client to the stream it plays, and
 * carries out the faults that concern the dialogue.
 */
import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';

import type { Camera, CameraConnection } from './camera.ts';
import type { CameraStream } from './camera-stream.ts';
import type { StreamRole } from './clip-catalogue.ts';
import { DatagramSession } from './datagram-session.ts';
import { formatRtspResponse, RtspRequestReader } from './rtsp-message.ts';
import type { RtspRequest } from './rtsp-message.ts';
import { formatSessionDescription } from './session-description.ts';
import { createViewerTrack, Viewer, ViewerLink } from './viewer.ts';
import type { ViewerTrack } from './viewer.ts';

/** What a URL means at this simulator. */
interface Target {
  readonly camera: Camera;
  readonly stream: CameraStream;
  readonly role: StreamRole;
  /** 0 video, 1 audio; null for the whole stream. */
  readonly track: number | null;
}

/** A client between SETUP and TEARDOWN. */
interface Session {
  readonly id: string;
  readonly stream: CameraStream;
  video: ViewerTrack | null;
  audio: ViewerTrack | null;
  viewer: Viewer | null;
  /** Null while everything goes through the connection. */
  datagrams: DatagramSession | null;
}

const PUBLIC_METHODS = 'OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, SET_PARAMETER, TEARDOWN';
/** A slow camera thinks this long about an answer. */
const SLOW_ANSWER_MS = 1500;
/** A slow camera lets out this much per tick of 10 ms: 128 kbps, too little for its own main stream. */
const SLOW_BYTES_PER_TICK = 160;

/**
 * Serves an accepted connection until either side ends it.
 *
 * @param findCamera the cameras behind this port
 * @param owner the camera whose own port this is, null behind a shared one: there a request tells whom it is for
 */
export function serveRtsp(
  socket: Socket,
  findCamera: (number: number) => Camera | undefined,
  owner: Camera | null,
  now: () => number,
): CameraConnection {
  const connection = new RtspConnection(socket, findCamera, now);
  if (owner !== null) connection.join(owner);
  return connection;
}

class RtspConnection implements CameraConnection {
  readonly #socket: Socket;
  readonly #findCamera: (number: number) => Camera | undefined;
  readonly #link: ViewerLink;
  readonly #reader = new RtspRequestReader();
  readonly #now: () => number;
  #camera: Camera | null = null;
  #session: Session | null = null;
  #lastHeardMs: number;

  constructor(socket: Socket, findCamera: (number: number) => Camera | undefined, now: () => number) {
    this.#socket = socket;
    this.#findCamera = findCamera;
    this.#now = now;
    this.#lastHeardMs = now();
    this.#link = new ViewerLink(socket);
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#receive(bytes));
    // A reset by the client is an ordinary end; 'close' follows and does the work.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#leave());
  }

  /** Makes this a connection to a camera; ends it at once if that camera takes none. */
  join(camera: Camera): void {
    if (this.#camera !== camera) {
      this.#camera?.connections.delete(this);
      this.#camera = camera;
      camera.connections.add(this);
    }
    if (camera.isRefusing) this.reset();
  }

  reset(): void {
    this.#leave();
    this.#socket.resetAndDestroy();
  }

  tick(nowMs: number): void {
    const camera = this.#camera;
    if (camera === null) return;
    for (const link of [this.#link, this.#session?.datagrams?.link]) {
      if (link === undefined || link.trickleBytes === 0) continue;
      const isSlow = camera.fault?.kind === 'slow';
      link.trickle(nowMs, isSlow ? SLOW_BYTES_PER_TICK : Number.POSITIVE_INFINITY);
    }
    const isExpired = nowMs - this.#lastHeardMs > camera.config.sessionTimeoutSeconds * 1000;
    if (this.#session?.viewer != null && isExpired) this.#end();
  }

  #receive(bytes: Buffer): void {
    this.#lastHeardMs = this.#now();
    try {
      for (const input of this.#reader.push(bytes)) {
        if (input.kind === 'request') this.#handle(input.request);
      }
    } catch {
      this.#socket.destroy();
    }
  }

  #handle(request: RtspRequest): void {
    const target = this.#target(request.url);
    if (target === null) {
      const status = request.method === 'OPTIONS' && /^(\*|rtsps?:\/\/[^/]+\/?)$/.test(request.url) ? 200 : 404;
      this.#answer(request, status, status === 200 ? { Public: PUBLIC_METHODS } : {});
      return;
    }
    this.join(target.camera);
    if (target.camera.isRefusing) return;
    const faultKind = target.camera.fault?.kind;
    if (faultKind === 'silence') return;
    const { authenticator } = target.camera;
    const isOpenToAll = request.method === 'OPTIONS' && faultKind !== 'unauthorized';
    const isAdmitted = authenticator.admits(request.method, request.headers.get('authorization'));
    if (faultKind === 'unauthorized' || (!isOpenToAll && !isAdmitted)) {
      this.#answer(request, 401, { 'WWW-Authenticate': authenticator.challenge() });
      return;
    }
    this.#dispatch(request, target);
  }

  #dispatch(request: RtspRequest, target: Target): void {
    switch (request.method) {
      case 'OPTIONS':
        this.#answer(request, 200, { Public: PUBLIC_METHODS });
        break;
      case 'DESCRIBE':
        this.#describe(request, target);
        break;
      case 'SETUP':
        this.#setup(request, target);
        break;
      case 'PLAY':
        this.#play(request, target);
        break;
      case 'GET_PARAMETER':
      case 'SET_PARAMETER':
        this.#answer(request, 200, this.#sessionHeader());
        break;
      case 'TEARDOWN':
        this.#answer(request, 200, this.#sessionHeader());
        this.#stopPlaying();
        this.#session = null;
        break;
      default:
        this.#answer(request, 501);
    }
  }

  #describe(request: RtspRequest, { camera, stream }: Target): void {
    const url = request.url.replace(/\/$/, '');
    const body = formatSessionDescription({
      title: camera.title,
      url,
      config: camera.config,
      video: stream.video,
      audio: stream.audio,
    });
    const headers: Record<string, string> = { 'Content-Type': 'application/sdp' };
    if (camera.config.contentBase) headers['Content-Base'] = `${url}/`;
    this.#answer(request, 200, headers, body);
  }

  #setup(request: RtspRequest, { camera, stream, track }: Target): void {
    const transport = request.headers.get('transport') ?? '';
    const isTcp = /RTP\/AVP\/TCP/i.test(transport);
    const clientPort = /client_port=(\d+)/.exec(transport)?.[1];
    if (!camera.config.transports.includes(isTcp ? 'tcp' : 'udp') || (!isTcp && clientPort === undefined)) {
      this.#answer(request, 461);
      return;
    }
    if (track === null || (track === 1 && stream.audio === null) || track > 1) {
      this.#answer(request, 404);
      return;
    }
    this.#session ??= { id: String(randomInt(1e8, 1e9)), stream, video: null, audio: null, viewer: null, datagrams: null };
    const session = this.#session;
    if (session.stream !== stream || session.viewer !== null) {
      this.#answer(request, 455);
      return;
    }
    const channel = Number(/interleaved=(\d+)/.exec(transport)?.[1] ?? track * 2) & 0xff;
    const kind = track === 0 ? 'video' : 'audio';
    session[kind] = createViewerTrack(channel, randomInt(0x10000));
    const ssrc = stream.ssrc(kind).toString(16).padStart(8, '0').toUpperCase();
    if (isTcp) {
      const path = `RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`;
      this.#answer(request, 200, { Transport: `${path};ssrc=${ssrc};mode="PLAY"`, ...this.#sessionHeader() });
      return;
    }
    session.datagrams ??= new DatagramSession(camera.config.network, this.#socket);
    session.datagrams.open(channel, Number(clientPort)).then(
      (serverPort) => {
        const path = `RTP/AVP;unicast;client_port=${clientPort}-${Number(clientPort) + 1};server_port=${serverPort}-${serverPort + 1}`;
        this.#answer(request, 200, { Transport: `${path};ssrc=${ssrc};mode="PLAY"`, ...this.#sessionHeader() });
      },
      () => this.#answer(request, 500),
    );
  }

  #play(request: RtspRequest, { camera, stream }: Target): void {
    const session = this.#session;
    if (session === null || session.stream !== stream || !this.#namesSession(request, session)) {
      this.#answer(request, 454);
      return;
    }
    const nowMs = this.#now();
    const infos = (['video', 'audio'] as const).flatMap((kind, track) => {
      const sequenceNumber = session[kind]?.sequenceNumber;
      if (sequenceNumber === undefined) return [];
      const url = `${request.url.replace(/\/$/, '')}/trackID=${track}`;
      return [`url=${url};seq=${sequenceNumber};rtptime=${stream.timestampAt(kind, nowMs)}`];
    });
    this.#answer(request, 200, { Range: 'npt=now-', 'RTP-Info': infos.join(','), ...this.#sessionHeader() });
    if (session.viewer !== null) return;
    session.viewer = new Viewer(session.datagrams?.link ?? this.#link, session.video, session.audio, camera.config.writeMode);
    stream.add(session.viewer, nowMs);
  }

  #answer(request: RtspRequest, status: number, headers: Readonly<Record<string, string>> = {}, body = ''): void {
    const bytes = Buffer.from(formatRtspResponse(status, request.headers.get('cseq'), headers, body));
    if (this.#camera?.fault?.kind === 'slow') this.#link.writeSlowly(bytes, this.#now() + SLOW_ANSWER_MS);
    else this.#link.write(bytes);
  }

  #sessionHeader(): Record<string, string> {
    if (this.#session === null || this.#camera === null) return {};
    return { Session: `${this.#session.id};timeout=${this.#camera.config.sessionTimeoutSeconds}` };
  }

  #namesSession(request: RtspRequest, session: Session): boolean {
    return request.headers.get('session')?.split(';')[0]?.trim() === session.id;
  }

  /** `/{number}/{main|sub}`, then a query, a slash or `trackID=` as the camera's control style has it. */
  #target(url: string): Target | null {
    const match = /^rtsps?:\/\/[^/]+\/(\d+)\/(main|sub)(?:[/?](.*))?$/.exec(url);
    if (match === null) return null;
    const camera = this.#findCamera(Number(match[1]));
    if (camera === undefined) return null;
    const role: StreamRole = match[2] === 'main' ? 'main' : 'sub';
    const track = /trackID=(\d)$/.exec(match[3] ?? '')?.[1];
    return { camera, role, stream: camera.streams[role], track: track === undefined ? null : Number(track) };
  }

  #stopPlaying(): void {
    const viewer = this.#session?.viewer;
    if (viewer != null) this.#session?.stream.remove(viewer);
    this.#session?.datagrams?.close();
  }

  #leave(): void {
    this.#stopPlaying();
    this.#session = null;
    this.#camera?.connections.delete(this);
    this.#camera = null;
  }

  #end(): void {
    this.#leave();
    this.#socket.destroy();
  }
}
