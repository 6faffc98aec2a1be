/**
 * Checkpoints of the embedded database.
 *
 * PostgreSQL leaves them to a process of its own, which the embedded one lacks: it would make one only when it is closed. Until then its
 * write-ahead log grows without end (10 MB an hour with 34 cameras that are well), and after a kill all of it is replayed before the next
 * start. Asked for over the server's connection, because a statement of another one would cut in between its messages.
 */
import { sql } from 'drizzle-orm';
import type { Clock } from '../clock/clock.ts';
import type { Log } from '../http/log.ts';
import type { Database } from './connect.ts';

/** As often as PostgreSQL does by itself. */
const everyMs = 5 * 60_000;

export interface CheckpointOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
}

/** From now on until the returned function is called. A checkpoint that fails is logged; the next may succeed. */
export function scheduleCheckpoints(options: CheckpointOptions): () => void {
  const { db, clock, log } = options;
  let cancel = (): void => {};
  let isStopped = false;
  const schedule = (): void => {
    if (isStopped) return;
    cancel = clock.setTimer(everyMs, () => {
      db.execute(sql`checkpoint`)
        .catch((error: unknown) => log.error({ err: error }, 'database.checkpoint-failed'))
        .finally(schedule);
    });
  };
  schedule();
  return () => {
    isStopped = true;
    cancel();
  };
}
