import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { createChanges, systemActor } from '../../../server/audit/change.ts';
import type { Changes } from '../../../server/audit/change.ts';
import { loadAuditEntries } from '../../../server/audit/store.ts';
import { systemClock } from '../../../server/clock/clock.ts';
import type { RealtimeEvent } from '../../../server/contract/realtime.ts';
import { createLog } from '../../../server/http/log.ts';
import { createRealtimeOutbox } from '../../../server/realtime/outbox.ts';
import type { RealtimeOutbox } from '../../../server/realtime/outbox.ts';
import { saveTestAccounts, testActor } from '../../support/test-accounts.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';

/** A busy machine decides nothing. */
const patient = { timeout: 20_000 };

let database: TestDatabase;
let outbox: RealtimeOutbox;
let changes: Changes;
const sent: RealtimeEvent[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await saveTestAccounts(database.db);
  outbox = createRealtimeOutbox({ db: database.db, clock: systemClock, log: createLog({ level: 'silent', name: 'test' }) });
  await outbox.start();
  outbox.subscribe((events) => sent.push(...events));
  changes = createChanges({ db: database.db, outbox, clock: systemClock });
});
afterAll(async () => {
  await outbox.stop();
  await database.close();
});

describe('a change', () => {
  it('stores its audit rows and announces its events once it is committed', async () => {
    const answer = await changes.make(testActor('operator'), async (change) => {
      change.audit({ action: 'thing.created', subjectKind: 'thing', subjectId: 't1', detail: { name: '一' } });
      change.announce({ name: 'district.changed' });
      return 'made';
    });
    expect(answer).toBe('made');
    const [entry] = await loadAuditEntries(database.db, { before: null, limit: 1 });
    expect(entry).toMatchObject({ action: 'thing.created', person: { username: 'test-operator' }, detail: { name: '一' }, address: '127.0.0.1' });
    await expect.poll(() => sent.map((event) => event.name), patient).toEqual(['district.changed']);
  });

  it('leaves nothing when its work fails', async () => {
    const before = await loadAuditEntries(database.db, { before: null, limit: 100 });
    const newest = outbox.newestId();
    const failing = changes.make(testActor('operator'), async (change) => {
      change.audit({ action: 'thing.created', subjectKind: 'thing', subjectId: 't2' });
      change.announce({ name: 'district.changed' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await loadAuditEntries(database.db, { before: null, limit: 100 })).toEqual(before);
    expect(outbox.newestId()).toBe(newest);
  });

  it('refuses a person who leaves no trace, not the system', async () => {
    await expect(changes.make(testActor('operator'), async () => 1)).rejects.toThrow(/audit row/);
    expect(await changes.make(systemActor, async () => 1)).toBe(1);
  });
});

describe('the audit trail', () => {
  it.each(['update audit_entries set action = $$x$$', 'delete from audit_entries', 'truncate audit_entries'])('refuses "%s"', async (statement) => {
    await expect(database.db.execute(sql.raw(statement))).rejects.toMatchObject({ cause: { message: expect.stringContaining('append-only') } });
  });
});
