/** Looks whether the demo's ports are free before anything is started, so that a taken one is a clear sentence. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Null when free, else one sentence. Port 0 is always free. */
export function describeTakenPort(port: number, protocol: 'tcp' | 'udp', setting: string): Promise<string | null> {
  const sentence = `Port ${port}/${protocol} is already in use; stop the program that uses it, or choose another with ${setting}.`;
  return protocol === 'tcp'
    ? isTcpPortFree(port).then((free) => (free ? null : sentence))
    : isUdpPortFree(port).then((free) => (free ? null : sentence));
}

function isTcpPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '0.0.0.0', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function isUdpPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind({ port, address: '0.0.0.0', exclusive: true }, () => socket.close(() => resolve(true)));
  });
}
