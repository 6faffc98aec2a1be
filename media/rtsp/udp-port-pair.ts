/** Two neighbouring UDP ports, the even one for RTP and the odd one above for RTCP (RFC 3550 §11). */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';

/** An open pair. */
export interface UdpPortPair {
  readonly rtpPort: number;
  readonly rtp: Socket;
  readonly rtcp: Socket;
}

/** The other half of a free port is taken in about one of a hundred cases on a busy node. */
const ATTEMPTS = 20;
/** Room in the kernel for a key frame that arrives in one burst while the process is busy; Linux grants what `rmem_max` allows. */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;

/** Opens a pair on `address`, where the system finds one free; null when it finds none. */
export async function openUdpPortPair(address: string): Promise<UdpPortPair | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const first = await bind(address, 0);
    if (first === null) return null;
    const firstPort = first.address().port;
    const isEven = firstPort % 2 === 0;
    const second = await bind(address, isEven ? firstPort + 1 : firstPort - 1);
    if (second !== null) {
      const [rtp, rtcp] = isEven ? [first, second] : [second, first];
      return { rtpPort: rtp.address().port, rtp, rtcp };
    }
    first.close();
  }
  return null;
}

function bind(address: string, port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
    socket.once('error', () => {
      socket.close();
      resolve(null);
    });
    socket.bind({ port, address, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}
