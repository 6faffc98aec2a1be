/** The smallest HTTP servers for a packager and for recordings: what a node does, with a fixed ticket. */
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { HlsPackager } from '../../media/hls/packager-contract.ts';
import type { PlaybackReader, PlaybackSpan } from '../../media/playback/playback-contract.ts';

const ticket = 'T.x';

/** Serves a stream until the current test ends; returns the playlist's URL. `requests` collects the paths asked for. */
export async function serveHls(packager: HlsPackager, requests: string[] = []): Promise<string> {
  const number = (text: string | null): number | null => (text === null ? null : Number(text));
  return serve(async (url, response) => {
    requests.push(`${url.pathname}${url.search}`);
    if (url.pathname === '/index.m3u8') {
      const query = { msn: number(url.searchParams.get('_HLS_msn')), part: number(url.searchParams.get('_HLS_part')) };
      const outcome = await packager.playlist({ ...query, skip: url.searchParams.has('_HLS_skip'), ticket });
      if (outcome.kind === 'playlist') sendPlaylist(response, outcome.text);
      else response.writeHead(503).end();
      return;
    }
    const outcome = await packager.media(url.pathname.slice(1));
    if (url.searchParams.get('ticket') !== ticket || outcome.kind !== 'media') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': outcome.contentType, 'Content-Length': outcome.sizeBytes });
    for (const buffer of outcome.buffers) response.write(buffer);
    response.end();
    response.once('close', () => outcome.release());
  });
}

/** Serves a span of recordings until the current test ends; returns the playlist's URL. */
export async function servePlayback(reader: PlaybackReader, span: PlaybackSpan): Promise<string> {
  return serve(async (url, response) => {
    const [, file, name] = url.pathname.split('/');
    if (url.pathname === '/index.m3u8') {
      const outcome = await reader.playlist(span, ticket);
      if (outcome.kind === 'playlist') sendPlaylist(response, outcome.text);
      else response.writeHead(404).end();
      return;
    }
    const outcome = await reader.media(span, file ?? '', name ?? '');
    if (outcome.kind === 'media') response.writeHead(200, { 'Content-Type': outcome.contentType }).end(outcome.bytes);
    else response.writeHead(404).end();
  });
}

async function serve(answer: (url: URL, response: ServerResponse) => Promise<void>): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    answer(new URL(request.url ?? '/', 'http://localhost'), response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/index.m3u8`;
}

function sendPlaylist(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'Content-Type': 'application/vnd.apple.mpegurl' }).end(text);
}
