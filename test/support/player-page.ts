/// <reference lib="dom" />
/** A blank page that plays a stream of a media node, by WHEP, by hls.js or over a WebSocket, and tells what it saw. Not the project's own player. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { openBrowser } from './chromium.ts';

/** What a viewer by WebRTC saw; `refusal` is the body of the answer when it was not 201. */
export interface WhepViewing {
  readonly status: number;
  readonly refusal: string;
  readonly shownFrames: number;
  readonly width: number;
  /** Age of the newest picture by the clock channel; null when it told nothing. */
  readonly ageMs: number | null;
  /** How often the browser had to ask for a key frame. */
  readonly keyFrameRequests: number;
  readonly audioPackets: number;
  /** Path of the session, as the node told it. */
  readonly location: string | null;
}

export interface HlsViewing {
  readonly fatalErrors: readonly string[];
  readonly shownFrames: number;
  readonly width: number;
  /** Age of what is shown by `EXT-X-PROGRAM-DATE-TIME`; null without. */
  readonly ageMs: number | null;
}

export interface SocketViewing {
  readonly mimeType: string;
  readonly shownFrames: number;
  readonly width: number;
  /** Age of what is shown by the arrivals in the fragments; null without. */
  readonly ageMs: number | null;
  readonly error: string | null;
}

export interface PlayerPages {
  /** The page stays open and playing. */
  open(): Promise<Page>;
  close(): Promise<void>;
}

/** Starts a browser and the server of its blank page. */
export async function openPlayerPages(): Promise<PlayerPages> {
  const player = readFileSync(new URL('../../node_modules/hls.js/dist/hls.min.js', import.meta.url));
  const server = createServer((request, response) => {
    if (request.url === '/hls.js') response.end(player);
    else response.setHeader('content-type', 'text/html').end('<script src="/hls.js"></script><video autoplay muted playsinline></video>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await openBrowser({ width: 800, height: 600 });
  return {
    async open() {
      const page = await browser.context.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      return page;
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Watches by WebRTC until `frames` were shown and the clock channel spoke, 30 s at most. The connection stays open. */
export function watchByWhep(page: Page, whepUrl: string, frames: number): Promise<WhepViewing> {
  return page.evaluate(
    async ([url, wanted]): Promise<WhepViewing> => {
      const video = document.querySelector('video');
      if (video === null) throw new Error('no video element');
      const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
      Reflect.set(globalThis, 'connection', connection);
      connection.addTransceiver('video', { direction: 'recvonly' });
      connection.addTransceiver('audio', { direction: 'recvonly' });
      const stream = new MediaStream();
      connection.ontrack = ({ track }) => stream.addTrack(track);
      video.srcObject = stream;
      const shown: { readonly rtpTimestamp: number; readonly atMs: number }[] = [];
      const onFrame = (_now: number, metadata: { rtpTimestamp?: number }): void => {
        shown.push({ rtpTimestamp: metadata.rtpTimestamp ?? -1, atMs: Date.now() });
        video.requestVideoFrameCallback(onFrame);
      };
      video.requestVideoFrameCallback(onFrame);
      const clock: { rtpTimestamp: number; clockRateHz: number; arrivedAtMs: number }[] = [];
      connection.createDataChannel('clock').addEventListener('message', ({ data }) => clock.push(JSON.parse(String(data))));
      await connection.setLocalDescription();
      const body = connection.localDescription?.sdp ?? '';
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/sdp' }, body });
      const text = await answer.text();
      const nothing = { shownFrames: 0, width: 0, ageMs: null, keyFrameRequests: 0, audioPackets: 0, location: null };
      if (answer.status !== 201) return { status: answer.status, refusal: text, ...nothing };
      await connection.setRemoteDescription({ type: 'answer', sdp: text });
      for (let waited = 0; waited < 300 && (shown.length < wanted || clock.length < 2); waited++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const inbound = [...(await connection.getStats()).values()].filter((report) => report.type === 'inbound-rtp');
      const last = shown.at(-1);
      const newest = clock.at(-1);
      const arrivedAtMs =
        last === undefined || newest === undefined
          ? null
          : newest.arrivedAtMs + ((last.rtpTimestamp - newest.rtpTimestamp) * 1000) / newest.clockRateHz;
      return {
        status: answer.status,
        refusal: '',
        shownFrames: shown.length,
        width: video.videoWidth,
        ageMs: last === undefined || arrivedAtMs === null ? null : last.atMs - arrivedAtMs,
        keyFrameRequests: inbound.find((report) => report.kind === 'video')?.pliCount ?? -1,
        audioPackets: inbound.find((report) => report.kind === 'audio')?.packetsReceived ?? 0,
        location: answer.headers.get('location'),
      };
    },
    [whepUrl, frames] as const,
  );
}

/** Ends what {@link watchByWhep} left open, without a word to the node. */
export async function hangUp(page: Page): Promise<void> {
  await page.evaluate(() => Reflect.get(globalThis, 'connection').close());
}

/** Watches by LL-HLS in hls.js until `frames` were shown, 30 s at most. */
export function watchByHls(page: Page, playlistUrl: string, frames: number): Promise<HlsViewing> {
  return page.evaluate(
    async ([url, wanted]): Promise<HlsViewing> => {
      const video = document.querySelector('video');
      const Hls = Reflect.get(globalThis, 'Hls');
      if (video === null) throw new Error('no video element');
      const fatalErrors: string[] = [];
      const hls = new Hls({ lowLatencyMode: true });
      hls.on(Hls.Events.ERROR, (_event: string, data: { fatal: boolean; details: string }) => {
        if (data.fatal) fatalErrors.push(data.details);
      });
      hls.loadSource(url);
      hls.attachMedia(video);
      const shownAt: number[] = [];
      const onFrame = (now: number): void => {
        shownAt.push(now);
        video.requestVideoFrameCallback(onFrame);
      };
      video.requestVideoFrameCallback(onFrame);
      for (let waited = 0; waited < 300 && shownAt.length < wanted && fatalErrors.length === 0; waited++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const playingDate: Date | null = hls.playingDate;
      const viewing = { fatalErrors, shownFrames: shownAt.length, width: video.videoWidth };
      hls.destroy();
      return { ...viewing, ageMs: playingDate === null ? null : Date.now() - playingDate.getTime() };
    },
    [playlistUrl, frames] as const,
  );
}

/** Watches over a WebSocket with the plainest Media Source code there is, until `frames` were shown, 30 s at most. */
export function watchBySocket(
  page: Page,
  url: string,
  stream: { readonly cameraId: string; readonly role: string; readonly ticket: string; readonly video?: string },
  frames: number,
): Promise<SocketViewing> {
  return page.evaluate(
    async ([address, subscription, wanted]): Promise<SocketViewing> => {
      const video = document.querySelector('video');
      if (video === null) throw new Error('no video element');
      const source = new MediaSource();
      video.src = URL.createObjectURL(source);
      await new Promise((resolve) => source.addEventListener('sourceopen', resolve, { once: true }));
      const socket = new WebSocket(address, 'yilan-live-1');
      socket.binaryType = 'arraybuffer';
      let mimeType = '';
      let buffer: SourceBuffer | null = null;
      const waiting: ArrayBuffer[] = [];
      const marks: { readonly startSeconds: number; readonly arrivedAtMs: number }[] = [];
      const next = (): void => {
        if (buffer === null || buffer.updating) return;
        if (video.buffered.length > 0 && video.currentTime < video.buffered.start(0)) video.currentTime = video.buffered.end(0) - 0.1;
        const data = waiting.shift();
        if (data !== undefined) buffer.appendBuffer(data);
      };
      socket.addEventListener('open', () => socket.send(JSON.stringify({ kind: 'subscribe', channel: 1, ...subscription })));
      socket.addEventListener('message', ({ data }: MessageEvent) => {
        if (typeof data === 'string') {
          const message = JSON.parse(data);
          if (message.kind !== 'tracks') return;
          mimeType = message.mimeType;
          buffer = source.addSourceBuffer(mimeType);
          buffer.addEventListener('updateend', next);
          return;
        }
        const view = new DataView(data);
        if (view.getUint8(2) === 2) marks.push({ startSeconds: view.getFloat64(12), arrivedAtMs: view.getFloat64(4) });
        waiting.push(data.slice(20));
        next();
      });
      const shown: { readonly mediaTime: number; readonly atMs: number }[] = [];
      const onFrame = (_now: number, { mediaTime }: { mediaTime: number }): void => {
        shown.push({ mediaTime, atMs: Date.now() });
        video.requestVideoFrameCallback(onFrame);
      };
      video.requestVideoFrameCallback(onFrame);
      for (let waited = 0; waited < 300 && shown.length < wanted && video.error === null; waited++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const last = shown.at(-1);
      const mark = last === undefined ? undefined : marks.findLast(({ startSeconds }) => startSeconds <= last.mediaTime + 0.001);
      const ageMs = last === undefined || mark === undefined ? null : last.atMs - mark.arrivedAtMs - (last.mediaTime - mark.startSeconds) * 1000;
      return { mimeType, shownFrames: shown.length, width: video.videoWidth, ageMs, error: video.error?.message ?? null };
    },
    [url, stream, frames] as const,
  );
}
