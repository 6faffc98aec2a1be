/**
 * Cameras that mean harm, or are as broken as if they did: one process, so that what they cost themselves is nobody else's. Which one
 * is the last word of the URL's path, see {@link HOSTILE_KINDS}.
 *
 *     fork('hostile-camera.ts')   sends its port to the parent, ends with it
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { parseVideoStream } from '../simulator/annex-b.ts';
import { packetizeAccessUnit } from '../simulator/rtp-payload.ts';

/** Those that misbehave in the conversation. */
const TALKERS = {
  'endless-headers': (socket: Socket) =>
    flood(socket, (turn) => Buffer.from(turn === 0 ? 'RTSP/1.0 200 OK\r\n' : 'X-Header: value\r\n'.repeat(4096))),
  'head-without-end': (socket: Socket) => flood(socket, (turn) => Buffer.from(turn === 0 ? 'RTSP/1.0 200 ' : 'a'.repeat(65_536))),
  'huge-content-length': (socket: Socket, cseq: string) => socket.write(`RTSP/1.0 200 OK\r\nCSeq: ${cseq}\r\nContent-Length: 4294967296\r\n\r\n`),
  'endless-answers': (socket: Socket) => flood(socket, () => Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 9999\r\n\r\n'.repeat(2048))),
  'endless-requests': (socket: Socket) => {
    // Reads none of the answers.
    socket.pause();
    flood(socket, () => Buffer.from('OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n'.repeat(2048)));
  },
  'redirect-loop': (socket: Socket, cseq: string, url: string) =>
    socket.write(`RTSP/1.0 302 Moved\r\nCSeq: ${cseq}\r\nLocation: ${url}\r\nContent-Length: 0\r\n\r\n`),
  'slow-describe': (socket: Socket, cseq: string) => {
    const text = `RTSP/1.0 200 OK\r\nCSeq: ${cseq}\r\nContent-Length: 200000\r\n\r\n`;
    let at = 0;
    const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ''), 20);
    socket.on('close', () => clearInterval(timer));
  },
} as const satisfies Record<string, (socket: Socket, cseq: string, url: string) => unknown>;

/** Those that misbehave in the description. */
const DESCRIPTIONS: Readonly<Record<string, () => string>> = {
  'million-tracks': () => `v=0\r\n${'m=video 0 RTP/AVP 96\r\n'.repeat(11_000)}`,
  'garbage-description': () => `v=0\r\n${'a=x:\u00ff\u0001;=,"'.repeat(20_000)}`.slice(0, 250_000),
  'description-bomb': () =>
    `v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n${`a=fmtp:96 sprop-parameter-sets=${'Z0I,'.repeat(13)}\r\n`.repeat(2900)}`,
};

const clips = ['test-card.sub', 'test-card.main'].map((name) =>
  parseVideoStream('h264', readFileSync(new URL(`../simulator/clips/${name}.h264`, import.meta.url))),
);
const [small, large] = clips;
if (small === undefined || large === undefined) throw new Error('clips are missing');

/** Makes the packets of one connection, sequence numbers and all. */
class PacketMaker {
  #sequence = 0;
  #frame = 0;

  packet(payload: Buffer, { channel = 0, hasMarker = false, timestamp = this.#frame * 3000, head = Buffer.alloc(0), flags = 0x80 } = {}): Buffer {
    const bytes = Buffer.alloc(16 + head.length);
    const sizeBytes = 12 + head.length + payload.length;
    bytes.set([0x24, channel, sizeBytes >> 8, sizeBytes & 0xff, flags, hasMarker ? 0xe0 : 0x60]);
    bytes.writeUInt16BE(this.#sequence++ & 0xffff, 6);
    bytes.writeUInt32BE(timestamp >>> 0, 8);
    head.copy(bytes, 16);
    return Buffer.concat([bytes, payload]);
  }

  /** One picture of the clip with its parameter sets in front if it is a key frame. */
  picture(clip: typeof small, index: number, timestamp?: number): Buffer {
    const unit = clip?.accessUnits[index % clip.accessUnits.length];
    const nalUnits = unit?.isKeyFrame === true ? [...(clip?.parameterSets ?? []), ...unit.nalUnits] : (unit?.nalUnits ?? []);
    const payloads = packetizeAccessUnit('h264', nalUnits, 1400, false);
    const at = timestamp ?? this.#frame * 3000;
    this.#frame += 1;
    return Buffer.concat(payloads.map((payload, part) => this.packet(payload, { hasMarker: part === payloads.length - 1, timestamp: at })));
  }

  /** `nalType` in fragments that never end, 64 KB each. */
  fragment(isFirst: boolean, sizeBytes = 60_000): Buffer {
    return this.packet(Buffer.concat([Buffer.from([0x7c, isFirst ? 0x85 : 0x05]), Buffer.alloc(sizeBytes, 0x55)]), { timestamp: 0 });
  }

  keyFrame(sizeBytes: number): Buffer {
    this.#frame += 1;
    const pieces = [this.packet(small?.parameterSets[0] ?? Buffer.alloc(0)), this.packet(small?.parameterSets[1] ?? Buffer.alloc(0))];
    const pieceBytes = 60_000;
    for (let at = 0; at < sizeBytes; at += pieceBytes) {
      const isLast = at + pieceBytes >= sizeBytes;
      const head = Buffer.from([0x7c, 0x05 | (at === 0 ? 0x80 : 0) | (isLast ? 0x40 : 0)]);
      pieces.push(this.packet(Buffer.concat([head, Buffer.alloc(pieceBytes, 0x55)]), { hasMarker: isLast }));
    }
    return Buffer.concat(pieces);
  }
}

interface Player {
  /** Null: as fast as the other side reads. */
  readonly everyMs: number | null;
  readonly next: (maker: PacketMaker, turn: number) => Buffer;
}

/** Those that misbehave while they play. */
const PLAYERS: Readonly<Record<string, Player>> = {
  'empty-packets': { everyMs: null, next: () => Buffer.from('24000000'.repeat(16_384), 'hex') },
  'unknown-channels': { everyMs: null, next: () => Buffer.from('247f0004deadbeef'.repeat(8192), 'hex') },
  'heavy-headers': {
    everyMs: null,
    next: (maker) => {
      const extension = Buffer.alloc(60 + 4 + 4 * 2000);
      extension.writeUInt16BE(2000, 62);
      return Buffer.concat(Array.from({ length: 64 }, () => maker.packet(Buffer.from([0x41, 0]), { head: extension, flags: 0x9f })));
    },
  },
  'endless-fragment': { everyMs: null, next: (maker, turn) => maker.fragment(turn === 0) },
  'empty-aggregates': {
    everyMs: null,
    next: (maker) =>
      Buffer.concat(Array.from({ length: 32 }, () => maker.packet(Buffer.concat([Buffer.from([24]), Buffer.alloc(2000)]), { hasMarker: true }))),
  },
  'huge-parameter-sets': {
    everyMs: null,
    next: (maker, turn) => maker.packet(Buffer.concat([Buffer.from([0x67, turn & 0xff]), Buffer.alloc(60_000, turn & 0xff)]), { hasMarker: true }),
  },
  'new-parameters': {
    everyMs: 10,
    next: (maker, turn) => maker.picture(turn % 2 === 0 ? small : large, 0),
  },
  'wild-timestamps': { everyMs: 20, next: (maker, turn) => maker.picture(small, turn, (turn * 0x9e3779b9) >>> 0) },
  'huge-key-frames': { everyMs: 1000 / 60, next: (maker) => maker.keyFrame(7_900_000) },
};

/** Every kind; the last word of the URL. */
export const HOSTILE_KINDS: readonly string[] = [...Object.keys(TALKERS), ...Object.keys(DESCRIPTIONS), ...Object.keys(PLAYERS)];

const ORDINARY = [
  'v=0',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  `a=fmtp:96 sprop-parameter-sets=${small.parameterSets.map((nalUnit) => nalUnit.toString('base64')).join(',')}`,
  'a=control:video',
  '',
].join('\r\n');

/** Writes what `next` makes as fast as it is read. */
function flood(socket: Socket, next: (turn: number) => Buffer): void {
  let turn = 0;
  const write = (): void => {
    while (socket.writable && socket.write(next(turn++)));
  };
  socket.on('drain', write);
  write();
}

function play(socket: Socket, { everyMs, next }: Player): void {
  const maker = new PacketMaker();
  // One whole picture first, so that it is a camera that streams.
  socket.write(maker.picture(small, 0));
  if (everyMs === null) {
    flood(socket, (turn) => next(maker, turn));
    return;
  }
  let turn = 0;
  const timer = setInterval(() => {
    if (socket.writableLength < 32_000_000) socket.write(next(maker, turn++));
  }, everyMs);
  socket.on('close', () => clearInterval(timer));
}

function serve(socket: Socket): void {
  let isTaken = false;
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    const text = bytes.toString('latin1');
    const cseq = /CSeq: (\d+)/.exec(text)?.[1];
    const [method = '', url = ''] = text.split(' ');
    if (cseq === undefined || isTaken) return;
    const kind = url.split('/').find((word) => HOSTILE_KINDS.includes(word)) ?? '';
    const talk = Object.entries(TALKERS).find(([name]) => name === kind)?.[1];
    if (talk !== undefined && method === 'DESCRIBE') {
      isTaken = kind !== 'redirect-loop';
      talk(socket, cseq, url);
      return;
    }
    const body = method === 'DESCRIBE' ? (DESCRIPTIONS[kind]?.() ?? ORDINARY) : '';
    const headers = `CSeq: ${cseq}\r\nSession: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
    socket.write(`RTSP/1.0 200 OK\r\n${headers}\r\n${body}`);
    const player = PLAYERS[kind];
    if (method === 'PLAY' && player !== undefined) play(socket, player);
  });
}

if (process.send !== undefined && process.argv[1]?.endsWith('hostile-camera.ts') === true) {
  const server = createServer(serve);
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.on('disconnect', () => process.exit());
}
