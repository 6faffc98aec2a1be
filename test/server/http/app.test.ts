import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { apiDocumentRouter } from '../../../server/http/api-document.ts';
import { createApp } from '../../../server/http/app.ts';
import { healthRouter, measureRequests } from '../../../server/http/health.ts';
import { pagesRouter } from '../../../server/http/pages.ts';
import { securityHeaders } from '../../../server/http/security-headers.ts';
import { silentLog } from '../../support/silent-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Site {
  readonly url: string;
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; headers: Headers; text: string }>;
}

/** The application around the API: headers, health, document, pages. */
async function openSite(fault: string | null = null, trustProxy = false): Promise<Site> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<title>一览</title>');
  await writeFile(join(folder, 'assets', 'main-abc123.js'), 'start()');
  await writeFile(join(folder, 'icon.svg'), '<svg/>');
  const registry = new Registry();
  const app = createApp({
    routes: [],
    sessions: { findUser: async () => null },
    log: silentLog,
    trustProxy,
    isAnswerChecked: true,
    headers: [
      measureRequests(registry),
      securityHeaders({ mediaOrigins: ({ protocol, hostname }) => [`${protocol}://${hostname}:8090`], isHttps: false }),
    ],
    extras: [
      (request, response, next) => {
        if (request.path === '/who') response.json([request.ip, request.protocol]);
        else next();
      },
      healthRouter([{ name: 'media-node', findFault: async () => fault }], registry),
      apiDocumentRouter([], '1.2.3'),
    ],
    pages: [pagesRouter(folder)],
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async get(path, headers = {}) {
      const response = await fetch(url + path, { headers });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
  };
}

describe('pages', () => {
  it('answers the first page at every address of the application, always fresh', async () => {
    const site = await openSite();
    for (const path of ['/', '/wall', '/cameras/0190a0a0-0000-7000-8000-000000000001']) {
      const page = await site.get(path, { accept: 'text/html,*/*' });
      expect([page.status, page.text, page.headers.get('cache-control')]).toEqual([200, '<title>一览</title>', 'no-cache']);
    }
  });

  it('keeps hashed files for a year and others not at all', async () => {
    const site = await openSite();
    expect((await site.get('/assets/main-abc123.js')).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await site.get('/icon.svg')).headers.get('cache-control')).toBe('no-cache');
  });

  it.each(['/assets/gone.js', '/gone.svg', '/api/nothing', '/api/v1/nothing'])('has a problem for %s, even for a browser', async (path) => {
    const site = await openSite();
    expect(await site.get(path, { accept: 'text/html' })).toMatchObject({ status: 404, text: expect.stringContaining('not-found') });
  });

  it.each(['/wall', '/..%2f..%2fetc/passwd', '/%00'])('has a problem for %s when a program asks', async (path) => {
    const site = await openSite();
    const answer = await site.get(path);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });
});

describe('the address of a caller', () => {
  // Limits and the audit trail go by it. What stands further left in the header came from the caller himself.
  const forged = { 'x-forwarded-for': '8.8.8.8, 10.0.0.7', 'x-forwarded-proto': 'https' };

  it('is the one that the reverse proxy saw, not the one that the caller claims', async () => {
    expect(JSON.parse((await (await openSite(null, true)).get('/who', forged)).text)).toEqual(['10.0.0.7', 'https']);
  });

  it('is that of the connection without a proxy', async () => {
    expect(JSON.parse((await (await openSite()).get('/who', forged)).text)).toEqual(['127.0.0.1', 'http']);
  });
});

describe('headers', () => {
  it('lets pages fetch media from the node of their own host, and nothing else from elsewhere', async () => {
    const site = await openSite();
    const policy = (await site.get('/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("connect-src 'self' http://127.0.0.1:8090 ws://127.0.0.1:8090;");
    expect(policy).toContain("media-src 'self' blob: http://127.0.0.1:8090;");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('upgrade-insecure-requests');
  });

  it('cannot be talked into another policy by a host that is none', async () => {
    const site = await openSite();
    const { port } = new URL(site.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.end('GET / HTTP/1.1\r\nHost: x;script-src *\r\nConnection: close\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).not.toContain('script-src *');
  });

  it('gives every answer an id, a sensible one of a proxy included', async () => {
    const site = await openSite();
    expect((await site.get('/')).headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    expect((await site.get('/', { 'x-request-id': 'proxy-1234567' })).headers.get('x-request-id')).toBe('proxy-1234567');
    expect((await site.get('/', { 'x-request-id': 'a b' })).headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });
});

describe('health', () => {
  it('is ready when nothing is missing, else says what', async () => {
    const ready = await openSite();
    expect((await ready.get('/healthz')).text).toBe('{"status":"ok"}');
    expect(await ready.get('/readyz')).toMatchObject({ status: 200, text: '{"status":"ready","checks":{"media-node":"ok"}}' });
    const missing = await openSite('no media node is linked');
    expect(await missing.get('/readyz')).toMatchObject({
      status: 503,
      text: '{"status":"not-ready","checks":{"media-node":"no media node is linked"}}',
    });
  });

  it('measures requests', async () => {
    const site = await openSite();
    await site.get('/healthz');
    expect((await site.get('/metrics')).text).toContain('yilan_http_request_seconds_count{method="GET",status="2xx"}');
  });
});

describe('the API document', () => {
  it('and its page come from this server', async () => {
    const site = await openSite();
    expect(JSON.parse((await site.get('/api/v1/openapi.json')).text)).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
    const page = (await site.get('/api/v1/docs')).text;
    const sources = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(sources).toHaveLength(3);
    for (const source of sources) expect((await site.get(source)).status).toBe(200);
  });
});
