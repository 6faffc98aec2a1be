/**
 * What delivery over HTTP costs: requests per second of CPU time of the node's HTTP face, ticket check included.
 *
 *     node test/bench/http-delivery.ts [seconds=3] [connections=16]
 *
 * This process has the face with a packager behind it; another one asks over connections that stay open, for parts of 100 KB and
 * then for playlists. Only this process is measured, system calls included. In turn with the parts, a `node:http` server that knows
 * nothing but one answer sends as many bytes: what the platform costs by itself, on this machine at this moment. Prints one line of JSON.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { systemClock } from '../../media/clock/clock.ts';
import { createHlsPackager } from '../../media/hls/packager.ts';
import { DecoderMissing } from '../../media/inspect/key-frame-decoder.ts';
import { SnapshotMaker } from '../../media/inspect/snapshot-maker.ts';
import { createHttpFace } from '../../media/node/http-face.ts';
import { LiveFace } from '../../media/node/live-face.ts';
import { PlaybackFace } from '../../media/node/playback-face.ts';
import { ServedStream } from '../../media/node/served-stream.ts';
import { SocketFace } from '../../media/node/socket-face.ts';
import { TicketChecker } from '../../media/node/ticket-check.ts';
import { WhepFace } from '../../media/node/whep-face.ts';
import type { Frame } from '../../media/stream/frame.ts';
import type { StreamHub } from '../../media/stream/sink.ts';
import { createPlaybackReader } from '../../media/playback/playback-reader.ts';
import { ClipHub, plainSlab } from '../support/clip-hub.ts';
import { ClipStream, desiredStream } from '../support/clip-stream.ts';
import { createTicketIssuer } from '../support/ticket-issuer.ts';

const cameraId = 'camera-1';
const partBytes = 100 * 1024;
const framesPerPart = 10;

interface Load {
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  readonly acceptEncoding: string | null;
}

/** The other process: each connection asks again as soon as it has its answer. */
function ask(): void {
  let sockets: Socket[] = [];
  let answers = 0;
  let answeredBytes = 0;
  process.on('message', (message: Load | 'count' | 'stop') => {
    if (message === 'count') process.send?.({ answers, answeredBytes });
    else if (message === 'stop') {
      for (const socket of sockets) socket.destroy();
      sockets = [];
    } else {
      const { port, path, connections, acceptEncoding } = message;
      const request = Buffer.from(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: */*\r\nOrigin: http://127.0.0.1\r\n` +
          `${acceptEncoding === null ? '' : `Accept-Encoding: ${acceptEncoding}\r\n`}\r\n`,
      );
      for (let index = 0; index < connections; index++) sockets.push(keepAsking(port, request));
    }
  });
  function keepAsking(port: number, request: Buffer): Socket {
    let missingBytes = 0;
    const socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: Buffer.alloc(256 * 1024),
        callback: (sizeBytes, buffer) => {
          if (missingBytes === 0) {
            const head = Buffer.from(buffer.buffer, buffer.byteOffset, sizeBytes).subarray(0, 2048).toString('latin1');
            const end = head.indexOf('\r\n\r\n');
            const length = /content-length: (\d+)/i.exec(head)?.[1];
            if (!head.startsWith('HTTP/1.1 200') || end < 0 || length === undefined) throw new Error(`unexpected answer: ${head.slice(0, 200)}`);
            missingBytes = Number(length) + end + 4;
          }
          missingBytes -= sizeBytes;
          answeredBytes += sizeBytes;
          if (missingBytes > 0) return true;
          answers++;
          socket.write(request);
          return true;
        },
      },
    });
    socket.on('error', () => {});
    socket.write(request);
    return socket;
  }
}

/** Frames that make parts of 100 KB, one after another in a slab, as a receiver writes them. */
function fillPackager(hub: StreamHub, sink: { onFrame(frame: Frame): void }): void {
  const frameBytes = partBytes / framesPerPart;
  const frames = 52;
  const slab = plainSlab(Buffer.alloc(frames * frameBytes, 0x41));
  for (let frame = 0; frame < frames; frame++) {
    sink.onFrame({
      kind: 'video',
      slab,
      start: frame * frameBytes,
      end: (frame + 1) * frameBytes,
      isKeyFrame: frame % 50 === 0,
      decodeTicks: frame * 3600,
      compositionOffsetTicks: 0,
      arrivedMonotonicMs: frame * 40,
      arrivedWallClockMs: Date.now(),
      generation: hub.tracks?.generation ?? 1,
    });
  }
}

/** The least that can be done for the same bytes; returns its port. */
async function startBareServer(): Promise<number> {
  const header = Buffer.alloc(300);
  const body = Buffer.alloc(partBytes);
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'video/mp4', 'Content-Length': header.length + body.length });
    response.cork();
    response.write(header);
    response.end(body);
    response.uncork();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function measure(seconds: number, connections: number): Promise<void> {
  const issuer = createTicketIssuer();
  const tickets = new TicketChecker();
  tickets.setKeys([issuer.key]);
  const hub = new ClipHub();
  const stream = new ServedStream({
    desired: desiredStream(cameraId),
    createManaged: () => Object.assign(new ClipStream(desiredStream(cameraId)), { hub }),
    createPackager: () => createHlsPackager({ clock: systemClock, firstMediaSequence: 1 }),
    createTranscoded: () => {
      throw new Error('nothing is transcoded here');
    },
    createRecorder: () => {
      throw new Error('nothing is recorded here');
    },
    onChange: () => {},
    onFailed: (error) => {
      throw error;
    },
    clock: systemClock,
  });
  const find = (): ServedStream => stream;
  const log = pino({ level: 'warn' });
  const face = createHttpFace({
    tickets,
    live: new LiveFace({
      stream: find,
      snapshots: new SnapshotMaker({ decode: () => Promise.reject(new DecoderMissing('none')) }, systemClock),
    }),
    whep: new WhepFace({
      stream: find,
      engine: {
        name: 'none',
        portNumber: 1,
        viewerCount: 0,
        droppedFrames: 0,
        answerOffer: () => Promise.reject(new Error('none')),
        close: async () => {},
      },
      tickets,
      clock: systemClock,
      log,
    }),
    playback: new PlaybackFace(createPlaybackReader({ directory: '/nonexistent' })),
    sockets: new SocketFace({ stream: find, tickets, maxViewers: 1, clock: systemClock, log }),
    metricsText: async () => '',
    certificate: null,
    clock: systemClock,
    log,
  });
  const port = await face.listen(0, '127.0.0.1');
  const ticket = issuer.issue(cameraId, { expiresAtS: Math.floor(Date.now() / 1000) + 3600 });
  fillPackager(hub, stream.hlsFor(ticket));

  const other = fork(fileURLToPath(import.meta.url), ['ask']);
  const count = async (): Promise<{ answers: number; answeredBytes: number }> => {
    other.send('count');
    const [counts] = (await once(other, 'message')) as [{ answers: number; answeredBytes: number }];
    return counts;
  };
  const run = async (path: string, acceptEncoding: string | null, toPort = port) => {
    const load: Load = { port: toPort, path: `/live/${cameraId}/main/${path}ticket=${ticket}`, connections, acceptEncoding };
    other.send(load);
    await sleep(1500);
    const before = await count();
    const cpuBefore = process.cpuUsage();
    await sleep(seconds * 1000);
    const { user, system } = process.cpuUsage(cpuBefore);
    const after = await count();
    other.send('stop');
    await sleep(300);
    const requests = after.answers - before.answers;
    return {
      requestsPerCpuSecond: Math.round(requests / ((user + system) / 1e6)),
      systemShare: Number((system / (user + system)).toFixed(2)),
      bytesPerAnswer: Math.round((after.answeredBytes - before.answeredBytes) / Math.max(1, requests)),
    };
  };
  const bare = await startBareServer();
  const rounds = [];
  for (let round = 0; round < 3; round++) {
    rounds.push({ parts: await run('part-1.1.m4s?', null), bare: await run('part-1.1.m4s?', null, bare) });
  }
  rounds.sort((one, other) => one.parts.requestsPerCpuSecond - other.parts.requestsPerCpuSecond);
  const [, median] = rounds;
  if (median === undefined) throw new Error('there were three rounds');
  const { parts } = median;
  const playlists = await run('index.m3u8?_HLS_msn=1&', null);
  const compressed = await run('index.m3u8?_HLS_msn=1&', 'gzip');
  console.log(
    JSON.stringify({
      requestsPerCpuSecond: parts.requestsPerCpuSecond,
      bareRequestsPerCpuSecond: median.bare.requestsPerCpuSecond,
      rounds: rounds.map((round) => [round.parts.requestsPerCpuSecond, round.bare.requestsPerCpuSecond]),
      systemShare: parts.systemShare,
      partBytes: parts.bytesPerAnswer,
      playlistsPerCpuSecond: playlists.requestsPerCpuSecond,
      playlistBytes: playlists.bytesPerAnswer,
      compressedPlaylistsPerCpuSecond: compressed.requestsPerCpuSecond,
      compressedPlaylistBytes: compressed.bytesPerAnswer,
    }),
  );
  other.kill();
  process.exit(0);
}

const [first, second] = process.argv.slice(2);
if (first === 'ask') ask();
else await measure(Number(first ?? 3), Number(second ?? 16));
