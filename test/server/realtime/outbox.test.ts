import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { createChanges, systemActor } from '../../../server/audit/change.ts';
import type { CameraState } from '../../../server/contract/cameras.ts';
import type { RealtimeEvent } from '../../../server/contract/realtime.ts';
import { createRealtimeOutbox } from '../../../server/realtime/outbox.ts';
import type { RealtimeOutbox } from '../../../server/realtime/outbox.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/silent-log.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';

/** A busy machine decides nothing. */
const patient = { timeout: 20_000 };

const clock = new FakeClock();
let database: TestDatabase;
let outbox: RealtimeOutbox;
let sent: RealtimeEvent[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  outbox = createRealtimeOutbox({ db: database.db, clock, log: silentLog });
  await outbox.start();
  outbox.subscribe((events) => sent.push(...events));
});
afterAll(async () => {
  await outbox.stop();
  await database.close();
});

const cameraId = '0190a0a0-0000-7000-8000-000000000001';
function stateSince(since: string): CameraState {
  return { status: 'online', reason: null, since, retryAt: null, isRecording: false, streams: [] };
}

describe('the outbox', () => {
  it('hands out every event once, in growing order, whatever runs at the same time', async () => {
    sent = [];
    const changes = createChanges({ db: database.db, outbox, clock });
    await Promise.all(
      Array.from({ length: 40 }, () =>
        changes.make(systemActor, async (change) => {
          change.announce({ name: 'district.changed' });
          change.announce({ name: 'district.changed' });
        }),
      ),
    );
    await expect.poll(() => sent.length, patient).toBe(80);
    const ids = sent.map((event) => BigInt(event.id));
    expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? id))).toBe(true);
  });

  it('gathers frequent events: the newest per key, in one go', async () => {
    sent = [];
    for (const since of ['first', 'second', 'third']) outbox.announceSoon({ name: 'camera.changed', cameraId, state: stateSince(since) }, cameraId);
    outbox.announceSoon({ name: 'district.changed' }, 'district');
    expect(sent).toEqual([]);
    clock.advance(250);
    await expect.poll(() => sent.length, patient).toBe(2);
    expect(sent[0]).toMatchObject({ name: 'camera.changed', cameraId, state: stateSince('third') });
  });

  it('takes a whole district changing at once', async () => {
    sent = [];
    for (let n = 0; n < 25_000; n++) outbox.announceSoon({ name: 'district.changed' }, String(n));
    clock.advance(250);
    await expect.poll(() => sent.length, patient).toBe(25_000);
    expect(new Set(sent.map((event) => event.id)).size).toBe(25_000);
  });

  it('finds by itself what another server announced', async () => {
    sent = [];
    await database.db.execute(sql`insert into realtime_events (at, name, payload) values (now(), 'district.changed', '{}')`);
    clock.advance(2_000);
    await expect.poll(() => sent.map((event) => event.name), patient).toEqual(['district.changed']);
  });

  it('forgets events after an hour', async () => {
    await database.db.execute(sql`insert into realtime_events (at, name, payload) values (to_timestamp(0), 'district.changed', '{}')`);
    const old = async () =>
      (await database.db.execute<{ n: number }>(sql`select count(*)::int as n from realtime_events where at < to_timestamp(1)`))[0]?.n;
    expect(await old()).toBe(1);
    clock.advance(5 * 60_000);
    await expect.poll(old, patient).toBe(0);
  });

  it('starts behind everything that was ever written', async () => {
    const later = createRealtimeOutbox({ db: database.db, clock, log: silentLog });
    await later.start();
    await expect.poll(() => outbox.newestId() === later.newestId(), patient).toBe(true);
    await later.stop();
  });
});
