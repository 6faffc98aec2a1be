import { createServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import { Server } from 'socket.io';
import { io as dial } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createChanges, systemActor } from '../../../server/audit/change.ts';
import type { SessionUser } from '../../../server/contract/accounts.ts';
import { openBrowserNamespace } from '../../../server/realtime/browser-namespace.ts';
import { createRealtimeOutbox } from '../../../server/realtime/outbox.ts';
import type { RealtimeOutbox } from '../../../server/realtime/outbox.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/silent-log.ts';
import { testUser } from '../../support/test-accounts.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';

/** A busy machine decides nothing. */
const patient = { timeout: 20_000 };

const clock = new FakeClock();
const people = new Map<string, SessionUser>([
  ['operator', testUser('operator')],
  ['officer', testUser('officer')],
]);
let database: TestDatabase;
let outbox: RealtimeOutbox;
let http: HttpServer;
let io: Server;
let url: string;
let closeNamespace: () => void;
const sockets: Socket[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  outbox = createRealtimeOutbox({ db, clock, log: silentLog });
  await outbox.start();
  http = createServer();
  io = new Server(http, { serveClient: false });
  const sessions = { findUser: async (token: string) => people.get(token) ?? null };
  closeNamespace = openBrowserNamespace({ io, outbox, sessions, db, clock, log: silentLog });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});
afterAll(async () => {
  closeNamespace();
  await io.close();
  await outbox.stop();
  await database.close();
});

/** What a browser received, as `name id`. */
class Browser {
  readonly received: string[] = [];
  readonly socket: Socket;
  readonly opened: Promise<string>;

  constructor(auth: object, headers: Record<string, string> = {}, address = url) {
    this.socket = dial(address, { auth, forceNew: true, reconnection: false, transports: ['websocket'], extraHeaders: headers });
    sockets.push(this.socket);
    this.opened = new Promise((resolve) => {
      this.socket.on('connect_error', (error) => resolve(error.message));
      for (const name of ['stream.ready', 'stream.reset']) this.socket.on(name, (answer) => resolve(`${name} ${answer.lastEventId}`));
    });
    this.socket.onAny((name: string, event: { id?: string }) => {
      if (!name.startsWith('stream.')) this.received.push(`${name} ${event.id}`);
    });
  }
}

const changes = () => createChanges({ db: database.db, outbox, clock });

/** Announces and returns the numbers, once they are handed out. */
async function announce(count: number, name: 'district.changed' | 'media-node.changed' = 'district.changed'): Promise<string[]> {
  const before = outbox.newestId();
  await changes().make(systemActor, async (change) => {
    for (let n = 0; n < count; n++) change.announce(name === 'district.changed' ? { name } : ({ name, mediaNode: {} } as never));
  });
  const rows = await database.db.execute<{ id: string }>(
    sql`select id::text as id from realtime_events where id > ${before} order by realtime_events.id`,
  );
  await expect.poll(() => outbox.newestId(), patient).toBeGreaterThanOrEqual(BigInt(rows.at(-1)?.id ?? 0));
  return rows.map((row) => row.id);
}

describe('who may listen', () => {
  it.each([
    ['without a session', {}, {}, 'unauthenticated'],
    ['with a session that is over', { token: 'gone' }, {}, 'unauthenticated'],
    ['with an event number that is none', { token: 'operator', lastEventId: 'x' }, {}, 'validation-failed'],
    ['with the cookie, on a page of another site', {}, { cookie: 'yilan_session=operator', origin: 'http://evil.example' }, 'forbidden'],
  ])('refuses a browser %s', async (_name, auth, headers, message) => {
    expect(await new Browser(auth, headers).opened).toBe(message);
  });

  it('takes a token, or the cookie of its own pages', async () => {
    expect(await new Browser({ token: 'operator' }).opened).toMatch(/^stream\.ready/);
    expect(await new Browser({}, { cookie: 'yilan_session=operator', origin: url }).opened).toMatch(/^stream\.ready/);
  });

  it('sends an event only to those who may read its subject', async () => {
    const operator = new Browser({ token: 'operator' });
    const officer = new Browser({ token: 'officer' });
    await Promise.all([operator.opened, officer.opened]);
    const [node] = await announce(1, 'media-node.changed');
    const [district] = await announce(1);
    await expect.poll(() => officer.received, patient).toEqual([`district.changed ${district}`]);
    await expect.poll(() => operator.received, patient).toEqual([`media-node.changed ${node}`, `district.changed ${district}`]);
  });

  it('ends with the session', async () => {
    people.set('leaving', testUser('auditor'));
    const browser = new Browser({ token: 'leaving' });
    await browser.opened;
    people.delete('leaving');
    const left = new Promise((resolve) => browser.socket.on('disconnect', resolve));
    clock.advance(30_000);
    expect(await left).toBe('io server disconnect');
  });
});

describe('coming back', () => {
  it('replays what was missed, then goes on, with nothing lost and nothing twice', async () => {
    const seen = await announce(3);
    const missed = await announce(1_200);
    const browser = new Browser({ token: 'operator', lastEventId: seen[1] });
    const during = announce(50);
    expect(await browser.opened).toMatch(/^stream\.ready/);
    const expected = [seen[2], ...missed, ...(await during), ...(await announce(2))].map((id) => `district.changed ${id}`);
    await expect.poll(() => browser.received.length, patient).toBe(expected.length);
    expect(browser.received).toEqual(expected);
  });

  it('resets a browser whose last event is too long ago, or of another database', async () => {
    const ids = await announce(2);
    await database.db.execute(sql`delete from realtime_events where id <= ${BigInt(ids[0] ?? 0)}`);
    expect(await new Browser({ token: 'operator', lastEventId: String(BigInt(ids[0] ?? 0) - 1n) }).opened).toBe(`stream.reset ${ids[1]}`);
    expect(await new Browser({ token: 'operator', lastEventId: '900000000000' }).opened).toBe(`stream.reset ${ids[1]}`);
    expect(await new Browser({ token: 'operator', lastEventId: ids[0] }).opened).toBe(`stream.ready ${ids[1]}`);
    await announce(5_001);
    expect(await new Browser({ token: 'operator', lastEventId: ids[1] }).opened).toMatch(/^stream\.reset/);
  });

  it('resets, rather than leaving a hole, when more happens during the replay than is kept back', async () => {
    const [seen, missed] = (await announce(2)).map(BigInt) as [bigint, bigint];
    let deliver: Parameters<RealtimeOutbox['subscribe']>[0] = () => {};
    let newest = missed;
    const burst = 6_000n;
    const stormy: RealtimeOutbox = {
      ...outbox,
      subscribe(listener) {
        deliver = listener;
        return () => {};
      },
      // Asked when the replay begins: that is when the storm breaks.
      newestId() {
        const before = newest;
        if (newest === missed) {
          newest = missed + burst;
          const at = new Date(clock.wallClockMs()).toISOString();
          deliver(Array.from({ length: Number(burst) }, (_, n) => ({ name: 'district.changed', id: String(missed + 1n + BigInt(n)), at })));
        }
        return before;
      },
    };
    const server = createServer();
    const other = new Server(server, { serveClient: false });
    const sessions = { findUser: async (token: string) => people.get(token) ?? null };
    const close = openBrowserNamespace({ io: other, outbox: stormy, sessions, db: database.db, clock, log: silentLog });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = new Browser({ token: 'operator', lastEventId: String(seen) }, {}, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(await browser.opened).toBe(`stream.reset ${newest}`);
    close();
    await other.close();
  });
});
