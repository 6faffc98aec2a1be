import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { loadCertificate } from '../../../media/node/certificate.ts';
import { createHttpListener, type HttpListener } from '../../../media/node/http-listener.ts';
import { writeSelfSigned } from '../../support/certificate.ts';

const trusting = { rejectUnauthorized: false };

describe('the media port with a certificate', () => {
  let folder: string;
  let listener: HttpListener;
  let port: number;
  const held: (() => void)[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'yilan-test-'));
    const sockets = new WebSocketServer({ noServer: true });
    listener = createHttpListener({
      certificate: loadCertificate(writeSelfSigned(folder, 'first.example.cn')),
      onRequest: (request, response) => {
        const finish = (): void => {
          response.writeHead(200, ['Content-Type', 'text/plain']);
          response.end(`${request.httpVersionMajor} ${request.url}`);
        };
        if (request.url === '/held') held.push(finish);
        else finish();
      },
      isUpgrade: (request) => request.url === '/ws',
      onUpgrade: (request, stream, head) =>
        sockets.handleUpgrade(request, stream, head, (socket) => socket.on('message', (data) => socket.send(data))),
    });
    port = await listener.listen(0, '127.0.0.1');
  });

  afterEach(async () => {
    held.length = 0;
    await listener.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function textOverHttp1(path: string, headers: Record<string, string> = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      get({ ...trusting, host: '127.0.0.1', port, path, headers }, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => resolve(text));
      }).on('error', reject);
    });
  }

  function textOverHttp2(session: ClientHttp2Session, path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const stream = session.request({ ':path': path });
      let text = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => (text += chunk));
      stream.on('end', () => resolve(text));
      stream.on('error', reject);
    });
  }

  async function nameOfCertificate(): Promise<string> {
    const socket = connectTls({ ...trusting, host: '127.0.0.1', port });
    await once(socket, 'secureConnect');
    const name = String(socket.getPeerCertificate().subject.CN);
    socket.destroy();
    return name;
  }

  it('speaks HTTP/2 and HTTP/1.1, whichever the client chooses', async () => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, trusting);
    expect(await textOverHttp2(session, '/a?b=c')).toBe('2 /a?b=c');
    expect(await textOverHttp1('/a')).toBe('1 /a');
    session.close();
  });

  it('answers many requests of one connection that wait for each other', async () => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, trusting);
    const answers = Array.from({ length: 100 }, () => textOverHttp2(session, '/held'));
    expect(await textOverHttp2(session, '/at-once')).toBe('2 /at-once');
    while (held.length < 100) await new Promise((resolve) => setImmediate(resolve));
    for (const finish of held) finish();
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['2 /held']));
    session.close();
  });

  it('takes WebSockets, and declines other offers to switch', async () => {
    const socket = new WebSocket(`wss://127.0.0.1:${port}/ws`, trusting);
    await once(socket, 'open');
    socket.send('hello');
    const [echo] = (await once(socket, 'message')) as [Buffer];
    expect(echo.toString()).toBe('hello');
    socket.close();
    expect(await textOverHttp1('/a', { Connection: 'Upgrade', Upgrade: 'h2c' })).toBe('1 /a');
  });

  it('uses a renewed certificate for new connections and leaves open ones alone', async () => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, trusting);
    await once(session, 'connect');
    expect(await nameOfCertificate()).toBe('first.example.cn');
    listener.useCertificate(loadCertificate(writeSelfSigned(folder, 'second.example.cn')));
    expect(await nameOfCertificate()).toBe('second.example.cn');
    expect(await textOverHttp2(session, '/still')).toBe('2 /still');
    session.close();
  });

  it('survives what is no TLS', async () => {
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    expect(await textOverHttp1('/')).toBe('1 /');
  });

  it('ends with requests that are held', async () => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, trusting);
    session.on('error', () => {});
    const stream = session.request({ ':path': '/held' });
    stream.on('error', () => {});
    const http1 = textOverHttp1('/held').catch(() => 'cut');
    while (held.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const closed = once(stream, 'close');
    await listener.close();
    await closed;
    expect(await http1).toBe('cut');
  });
});
