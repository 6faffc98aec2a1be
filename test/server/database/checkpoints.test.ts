import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scheduleCheckpoints } from '../../../server/database/checkpoints.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/silent-log.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';

/** A busy machine decides nothing. */
const patient = { timeout: 20_000 };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ isMigrated: false });
});
afterAll(() => database.close());

/** Where a replay of the write-ahead log would begin. */
async function replayBegin(): Promise<bigint> {
  const [row] = await database.db.execute<{ position: string }>(
    sql`select pg_wal_lsn_diff(redo_lsn, '0/0')::text as position from pg_control_checkpoint()`,
  );
  return BigInt(row?.position ?? 0);
}

it('moves the begin of a replay up again and again, so that the log before it can go', async () => {
  const { db } = database;
  const clock = new FakeClock();
  const stop = scheduleCheckpoints({ db, clock, log: silentLog });
  for (let round = 0; round < 2; round++) {
    const before = await replayBegin();
    await db.execute(sql.raw(`create table written_${round} as select generate_series(1, 1000) as number`));
    clock.advance(5 * 60_000);
    await expect.poll(async () => (await replayBegin()) > before, patient).toBe(true);
    // The next one is scheduled when this one is over.
    await expect.poll(() => clock.timerCount, patient).toBe(1);
  }
  stop();
  expect(clock.timerCount).toBe(0);
});
