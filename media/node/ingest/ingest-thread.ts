/** What runs in a worker thread: the worker's side on the thread's port. Started by `ingest-crew.ts` only. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../clock/clock.ts';
import type { WorkerOrder } from './ingest-message.ts';
import { IngestWorker } from './ingest-worker.ts';
import { createThreadPause, PAUSE_PERIOD_MS } from './read-pause.ts';

const port = parentPort;
if (port === null) throw new Error('an ingest thread was started as a program');

const settings: unknown = workerData;
const pausePeriodMs =
  typeof settings === 'object' && settings !== null && 'pausePeriodMs' in settings ? Number(settings.pausePeriodMs) : PAUSE_PERIOD_MS;
const worker = new IngestWorker({
  post: (messages, transferred) => port.postMessage(messages, transferred),
  clock: systemClock,
  pause: createThreadPause(systemClock),
  pausePeriodMs,
});
port.on('message', (order: WorkerOrder) => worker.follow(order));
