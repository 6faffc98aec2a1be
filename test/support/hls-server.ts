/** The smallest HTTP server for a packager: what a node does, without tickets. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { HlsPackager } from '../../media/hls/packager-contract.ts';

/** Serves until the current test ends; returns the playlist's URL. `requests` collects the paths asked for. */
export async function serveHls(packager: HlsPackager, requests: string[] = []): Promise<string> {
  const number = (text: string | null): number | null => (text === null ? null : Number(text));
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    requests.push(`${url.pathname}${url.search}`);
    response.setHeader('Access-Control-Allow-Origin', '*');
    const answer = async (): Promise<void> => {
      const name = url.pathname.slice(1);
      if (name === 'index.m3u8') {
        const query = { msn: number(url.searchParams.get('_HLS_msn')), part: number(url.searchParams.get('_HLS_part')) };
        const outcome = await packager.playlist({ ...query, skip: url.searchParams.has('_HLS_skip'), ticket: 'T.x' });
        response.writeHead(outcome.kind === 'playlist' ? 200 : 503, { 'Content-Type': 'application/vnd.apple.mpegurl' });
        response.end(outcome.kind === 'playlist' ? outcome.text : '');
        return;
      }
      const outcome = await packager.media(name);
      if (url.searchParams.get('ticket') !== 'T.x' || outcome.kind !== 'media') {
        response.writeHead(404);
        response.end();
        return;
      }
      response.writeHead(200, { 'Content-Type': outcome.contentType, 'Content-Length': outcome.sizeBytes });
      for (const buffer of outcome.buffers) response.write(buffer);
      response.end(() => outcome.release());
    };
    answer().catch((error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/index.m3u8`;
}
