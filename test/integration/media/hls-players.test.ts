/** A node's live playlists by the book, and in players that nobody of this project wrote. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LinkServer } from '../../support/link-server.ts';
import { NodeProcess } from '../../support/node-process.ts';
import { decodeComplaints } from '../../support/ffmpeg.ts';
import { playWithGstreamer } from '../../support/gstreamer-hls.ts';
import { faultsOfSeries } from '../../support/hls-conformance.ts';
import { readPlaylist } from '../../support/hls-playlist-reader.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';

const issuer = createTicketIssuer();
const camera = 'camera-1';

describe('live HLS of a node', () => {
  const server = new LinkServer();
  let simulator: Simulator;
  let node: NodeProcess;
  let baseUrl: string;

  /** One viewer. */
  const ticket = issuer.issue(camera, { expiresAtS: Math.floor(Date.now() / 1000) + 3600 });
  const url = (name: string): string => `${baseUrl}/live/${camera}/main/${name}${name.includes('?') ? '&' : '?'}ticket=${ticket}`;

  async function textOf(name: string): Promise<string> {
    const answer = await fetch(url(name));
    expect([name, answer.status]).toEqual([name, 200]);
    return answer.text();
  }

  beforeAll(async () => {
    simulator = await createSimulator({ cameras: [{ clip: 'test-card', audio: 'aac' }] });
    await server.start();
    const stream = { cameraId: camera, role: 'main', deviceId: null, credentials: null, transport: 'tcp', mode: 'always', recording: null } as const;
    server.desired = { generation: 1, ticketKeys: [issuer.key], streams: [{ ...stream, url: simulator.cameras[0]?.mainUrl ?? '' }] };
    node = new NodeProcess({ serverUrl: server.url });
    await vi.waitFor(() => expect(server.observed.at(-1)?.streams[0]?.phase).toBe('streaming'), { timeout: 60_000, interval: 100 });
    baseUrl = `http://127.0.0.1:${server.hellos[0]?.mediaPort}`;
  });

  afterAll(async () => {
    await node?.remove();
    await simulator?.close();
    await server.stop();
  });

  it('keeps every rule while a low-latency player asks, part by part', async () => {
    const texts = [await textOf('index.m3u8')];
    let parts = 0;
    while (texts.length < 40) {
      const { hintUri } = readPlaylist(texts.at(-1) ?? '');
      const [, msn, part] = /part-(\d+)\.(\d+)/.exec(hintUri ?? '') ?? [];
      if (msn === undefined || part === undefined) throw new Error('nothing is hinted');
      const skip = texts.length % 4 === 3 ? '&_HLS_skip=YES' : '';
      // The hinted part is asked for together with the playlist that lists it.
      const [text, media] = await Promise.all([
        textOf(`index.m3u8?_HLS_msn=${msn}&_HLS_part=${part}${skip}`),
        fetch(new URL(hintUri ?? '', `${baseUrl}/live/${camera}/main/`)),
      ]);
      expect(media.status).toBe(200);
      expect((await media.arrayBuffer()).byteLength).toBeGreaterThan(100);
      texts.push(text);
      parts++;
    }
    expect(parts).toBe(39);
    expect(faultsOfSeries(texts)).toEqual([]);
  });

  it('gives a player that overlooks low latency whole segments, one after another', async () => {
    const received = new Map<number, number>();
    let seconds = 0;
    while (seconds < 12) {
      // Without directives and hints; only EXTINF and what follows it counts.
      const text = await textOf('index.m3u8');
      const plain = readPlaylist(text).segments.filter((segment) => segment.uri !== null && !received.has(segment.sequence));
      for (const segment of plain) {
        const answer = await fetch(new URL(segment.uri ?? '', `${baseUrl}/live/${camera}/main/`));
        expect(answer.status).toBe(200);
        received.set(segment.sequence, (await answer.arrayBuffer()).byteLength);
        seconds += segment.seconds;
      }
      await sleep(500);
    }
    const sequences = [...received.keys()].sort((one, other) => one - other);
    expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] ?? 0) + index));
  });

  it('decodes in ffmpeg without a complaint', async () => {
    expect(await decodeComplaints(url('index.m3u8'), ['-t', '12'])).toBe('');
  });

  it.each(['hlsdemux', 'hlsdemux2'] as const)("decodes in GStreamer's %s without a complaint", async (demuxer) => {
    const viewing = await playWithGstreamer(url('index.m3u8'), demuxer, 12);
    expect(viewing.complaints).toEqual([]);
    expect(viewing.demuxers).toEqual([demuxer]);
    expect(viewing.seconds).toBeGreaterThanOrEqual(12);
    // 15 frames a second.
    expect(viewing.frames).toBeGreaterThanOrEqual(170);
    expect(viewing.audioBuffers).toBeGreaterThan(100);
  });
});
