/**
 * What a WebSocket viewer costs: percent of a core of the sending process per viewer of one 4 Mbps stream.
 *
 *     node test/bench/websocket-viewers.ts [viewers=100] [seconds=10]
 *
 * A process of its own holds the viewers, each on a connection of its own; this process has the WebSocket face and a hub with
 * frames of the right sizes at 25 per second. What the hub costs alone is taken off. Prints one line of JSON.
 */
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { WebSocket } from 'ws';
import { systemClock } from '../../media/clock/clock.ts';
import type { PageMessage } from '../../media/contract/live-socket.ts';
import { createHlsPackager } from '../../media/hls/packager.ts';
import { ServedStream } from '../../media/node/served-stream.ts';
import { SocketFace } from '../../media/node/socket-face.ts';
import { TicketChecker } from '../../media/node/ticket-check.ts';
import { ClipStream, desiredStream } from '../support/clip-stream.ts';
import { createTicketIssuer } from '../support/ticket-issuer.ts';
import { cpuPercent } from './cpu-percent.ts';
import { framesPerSecond, SyntheticHub } from './synthetic-hub.ts';

const cameraId = 'camera-1';

interface ViewersWanted {
  readonly viewers: number;
  readonly url: string;
  readonly ticket: string;
}

/** The other process: connects, and counts what arrives. */
function receive(): void {
  let receivedBytes = 0;
  process.on('message', (message: ViewersWanted | 'count') => {
    if (message === 'count') {
      process.send?.(receivedBytes);
      return;
    }
    const { viewers, url, ticket } = message;
    const subscribe: PageMessage = { kind: 'subscribe', channel: 1, cameraId, role: 'main', ticket };
    for (let viewer = 0; viewer < viewers; viewer++) {
      const socket = new WebSocket(url, 'yilan-live-1');
      socket.on('open', () => socket.send(JSON.stringify(subscribe)));
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        if (isBinary) receivedBytes += data.length;
      });
    }
  });
}

async function measure(viewers: number, seconds: number): Promise<void> {
  const hub = new SyntheticHub();
  const issuer = createTicketIssuer();
  const tickets = new TicketChecker();
  tickets.setKeys([issuer.key]);
  const source = new ClipStream(desiredStream(cameraId));
  const stream = new ServedStream({
    desired: desiredStream(cameraId),
    createManaged: () => Object.assign(source, { hub }),
    createPackager: () => createHlsPackager({ clock: systemClock }),
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
  const face = new SocketFace({ stream: () => stream, tickets, maxViewers: viewers, clock: systemClock, log: pino({ level: 'silent' }) });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => face.accept(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  setInterval(() => hub.next(), 1000 / framesPerSecond);

  const other = fork(fileURLToPath(import.meta.url), ['receive']);
  const counts: number[] = [];
  other.on('message', (receivedBytes: number) => counts.push(receivedBytes));
  await sleep(1000);
  const alone = await cpuPercent(3);
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
  const wanted: ViewersWanted = { viewers, url, ticket: issuer.issue(cameraId, { expiresAtS: Math.floor(Date.now() / 1000) + 3600 }) };
  other.send(wanted);
  await sleep(4000);
  other.send('count');
  const together = await cpuPercent(seconds);
  other.send('count');
  await sleep(500);
  const receivedBps = (((counts[1] ?? 0) - (counts[0] ?? 0)) * 8) / seconds / viewers;
  console.log(
    JSON.stringify({
      viewers: face.counts.channels,
      percentOfCorePerViewer: Number(((together - alone) / viewers).toFixed(3)),
      receivedBpsPerViewer: Math.round(receivedBps),
      droppedFragments: face.counts.droppedFragments,
    }),
  );
  other.kill();
  process.exit(0);
}

const [first, second] = process.argv.slice(2);
if (first === 'receive') receive();
else await measure(Number(first ?? 100), Number(second ?? 10));
