/**
 * What lies between a WebRTC viewer and the node, as an address translator does: datagrams go through one UDP port towards the
 * viewer and another towards the node. It can lose packets, be cut, and give the viewer a new address, all on loopback.
 */
import { createSocket, type Socket } from 'node:dgram';

export class UdpRelay {
  /** Packets from the node to the viewer for which this says true are lost. */
  isLost: (packet: Buffer) => boolean = () => false;
  /** Nothing passes in either direction. */
  isCut = false;
  lostPackets = 0;
  /** Towards the viewer. */
  readonly #front: Socket;
  /** Towards the node; from here comes what the node takes for the viewer. */
  #back: Socket;
  readonly #nodePort: number;
  #viewer: { readonly port: number; readonly address: string } | null = null;

  /** A relay to the node's UDP port, listening. */
  static async open(nodePort: number): Promise<UdpRelay> {
    return new UdpRelay(nodePort, await bind('127.0.0.1'), await bind('127.0.0.1'));
  }

  private constructor(nodePort: number, front: Socket, back: Socket) {
    this.#nodePort = nodePort;
    this.#front = front;
    this.#back = back;
    front.on('message', (packet, viewer) => {
      this.#viewer = viewer;
      if (!this.isCut) this.#back.send(packet, this.#nodePort, '127.0.0.1');
    });
    this.#listenBack(back);
  }

  get port(): number {
    return this.#front.address().port;
  }

  /** The viewer appears under another address and port from now on; what is sent to the old ones gets nowhere. */
  async move(): Promise<void> {
    const old = this.#back;
    const next = await bind('127.0.0.2');
    this.#listenBack(next);
    this.#back = next;
    old.close();
  }

  /** The offer without the viewer's own addresses, which would lead past the relay. */
  withoutCandidates(offerSdp: string): string {
    return offerSdp.replaceAll(/a=candidate:.*\r\n/g, '');
  }

  /** The answer with the relay as the only address of the node. */
  throughRelay(answerSdp: string): string {
    const candidate = `a=candidate:1 1 UDP 2122317823 127.0.0.1 ${this.port} typ host`;
    return answerSdp.replaceAll(/a=candidate:.*\r\n/g, '').replace(/(a=mid:.*\r\n)/, `$1${candidate}\r\n`);
  }

  close(): void {
    this.#front.close();
    this.#back.close();
  }

  #listenBack(socket: Socket): void {
    socket.on('message', (packet) => {
      const { isCut } = this;
      const viewer = this.#viewer;
      if (viewer === null) return;
      if (isCut || this.isLost(packet)) this.lostPackets++;
      else this.#front.send(packet, viewer.port, viewer.address);
    });
  }
}

/** A line of `bps` with a buffer of a tenth of a second: what does not fit is lost. For {@link UdpRelay.isLost}. */
export function narrowLine(bps: number): (packet: Buffer) => boolean {
  const bufferBytes = bps / 8 / 10;
  let waitingBytes = 0;
  let atMs = performance.now();
  return (packet) => {
    const nowMs = performance.now();
    waitingBytes = Math.max(0, waitingBytes - ((nowMs - atMs) * bps) / 8000);
    atMs = nowMs;
    if (waitingBytes + packet.length > bufferBytes) return true;
    waitingBytes += packet.length;
    return false;
  };
}

/** The sequence number of an SRTP packet, whose header is in the clear (RFC 3711 §3.1); null for anything else (RFC 7983 §7, RFC 5761 §4). */
export function sequenceOf(packet: Buffer): number | null {
  const first = packet.readUInt8(0);
  const type = packet.readUInt8(1);
  return first >= 128 && first <= 191 && (type < 192 || type > 223) ? packet.readUInt16BE(2) : null;
}

function bind(address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
    socket.once('error', reject);
    socket.bind(0, address, () => resolve(socket));
  });
}
