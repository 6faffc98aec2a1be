/** A camera whose every answer a test writes, on a real socket. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { readCertificate } from '../../simulator/certificate.ts';

/** A request as it arrived. */
export interface ScriptedRequest {
  readonly method: string;
  readonly uri: string;
  readonly cseq: string;
  readonly text: string;
}

/** Answers one request, or does not. */
export type Script = (request: ScriptedRequest, socket: Socket) => void;

/** A listening camera. */
export class ScriptedCamera {
  readonly requests: ScriptedRequest[] = [];
  readonly sockets = new Set<Socket>();
  /** Interleaved packets that the client sent, such as receiver reports. */
  readonly packets: Buffer[] = [];
  readonly #server: Server;

  readonly #isEncrypted: boolean;

  /** `isEncrypted`: within TLS, with the simulator's certificate. */
  constructor(script: Script, { isEncrypted = false }: { readonly isEncrypted?: boolean } = {}) {
    this.#isEncrypted = isEncrypted;
    const serve = (socket: Socket): void => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
      let pending = Buffer.alloc(0);
      socket.on('data', (bytes) => {
        pending = Buffer.concat([pending, bytes]);
        for (;;) {
          if (pending[0] === 0x24 && pending.length >= 4 && pending.length >= 4 + pending.readUInt16BE(2)) {
            this.packets.push(pending.subarray(0, 4 + pending.readUInt16BE(2)));
            pending = pending.subarray(4 + pending.readUInt16BE(2));
            continue;
          }
          const end = pending.indexOf('\r\n\r\n');
          if (end < 0) return;
          const text = pending.toString('latin1', 0, end);
          pending = pending.subarray(end + 4);
          const [method = '', uri = ''] = text.split(' ');
          const request = { method, uri, cseq: /CSeq: (\d+)/.exec(text)?.[1] ?? '', text };
          this.requests.push(request);
          script(request, socket);
        }
      });
    };
    this.#server = isEncrypted ? createTlsServer(readCertificate(), serve) : createServer(serve);
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `${this.#isEncrypted ? 'rtsps' : 'rtsp'}://127.0.0.1:${(this.#server.address() as AddressInfo).port}/live`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Writes an answer. */
export function answer({ cseq }: ScriptedRequest, socket: Socket, status = 200, headers: Record<string, string> = {}, body = ''): void {
  const lines = Object.entries({ CSeq: cseq, ...headers, 'Content-Length': String(body.length) }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`RTSP/1.0 ${status} Text\r\n${lines.join('')}\r\n${body}`);
}

/** H.264 with parameter sets of 320 × 240. */
export const videoSdp =
  'v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n' +
  'a=fmtp:96 sprop-parameter-sets=Z0LADdoFB+xEAAADAEAAAAyDxQqo,aM48gA==\r\n';

/** Answers everything as an ordinary camera does. */
export const ordinary: Script = (request, socket) => {
  switch (request.method) {
    case 'DESCRIBE':
      answer(request, socket, 200, {}, videoSdp);
      return;
    case 'SETUP':
      answer(request, socket, 200, { Session: '7;timeout=20', Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' });
      return;
    default:
      answer(request, socket, 200, { Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN' });
  }
};
