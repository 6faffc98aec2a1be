/** An ingest thread that throws where nobody catches when it is told `crash`. */
import { parentPort } from 'node:worker_threads';
import '../../media/node/ingest/ingest-thread.ts';

parentPort?.on('message', (order: { readonly kind: string }) => {
  if (order.kind === 'crash') throw new Error('the worker was told to crash');
});
