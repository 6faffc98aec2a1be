/**
 * A TCP connection over a line that loses and delays, in user space: for machines whose kernel has no `netem`. What an application sees
 * of a lost segment is that everything behind it comes later, so that is what this does.
 *
 *     each direction, each segment of 1,448 bytes:  delivered = max(the one before, arrival + delay + retransmissions)
 *     a lost segment     one round trip more (fast retransmit); two when none follows it within the write (tail loss probe, RFC 8985 §7)
 *     lost once more     the retransmission timer: 200 ms and a round trip, doubled each time (RFC 6298 §5)
 *
 * Not modelled: the congestion window, which only matters for streams near the line's capacity.
 */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { seededRandom } from '../simulator/impaired-network.ts';

const SEGMENT_BYTES = 1448;
const LEAST_TIMEOUT_MS = 200;
/** What is under way at most, as a window would bound it. */
const MAX_UNDER_WAY_BYTES = 4 * 1024 * 1024;

export interface LineQuality {
  /** One way. */
  readonly delayMs: number;
  /** Share of segments. */
  readonly lossRate: number;
  readonly seed: number;
}

/** Listens on a free port of this machine and connects everyone to `targetPort`; `close` ends all. */
export async function openLossyLine(targetPort: number, quality: LineQuality): Promise<{ readonly port: number; close(): void }> {
  const random = seededRandom(quality.seed);
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    near.setNoDelay(true);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    carry(near, far, quality, random);
    carry(far, near, quality, random);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function carry(from: Socket, to: Socket, quality: LineQuality, random: () => number): void {
  const queue: { readonly segment: Buffer; readonly dueMs: number }[] = [];
  let lastDueMs = 0;
  let underWayBytes = 0;
  let isEnded = false;
  let timer: NodeJS.Timeout | null = null;
  // One timer for the head of the queue: timers of their own would overtake each other by a millisecond.
  const deliver = (): void => {
    timer = null;
    for (let head = queue[0]; head !== undefined && head.dueMs <= performance.now(); head = queue[0]) {
      queue.shift();
      underWayBytes -= head.segment.length;
      to.write(head.segment);
    }
    if (from.isPaused() && underWayBytes < MAX_UNDER_WAY_BYTES) from.resume();
    if (queue[0] !== undefined) timer = setTimeout(deliver, Math.max(1, queue[0].dueMs - performance.now()));
    else if (isEnded) to.end();
  };
  from.on('data', (bytes) => {
    const nowMs = performance.now();
    for (let at = 0; at < bytes.length; at += SEGMENT_BYTES) {
      const segment = bytes.subarray(at, at + SEGMENT_BYTES);
      const isLast = at + SEGMENT_BYTES >= bytes.length;
      lastDueMs = Math.max(lastDueMs, nowMs + quality.delayMs + retransmissionMs(quality, isLast, random));
      underWayBytes += segment.length;
      queue.push({ segment, dueMs: lastDueMs });
    }
    if (underWayBytes >= MAX_UNDER_WAY_BYTES) from.pause();
    timer ??= setTimeout(deliver, quality.delayMs);
  });
  from.on('end', () => {
    isEnded = true;
    if (timer === null) to.end();
  });
  from.on('close', (hadError) => {
    if (hadError) to.destroy();
  });
}

/** How much later a segment comes because it, or its repetition, was lost. */
function retransmissionMs({ delayMs, lossRate }: LineQuality, isLast: boolean, random: () => number): number {
  if (random() >= lossRate) return 0;
  let lateMs = (isLast ? 2 : 1) * 2 * delayMs;
  for (let timeoutMs = LEAST_TIMEOUT_MS + 2 * delayMs; random() < lossRate; timeoutMs *= 2) lateMs += timeoutMs;
  return lateMs;
}
