/**
 * Many cameras in one cheap process: an RTSP server whose cameras misbehave on request, for tests, benchmarks and the
 * demo. See `README.md` beside this file.
 */
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

import { Camera } from './camera.ts';
import { readCertificate } from './certificate.ts';
import { parseSimulatorConfig } from './camera-config.ts';
import type { AuthenticationConfig, SimulatorConfigInput } from './camera-config.ts';
import type { SentFrame } from './camera-stream.ts';
import { loadClipCatalogue } from './clip-catalogue.ts';
import type { StreamRole } from './clip-catalogue.ts';
import { createControlApi } from './control-api.ts';
import type { Fault, FaultKind } from './fault.ts';
import { serveRtsp } from './rtsp-connection.ts';

/** A stream as listings describe it. */
export interface SimulatedStream {
  /** Without credentials. */
  readonly url: string;
  readonly codec: 'h264' | 'h265';
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly audio: 'none' | 'aac' | 'pcma' | 'pcmu';
}

/** A camera as listings describe it. */
export interface SimulatedCameraDescription {
  readonly number: number;
  readonly title: string;
  readonly clip: string;
  readonly place: string;
  readonly light: 'day' | 'night';
  readonly authentication: AuthenticationConfig;
  readonly streams: Readonly<Record<StreamRole, SimulatedStream>>;
  readonly fault: Fault | null;
  readonly viewers: Readonly<Record<StreamRole, number>>;
}

/** A camera in a test's hand. */
export interface SimulatedCamera {
  readonly number: number;
  readonly mainUrl: string;
  readonly subUrl: string;
  describe(): SimulatedCameraDescription;
  /** Without `seconds` it lasts until it is cleared (a reboot: 30 s). */
  setFault(kind: FaultKind, seconds?: number): void;
  clearFault(): void;
  /** The last frames sent, oldest first; at most 1200 are kept. */
  sentFrames(role?: StreamRole, limit?: number): readonly SentFrame[];
}

/** A running simulator. */
export interface Simulator {
  readonly rtspPort: number;
  readonly httpPort: number;
  readonly cameras: readonly SimulatedCamera[];
  close(): Promise<void>;
}

/** Frames leave at most this late; at 10 ms the timer itself costs a few tenths of a percent of a core. */
const TICK_MS = 10;

/** Starts a simulator. Throws on a bad configuration or a port in use. */
export async function createSimulator(input: SimulatorConfigInput): Promise<Simulator> {
  const config = parseSimulatorConfig(input);
  const catalogue = loadClipCatalogue();
  const startedAtMs = wallClockMs();
  const cameras = config.cameras.map((cameraConfig, index) => new Camera(index + 1, cameraConfig, catalogue, startedAtMs));
  const sockets = new Set<Socket>();
  const sharing = new Map(cameras.filter((camera) => !hasOwnDoor(camera)).map((camera) => [camera.number, camera]));
  const sharedDoor = createDoor(sockets, (number) => sharing.get(number), null);
  await sharedDoor.open(config.rtspPort, config.host);
  const rtspPort = sharedDoor.port();

  const ownDoors = new Map<Camera, Door>();
  for (const camera of cameras) {
    const { ownPort } = camera.config;
    if (!hasOwnDoor(camera)) continue;
    const door = createDoor(sockets, (number) => (number === camera.number ? camera : undefined), camera);
    await door.open(typeof ownPort === 'number' ? ownPort : 0, config.host);
    ownDoors.set(camera, door);
  }

  const simulated = cameras.map((camera) => createSimulatedCamera(camera, config.host, ownDoors.get(camera)?.port() ?? rtspPort));
  const control = createControlApi(simulated);
  await listen(control, config.httpPort, config.host);

  const timer = setInterval(() => {
    const nowMs = wallClockMs();
    for (const camera of cameras) {
      camera.tick(nowMs);
      ownDoors.get(camera)?.setOpen(!camera.isRefusing);
    }
  }, TICK_MS);

  return {
    rtspPort,
    httpPort: (control.address() as AddressInfo).port,
    cameras: simulated,
    close: async () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      control.closeAllConnections();
      await Promise.all([sharedDoor, ...ownDoors.values()].map((door) => door.close()));
      await new Promise((resolve) => control.close(resolve));
    },
  };
}

/** Wall-clock milliseconds that never run backwards while the process lives. */
function wallClockMs(): number {
  return performance.timeOrigin + performance.now();
}

function createSimulatedCamera(camera: Camera, host: string, port: number): SimulatedCamera {
  const url = (role: StreamRole): string => {
    const query = camera.config.controlStyle === 'query';
    const suffix = query ? `?channel=${camera.number}&subtype=${role === 'main' ? 0 : 1}` : '';
    return `${camera.config.tls ? 'rtsps' : 'rtsp'}://${host}:${port}/${camera.number}/${role}${suffix}`;
  };
  const describeStream = (role: StreamRole): SimulatedStream => {
    const { file, fps } = camera.streams[role].video;
    const { codec, width, height } = file;
    return { url: url(role), codec, width, height, fps, audio: camera.config.audio };
  };
  return {
    number: camera.number,
    mainUrl: url('main'),
    subUrl: url('sub'),
    describe: () => ({
      number: camera.number,
      title: camera.title,
      clip: camera.clip.id,
      place: camera.clip.place,
      light: camera.clip.light,
      authentication: camera.config.authentication,
      streams: { main: describeStream('main'), sub: describeStream('sub') },
      fault: camera.fault,
      viewers: { main: camera.streams.main.viewerCount, sub: camera.streams.sub.viewerCount },
    }),
    setFault: (kind, seconds) => camera.requestFault(kind, seconds, wallClockMs()),
    clearFault: () => camera.withdrawFault(wallClockMs()),
    sentFrames: (role = 'main', limit = 600) => camera.streams[role].sentFrames(limit),
  };
}

function hasOwnDoor({ config }: Camera): boolean {
  return config.ownPort !== false || config.tls;
}

/** A listening port that can be shut and opened again. */
interface Door {
  open(port: number, host: string): Promise<void>;
  port(): number;
  setOpen(isOpen: boolean): void;
  close(): Promise<void>;
}

function createDoor(sockets: Set<Socket>, findCamera: (number: number) => Camera | undefined, owner: Camera | null): Door {
  let server: Server | null = null;
  let address = { host: '', port: 0 };
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveRtsp(socket, findCamera, owner, wallClockMs);
  };
  const create = (): Server => (owner?.config.tls === true ? createTlsServer(readCertificate(), serve) : createServer(serve));
  return {
    open: async (port, host) => {
      server = create();
      await listen(server, port, host);
      address = { host, port: (server.address() as AddressInfo).port };
    },
    port: () => address.port,
    setOpen: (isOpen) => {
      if (isOpen === (server !== null)) return;
      if (isOpen) {
        server = create();
        // Someone else has taken the port meanwhile: the camera stays unreachable, and the next tick tries again.
        server.on('error', () => (server = null));
        server.listen(address.port, address.host);
      } else {
        server?.close();
        server = null;
      }
    },
    close: async () => {
      const closing = server;
      server = null;
      if (closing !== null) await new Promise((resolve) => closing.close(resolve));
    },
  };
}

function listen(server: Server | ReturnType<typeof createControlApi>, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
