import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../media/clock/clock.ts';

/** A thread that answers each message with its own time. */
const threadSource = `
  import { parentPort, workerData } from 'node:worker_threads';
  const { systemClock } = await import(workerData);
  parentPort.on('message', () => parentPort.postMessage(systemClock.monotonicMs()));
`;

describe('the clock of the machine', () => {
  it('is the same in every thread', async () => {
    // Threads that begin later, each with a performance.now() of its own.
    for (let index = 0; index < 3; index += 1) {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(threadSource)}`), {
        workerData: new URL('../../../media/clock/clock.ts', import.meta.url).href,
      });
      try {
        for (let question = 0; question < 20; question += 1) {
          const beforeMs = systemClock.monotonicMs();
          worker.postMessage(null, []);
          const [theirsMs] = (await once(worker, 'message')) as [number];
          // Half a millisecond for the offsets' own error: a thread asked between two looks answers between them.
          expect(theirsMs).toBeGreaterThan(beforeMs - 0.5);
          expect(theirsMs).toBeLessThan(systemClock.monotonicMs() + 0.5);
        }
      } finally {
        await worker.terminate();
      }
    }
  });

  it('agrees with the one of the process', () => {
    const beforeMs = Number(process.hrtime.bigint()) / 1e6;
    const nowMs = systemClock.monotonicMs();
    const afterMs = Number(process.hrtime.bigint()) / 1e6;
    expect(nowMs).toBeGreaterThan(beforeMs - 0.5);
    expect(nowMs).toBeLessThan(afterMs + 0.5);
  });
});
