/** Hundreds of small cameras behind one port that counts who is being connected: as an NVR sees it, per device and altogether. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { parseVideoStream } from '../simulator/annex-b.ts';
import { packetizeAccessUnit } from '../simulator/rtp-payload.ts';

/** Between DESCRIBE and its answer: what an encoder takes to start. */
const ENCODER_MS = 150;
const FRAME_EVERY_MS = 1000;

const { accessUnits, parameterSets } = parseVideoStream('h264', readFileSync(new URL('../simulator/clips/test-card.sub.h264', import.meta.url)));
const keyFrame = packetizeAccessUnit('h264', [...parameterSets, ...(accessUnits[0]?.nalUnits ?? [])], 1400, false);

const description = [
  'v=0',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  `a=fmtp:96 sprop-parameter-sets=${parameterSets.map((nalUnit) => nalUnit.toString('base64')).join(',')}`,
  'a=control:video',
  '',
].join('\r\n');

/** The port, and what it has seen. */
export class CameraFarm {
  /** True: connections are reset as soon as they name their camera. */
  isRefusing = false;
  /** Most connections without a picture yet, since the last {@link resetCounts}. */
  mostTogether = 0;
  mostOfDevice = 0;
  /** Devices in the order in which one of their cameras was asked first. */
  readonly askedDevices = new Set<string>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #connecting = new Map<Socket, string>();
  readonly #playing = new Map<Socket, { sequence: number; frame: number }>();
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
    this.#timer = setInterval(() => {
      for (const [socket, state] of this.#playing) sendKeyFrame(socket, state);
    }, FRAME_EVERY_MS);
  }

  get playing(): number {
    return this.#playing.size;
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  resetCounts(): void {
    this.mostTogether = 0;
    this.mostOfDevice = 0;
    this.askedDevices.clear();
  }

  /** The line to all of them breaks. */
  dropAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.dropAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    // Counted from the first byte of the connection on; its device is known with the first request.
    this.#connecting.set(socket, '');
    this.#count();
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#connecting.delete(socket);
      this.#playing.delete(socket);
    });
    socket.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      const cseq = /CSeq: (\d+)/.exec(text)?.[1];
      const device = /rtsp:\/\/[^/]+\/([^/ ]+)/.exec(text)?.[1];
      if (cseq === undefined || device === undefined) return;
      if (this.#connecting.has(socket)) {
        this.#connecting.set(socket, device);
        this.askedDevices.add(device);
        this.#count();
      }
      if (this.isRefusing) {
        this.#connecting.delete(socket);
        socket.resetAndDestroy();
        return;
      }
      const method = text.split(' ', 1)[0] ?? '';
      setTimeout(() => this.#answer(socket, method, cseq), method === 'DESCRIBE' ? ENCODER_MS : 0);
    });
  }

  #answer(socket: Socket, method: string, cseq: string): void {
    if (!socket.writable) return;
    const body = method === 'DESCRIBE' ? description : '';
    const headers = `CSeq: ${cseq}\r\nSession: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nContent-Length: ${body.length}\r\n`;
    socket.write(`RTSP/1.0 200 OK\r\n${headers}\r\n${body}`);
    if (method !== 'PLAY') return;
    const state = { sequence: 0, frame: 0 };
    // Taken off before the picture is on its way: what the node counts as under way is never less than this.
    this.#connecting.delete(socket);
    this.#playing.set(socket, state);
    sendKeyFrame(socket, state);
  }

  #count(): void {
    this.mostTogether = Math.max(this.mostTogether, this.#connecting.size);
    const byDevice = new Map<string, number>();
    for (const device of this.#connecting.values()) if (device !== '') byDevice.set(device, (byDevice.get(device) ?? 0) + 1);
    this.mostOfDevice = Math.max(this.mostOfDevice, ...byDevice.values());
  }
}

function sendKeyFrame(socket: Socket, state: { sequence: number; frame: number }): void {
  const pieces = keyFrame.flatMap((payload, index) => {
    const head = Buffer.alloc(16);
    head.set([0x24, 0, (payload.length + 12) >> 8, (payload.length + 12) & 0xff, 0x80, index === keyFrame.length - 1 ? 0xe0 : 0x60]);
    head.writeUInt16BE(state.sequence++ & 0xffff, 6);
    head.writeUInt32BE((state.frame * 90_000) >>> 0, 8);
    return [head, payload];
  });
  state.frame += 1;
  socket.write(Buffer.concat(pieces));
}
