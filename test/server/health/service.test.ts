import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ObservedStream } from '../../../media/contract/streams.ts';
import type { StatusInterval } from '../../../server/contract/cameras.ts';
import { DomainWorld } from '../../support/domain-world.ts';
import { observedStream } from '../../support/fake-media-nodes.ts';

let world: DomainWorld;
let nodeId: string;
let cameraId: string;
let startMs: number;
beforeAll(async () => {
  world = await DomainWorld.open();
  nodeId = await world.nodes.register(world.database.db, 'node');
});
afterAll(() => world.close());
/** Every test has a camera of its own; those of earlier tests are no longer in the node's reports. */
beforeEach(async () => {
  world.nodes.link(nodeId);
  await world.observe(nodeId, []);
  cameraId = (await world.call('administrator', 'POST', '/cameras', { name: '大门', streams: [{ role: 'main', url: 'rtsp://c/1' }] })).id;
  startMs = world.clock.wallClockMs();
});

const now = () => world.clock.wallClockMs();
const report = (over: Partial<ObservedStream> = {}) => world.observe(nodeId, [observedStream(cameraId, now(), over)]);
const state = async () => (await world.call('operator', 'GET', `/cameras/${cameraId}`)).state;

/** Intervals as status, reason, begin and end in seconds since the camera was made. */
async function history(): Promise<unknown[]> {
  const to = new Date(now() + 1000).toISOString();
  const { items } = await world.call('operator', 'GET', `/cameras/${cameraId}/status-history?to=${to}`);
  const s = (iso: string | null): number | null => (iso === null ? null : (Date.parse(iso) - startMs) / 1000);
  return items.map((interval: StatusInterval) => [interval.status, interval.reason, s(interval.from), s(interval.to)]);
}

describe('camera health', () => {
  it('follows a camera through its day, announcing every change', async () => {
    await world.pass(1000);
    await report();
    expect(await state()).toMatchObject({ status: 'online', isRecording: true, streams: [{ role: 'main', codec: 'h264', fps: 25 }] });
    await world.pass(10_000);
    await report({ phase: 'waiting', reason: 'closed-by-camera', lastFrameAtMs: now() - 1000, retryAtMs: now() + 2000 });
    expect(await state()).toMatchObject({ status: 'connecting', reason: 'closed-by-camera', retryAt: new Date(now() + 2000).toISOString() });
    await world.pass(3000);
    expect(await state()).toMatchObject({ status: 'offline', reason: 'closed-by-camera' });
    await report({ phase: 'connecting', reason: null });
    await report({ phase: 'waiting', reason: 'connection-refused' });
    await world.pass(6000);
    await report({ reason: 'picture-frozen' });
    await report();
    await world.pass(3000);
    expect(await history()).toEqual([
      ['connecting', null, 0, 1],
      ['online', null, 1, 11],
      ['connecting', 'closed-by-camera', 11, 14],
      ['offline', 'connection-refused', 14, 20],
      ['degraded', 'picture-frozen', 20, 23],
      ['online', null, 23, null],
    ]);
    const told = world.announced.flatMap((event) => (event.name === 'camera.changed' && event.cameraId === cameraId ? [event.state.status] : []));
    expect(told).toEqual(['online', 'connecting', 'offline', 'offline', 'degraded', 'online']);
  });

  it('never tells an older status after a newer one, however close a new codec and a new status come', async () => {
    await report({ phase: 'connecting', codec: null, width: null, height: null });
    await report({ phase: 'connecting' });
    await report();
    await world.pass(2000);
    const told = world.announced.flatMap((event) => (event.name === 'camera.changed' && event.cameraId === cameraId ? [event.state] : []));
    expect(told.map(({ status, streams }) => [status, streams[0]?.codec])).toEqual([
      ['connecting', null],
      ['connecting', 'h264'],
      ['online', 'h264'],
    ]);
  });

  it('tells how far the camera’s clock is off, and announces it once it is known and once it is known well', async () => {
    const clock = { kind: 'utc', quality: 'good', driftPpm: null, steppedAtMs: null, soundLateMs: null, measuredAtMs: now() } as const;
    await report();
    expect((await state()).streams[0]).toMatchObject({ clock: null });
    await report({ clock: { ...clock, offsetMs: 700, uncertaintyMs: 900 } });
    await report({ clock: { ...clock, offsetMs: 1210, uncertaintyMs: 420 } });
    await report({ clock: { ...clock, offsetMs: 1240, uncertaintyMs: 6 } });
    await report({ clock: { ...clock, offsetMs: 1241, uncertaintyMs: 5 } });
    const { measuredAtMs, steppedAtMs: _, ...told } = clock;
    expect((await state()).streams[0]?.clock).toEqual({
      ...told,
      offsetMs: 1241,
      uncertaintyMs: 5,
      steppedAt: null,
      measuredAt: new Date(measuredAtMs).toISOString(),
    });
    const announced = world.announced.flatMap((event) => (event.name === 'camera.changed' && event.cameraId === cameraId ? [event.state] : []));
    expect(announced.map(({ streams }) => streams[0]?.clock?.uncertaintyMs ?? null)).toEqual([null, 900, 6]);
  });

  it('tells when the next attempt is due, and not anew with every report that says the same', async () => {
    await world.pass(1000);
    await report({ phase: 'waiting', reason: 'connection-refused', retryAtMs: now() + 2000 });
    await world.pass(5000);
    await report({ phase: 'connecting', reason: 'connection-refused' });
    await report({ phase: 'waiting', reason: 'connection-refused', retryAtMs: now() + 30_000 });
    const dueAt = new Date(now() + 30_000).toISOString();
    for (let second = 0; second < 10; second++) {
      await world.pass(1000);
      // Two clocks of the node are added up, so that the moment is never quite the same.
      await report({ phase: 'waiting', reason: 'connection-refused', retryAtMs: Date.parse(dueAt) + (second % 2 === 0 ? 3 : -3) });
    }
    await report({ phase: 'waiting', reason: 'no-answer', retryAtMs: Date.parse(dueAt) });
    const told = world.announced.flatMap((event) => (event.name === 'camera.changed' && event.cameraId === cameraId ? [event.state] : []));
    expect(told.slice(-2).map(({ status, reason, retryAt }) => [status, reason, retryAt])).toEqual([
      ['offline', 'connection-refused', dueAt],
      ['offline', 'no-answer', dueAt],
    ]);
    expect(told.filter((state) => state.status === 'offline')).toHaveLength(3);
  });

  it('says offline, not degraded, four seconds after the last picture of a camera that fell silent with its connection open', async () => {
    await world.pass(1000);
    await report();
    await world.pass(3200);
    await report({ reason: 'no-packets', lastFrameAtMs: startMs + 1000 });
    expect(await state()).toMatchObject({ status: 'connecting', reason: 'no-packets' });
    await world.pass(800);
    expect(await state()).toMatchObject({ status: 'offline', reason: 'no-packets' });
    await world.pass(6000);
    await report({ phase: 'waiting', reason: 'no-packets', lastFrameAtMs: startMs + 1000 });
    await report();
    expect(await history()).toEqual([
      ['connecting', null, 0, 1],
      ['online', null, 1, 4.2],
      ['connecting', 'no-packets', 4.2, 5],
      ['offline', 'no-packets', 5, 11],
      ['online', null, 11, null],
    ]);
  });

  it('remembers the first time online for ever', async () => {
    await report();
    const { firstOnlineAt } = await world.call('operator', 'GET', `/cameras/${cameraId}`);
    expect(firstOnlineAt).toBe(new Date(startMs).toISOString());
    await world.pass(10_000);
    await report({ reason: 'no-packets' });
    await report();
    await world.pass(10_000);
    expect((await world.call('operator', 'GET', `/cameras/${cameraId}`)).firstOnlineAt).toBe(firstOnlineAt);
  });

  it('says unknown, not offline, when the node is lost, and judges again by its first report', async () => {
    await report();
    await world.pass(5000);
    world.nodes.lose(nodeId);
    await world.settle();
    expect(await state()).toMatchObject({ status: 'unknown', reason: 'node-lost', streams: [] });
    await world.pass(5000);
    world.nodes.link(nodeId);
    await world.settle();
    expect((await state()).status).toBe('unknown');
    await report();
    expect(await history()).toEqual([
      ['online', null, 0, 5],
      ['unknown', 'node-lost', 5, 10],
      ['online', null, 10, null],
    ]);
  });

  it('believes a node that worked while its link was away: what it saw all the time was never unknown', async () => {
    await report();
    await world.pass(5000);
    world.nodes.lose(nodeId);
    await world.pass(5000);
    world.nodes.link(nodeId);
    await report({ sinceMs: startMs });
    expect(await history()).toEqual([['online', null, 0, null]]);
    await world.pass(5000);
    world.nodes.lose(nodeId);
    await world.pass(20_000);
    world.nodes.link(nodeId);
    await report({ phase: 'waiting', reason: 'no-packets', lastFrameAtMs: startMs + 22_000 });
    expect((await history()).slice(1)).toEqual([
      ['unknown', 'node-lost', 15, 22],
      ['offline', 'no-packets', 22, null],
    ]);
  });

  it('after a killed server calls the time nobody watched unknown, from when it last knew', async () => {
    await report();
    await world.pass(12_000);
    await world.kill();
    world.clock.advance(60_000);
    await world.start();
    expect((await state()).status).toBe('unknown');
    world.nodes.link(nodeId);
    await world.pass(1000);
    await report();
    const knownS = expect.toSatisfy((seconds: number) => seconds > 9 && seconds <= 12);
    expect(await history()).toEqual([
      ['online', null, 0, knownS],
      ['unknown', 'node-lost', knownS, 73],
      ['online', null, 73, null],
    ]);
  });

  it('never leaves a hole or an overlap in a history', async () => {
    const reports: Partial<ObservedStream>[] = [
      {},
      { phase: 'waiting', reason: 'no-answer' },
      { reason: 'picture-frozen' },
      { phase: 'connecting' },
      { phase: 'idle' },
    ];
    for (let round = 0; round < 40; round += 1) {
      world.nodes.observe(nodeId, [observedStream(cameraId, now(), reports[(round * 7 + (round >> 2)) % reports.length])]);
      if (round % 3 === 0) await world.pass(round * 400);
      if (round === 20) world.nodes.lose(nodeId);
      if (round === 22) world.nodes.link(nodeId);
      // A clock that goes back by ten minutes must not turn an interval inside out.
      if (round === 30) world.clock.jumpWallClock(-600_000);
    }
    await world.settle();
    const [faults] = await world.database.db.execute<{ holes: number; open: number; rows: number }>(sql`
      select count(*) filter (where ended_at <> next or ended_at < began_at)::int as holes, count(*) filter (where ended_at is null)::int as open, count(*)::int as rows
      from (select *, lead(began_at) over (partition by camera_id order by id) as next from camera_status_intervals where camera_id = ${cameraId}::uuid) as intervals`);
    expect(faults).toMatchObject({ holes: 0, open: 1 });
    expect(faults?.rows).toBeGreaterThan(20);
  });

  it('moves a thousand cameras of a returning node in few statements', async () => {
    await world.database.db.execute(sql`
      insert into cameras (id, name, search_text, device_id, channel, mode, is_recorded, retention_days, is_key_place, media_node_id, created_at)
      select gen_random_uuid(), 'c' || n, 'c', device.id, 1 + n, 'always', true, 30, false, ${nodeId}::uuid, now()
      from generate_series(1, 1000) n, (select device_id as id from cameras limit 1) device`);
    await world.kill();
    await world.start();
    world.nodes.link(nodeId);
    const ids = (await world.database.db.execute<{ id: string }>(sql`select id from cameras`)).map((row) => row.id);
    await world.observe(
      nodeId,
      ids.map((id) => observedStream(id, now())),
    );
    const [row] = await world.database.db.execute<{ online: number }>(
      sql`select count(*)::int as online from camera_status_intervals where ended_at is null and status = 'online'`,
    );
    expect(ids.length).toBeGreaterThan(1000);
    expect(row?.online).toBe(ids.length);
  });
});
