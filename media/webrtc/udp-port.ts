/** Finding the one UDP port of all WebRTC sessions. */
import { createSocket } from 'node:dgram';

/** The UDP port is taken by another program, or may not be used. */
export class UdpPortUnavailable extends Error {
  readonly portNumber: number;

  constructor(portNumber: number, cause: unknown) {
    super(`UDP port ${portNumber} is not available`, { cause });
    this.name = 'UdpPortUnavailable';
    this.portNumber = portNumber;
  }
}

/**
 * Makes sure that `portNumber` is free by binding it for a moment; 0 finds a free one. The library that binds it next would
 * only fail later, at the first viewer. Rejects with {@link UdpPortUnavailable}.
 */
export function claimUdpPort(portNumber: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', (error) => {
      socket.close();
      reject(new UdpPortUnavailable(portNumber, error));
    });
    socket.bind({ port: portNumber, exclusive: true }, () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}
