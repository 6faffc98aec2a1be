/** The UDP side of one client's session: a pair of ports for each track, and the link that viewers write to. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Socket as TcpSocket } from 'node:net';

import type { CameraConfig } from './camera-config.ts';
import { DatagramOutlet } from './datagram-outlet.ts';
import { createImpairedNetwork } from './impaired-network.ts';
import { ViewerLink } from './viewer.ts';

/** Ports of one session. */
export class DatagramSession {
  readonly link: ViewerLink;
  readonly #outlet: DatagramOutlet;
  readonly #localAddress: string;
  readonly #clientAddress: string;
  readonly #sockets: Socket[] = [];
  #isClosed = false;

  /** `connection`: the client's RTSP connection, whose addresses the datagrams share. */
  constructor(network: CameraConfig['network'], connection: TcpSocket) {
    this.#outlet = new DatagramOutlet(createImpairedNetwork(network));
    this.link = new ViewerLink(this.#outlet);
    this.#localAddress = connection.localAddress ?? '127.0.0.1';
    this.#clientAddress = connection.remoteAddress ?? '127.0.0.1';
  }

  /** Opens ports for the track on `channel`, whose packets the client wants at `clientPort` and above; returns the even one. */
  async open(channel: number, clientPort: number): Promise<number> {
    for (;;) {
      const rtp = await this.#bind(0);
      const rtpPort = rtp.address().port;
      const rtcp = rtpPort % 2 === 0 ? await this.#bind(rtpPort + 1).catch(() => null) : null;
      if (rtcp === null) continue;
      this.#outlet.setDestination(channel, { socket: rtp, port: clientPort, address: this.#clientAddress });
      this.#outlet.setDestination(channel + 1, { socket: rtcp, port: clientPort + 1, address: this.#clientAddress });
      return rtpPort;
    }
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#outlet.close();
    for (const socket of this.#sockets) socket.close();
  }

  async #bind(port: number): Promise<Socket> {
    const socket = createSocket('udp4');
    this.#sockets.push(socket);
    socket.bind(port, this.#localAddress);
    await once(socket, 'listening');
    socket.on('error', () => undefined);
    if (this.#isClosed) throw new Error('the client left');
    return socket;
  }
}
