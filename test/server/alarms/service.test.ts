import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ObservedStream } from '../../../media/contract/streams.ts';
import type { Alarm } from '../../../server/contract/alarms.ts';
import { DomainWorld } from '../../support/domain-world.ts';
import { observedStream } from '../../support/fake-media-nodes.ts';

let world: DomainWorld;
let nodeId: string;
let cameraId: string;
beforeAll(async () => {
  world = await DomainWorld.open();
  nodeId = await world.nodes.register(world.database.db, 'node');
});
afterAll(() => world.close());
/** Every test has a camera of its own; those of earlier tests are no longer in the node's reports. */
beforeEach(async () => {
  world.announced.length = 0;
  world.nodes.link(nodeId);
  cameraId = await makeCamera();
  await report();
});

async function makeCamera(over: object = {}): Promise<string> {
  return (await world.call('administrator', 'POST', '/cameras', { name: '大门', streams: [{ role: 'main', url: 'rtsp://c/1' }], ...over })).id;
}

const now = () => world.clock.wallClockMs();
const report = (over: Partial<ObservedStream> = {}, id = cameraId) => world.observe(nodeId, [observedStream(id, now(), over)]);
const die = (id = cameraId) => report({ phase: 'waiting', reason: 'connection-refused', lastFrameAtMs: now() }, id);
const alarms = async (query = ''): Promise<Alarm[]> => (await world.call('operator', 'GET', `/alarms?cameraId=${cameraId}${query}`)).items;

/** The camera goes offline and stays so until its alarm is there. */
async function raise(): Promise<Alarm> {
  await die();
  await world.pass(90_000);
  const [alarm] = await alarms();
  if (alarm === undefined) throw new Error('no alarm was raised');
  return alarm;
}

describe('alarms of offline cameras', () => {
  it('are raised when the debounce is over, counted from the last picture, and not before', async () => {
    const diedAtMs = now();
    await die();
    await world.pass(89_900);
    expect(await alarms()).toEqual([]);
    await world.pass(100);
    const [alarm] = await alarms();
    expect(alarm).toMatchObject({
      kind: 'camera-offline',
      cameraId,
      cameraName: '大门',
      reason: 'connection-refused',
      condition: 'active',
      handling: 'open',
      beganAt: new Date(diedAtMs).toISOString(),
      raisedAt: new Date(diedAtMs + 90_000).toISOString(),
    });
    expect(world.announced.filter((event) => event.name === 'alarm.raised').map((event) => event.alarm)).toEqual([alarm]);
  });

  it('come sooner for key places, also for a camera that becomes one meanwhile', async () => {
    await die();
    await world.pass(30_000);
    expect(await alarms()).toEqual([]);
    await world.call('administrator', 'PATCH', `/cameras/${cameraId}`, { isKeyPlace: true });
    await world.settle();
    expect(await alarms()).toHaveLength(1);
  });

  it('are not raised for a camera that is back in time, nor for one whose node is lost', async () => {
    await die();
    await world.pass(60_000);
    await report();
    await world.pass(200_000);
    world.nodes.lose(nodeId);
    await world.pass(600_000);
    expect(await alarms()).toEqual([]);
  });

  it('are cleared when the camera is back for some seconds, and stay listed until somebody took them', async () => {
    const { id } = await raise();
    await report();
    const backAtMs = now();
    await world.pass(4_900);
    expect(await alarms('&condition=active')).toHaveLength(1);
    await world.pass(100);
    const [cleared] = await alarms('&handling=open&condition=cleared');
    expect(cleared).toMatchObject({ id, condition: 'cleared', handling: 'open', clearedAt: new Date(backAtMs).toISOString() });
    expect(world.announced.at(-1)).toMatchObject({ name: 'alarm.changed', alarm: { id, condition: 'cleared' } });
  });

  it('are one per outage: a new one follows only after the old one was cleared', async () => {
    await raise();
    await report();
    await world.pass(2000);
    await die();
    await world.pass(200_000);
    expect(await alarms()).toHaveLength(1);
    await report();
    await world.pass(10_000);
    await raise();
    expect((await alarms()).map((alarm) => alarm.condition)).toEqual(['active', 'cleared']);
  });

  it('are cleared when the camera is removed', async () => {
    await raise();
    await world.call('administrator', 'DELETE', `/cameras/${cameraId}`);
    await world.settle();
    expect(await alarms('&condition=active')).toEqual([]);
  });
});

describe('after a killed server', () => {
  it('a debounce that was running goes on: nothing is lost', async () => {
    await die();
    await world.pass(50_000);
    await world.kill();
    world.clock.advance(20_000);
    await world.start();
    world.nodes.link(nodeId);
    await die();
    // 48 to 50 s were known at the last save; what nobody watched does not count, nor do 4 s until it is offline again.
    await world.pass(43_000);
    expect(await alarms()).toEqual([]);
    await world.pass(6_500);
    expect(await alarms()).toHaveLength(1);
  });

  it('a debounce is not longer for a restart when the node saw the camera offline all the time', async () => {
    const diedAtMs = now();
    await die();
    await world.pass(50_000);
    await world.kill();
    world.clock.advance(20_000);
    await world.start();
    world.nodes.link(nodeId);
    await report({ phase: 'connecting', reason: 'connection-refused', lastFrameAtMs: diedAtMs });
    await world.pass(19_900);
    expect(await alarms()).toEqual([]);
    await world.pass(100);
    expect(await alarms()).toMatchObject([{ beganAt: new Date(diedAtMs).toISOString(), raisedAt: new Date(diedAtMs + 90_000).toISOString() }]);
  });

  it('an alarm that was raised is not raised again, and is cleared when the camera came back meanwhile', async () => {
    const { id } = await raise();
    await world.kill();
    world.clock.advance(20_000);
    await world.start();
    world.nodes.link(nodeId);
    await die();
    await world.pass(200_000);
    expect((await alarms()).map((alarm) => alarm.id)).toEqual([id]);
    await world.kill();
    await world.start();
    world.nodes.link(nodeId);
    await report();
    await world.pass(5_000);
    expect((await alarms()).map((alarm) => [alarm.id, alarm.condition])).toEqual([[id, 'cleared']]);
  });
});

describe('handling', () => {
  it('acknowledging is 200, again by the same person 200 unchanged, by another 409 with who was first', async () => {
    const { id } = await raise();
    const path = `/alarms/${id}/acknowledgement`;
    const first = await world.call('operator', 'POST', path, { note: '已派修' });
    expect(first).toMatchObject({ handling: 'acknowledged', note: '已派修', acknowledgedBy: { username: 'test-operator' } });
    await world.pass(1000);
    expect(await world.call('operator', 'POST', path, { note: '再来' })).toEqual(first);
    const other = await world.answer('administrator', 'POST', path, {});
    expect([other.status, other.body.code, other.body.acknowledgedBy]).toEqual([409, 'already-acknowledged', first.acknowledgedBy]);
    expect((await world.answer('officer', 'POST', path, {})).status).toBe(403);
    expect((await world.answer('operator', 'POST', `/alarms/${crypto.randomUUID()}/acknowledgement`, {})).status).toBe(404);
  });

  it('of many who acknowledge at once, one has it and the others learn who', async () => {
    const { id } = await raise();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        world.answer(index % 2 === 0 ? 'operator' : 'administrator', 'POST', `/alarms/${id}/acknowledgement`, {}),
      ),
    );
    const winner = (await world.call('operator', 'GET', `/alarms/${id}`)).acknowledgedBy;
    for (const [index, { status, body }] of answers.entries()) {
      const username = index % 2 === 0 ? 'test-operator' : 'test-administrator';
      expect(status, username).toBe(username === winner.username ? 200 : 409);
      expect(body.acknowledgedBy).toEqual(winner);
    }
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(6);
  });

  it('closing keeps both notes, happens once, and leaves the condition alone', async () => {
    const { id } = await raise();
    await world.call('operator', 'POST', `/alarms/${id}/acknowledgement`, { note: '已派修' });
    const closed = await world.call('administrator', 'POST', `/alarms/${id}/close`, { note: '电源已更换' });
    expect(closed).toMatchObject({
      handling: 'closed',
      condition: 'active',
      note: '已派修\n电源已更换',
      closedBy: { username: 'test-administrator' },
    });
    expect((await world.answer('operator', 'POST', `/alarms/${id}/close`, { note: 'x' })).body.code).toBe('already-closed');
    expect((await world.answer('operator', 'POST', `/alarms/${id}/close`, {})).status).toBe(400);
    expect(await alarms('&handling=open')).toEqual([]);
    expect(await alarms('&handling=closed')).toEqual([closed]);
  });

  it('lists newest first, page by page, and by camera', async () => {
    await raise();
    await report();
    await world.pass(10_000);
    await raise();
    const first = await world.call('operator', 'GET', `/alarms?cameraId=${cameraId}&limit=1`);
    const second = await world.call('operator', 'GET', `/alarms?cameraId=${cameraId}&limit=1&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items]).toEqual(await alarms());
    expect(first.items[0].raisedAt > second.items[0].raisedAt).toBe(true);
    expect(second.nextCursor).toBeNull();
  });
});
