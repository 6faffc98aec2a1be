/**
 * The operator by script: cameras die, their state and alarms come in time, one person takes an alarm on himself, and events go on
 * where they stopped when the server itself goes away. On the demo, whose debounce is 10 s, and 5 s at key places.
 */
import { io as dial } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Alarm } from '../../../server/contract/alarms.ts';
import type { Camera } from '../../../server/contract/cameras.ts';
import type { ApiClient } from '../../demo/api-client.ts';
import { eventually } from '../../support/demo-pages.ts';
import { clearFault, logIn, setFault, startDemo } from '../../support/demo-process.ts';
import type { DemoProcess } from '../../support/demo-process.ts';
import { findDescendant } from '../../support/process-tree.ts';
import { callAsScript, problem, refusalOf } from '../../support/script-call.ts';
import type { FaultKind } from '../../simulator/fault.ts';

/** Cameras that nothing else happens to, and what happens to them here. */
const victims: readonly { readonly name: string; readonly kind: FaultKind; readonly debounceMs: number }[] = [
  { name: '文庙苑东门', kind: 'refuse', debounceMs: 10_000 },
  { name: '文庙苑1、2栋单元门', kind: 'silence', debounceMs: 10_000 },
  { name: '文庙苑3、4栋单元门', kind: 'stall', debounceMs: 10_000 },
  { name: '文庙苑西北门', kind: 'refuse', debounceMs: 5_000 },
];

interface ReceivedEvent {
  readonly name: string;
  readonly id: string;
  readonly at: string;
  readonly cameraId?: string;
  readonly state?: Camera['state'];
  readonly alarm?: Alarm;
}

/** A script that listens, and comes back by itself with the last event it has seen. */
class Listener {
  readonly received: ReceivedEvent[] = [];
  readonly answers: string[] = [];
  lastEventId: string | null;
  readonly socket: Socket;

  constructor(url: string, token: string | null, lastEventId: string | null = null) {
    this.lastEventId = lastEventId;
    this.socket = dial(url, {
      forceNew: true,
      transports: ['websocket'],
      reconnectionDelayMax: 500,
      auth: (send) => send({ ...(token === null ? {} : { token }), ...(this.lastEventId === null ? {} : { lastEventId: this.lastEventId }) }),
    });
    this.socket.on('connect_error', (error) => this.answers.push(error.message));
    this.socket.onAny((name: string, event: Omit<ReceivedEvent, 'name'> & { readonly lastEventId?: string }) => {
      if (event.lastEventId !== undefined) {
        this.answers.push(name);
        this.lastEventId = event.lastEventId;
        return;
      }
      this.received.push({ ...event, name });
      this.lastEventId = event.id;
    });
  }

  async isReady(count = 1): Promise<void> {
    await eventually(
      async () => this.answers.filter((answer) => answer.startsWith('stream.')).length,
      (answers) => answers >= count,
      90_000,
    );
  }
}

let demo: DemoProcess;
let operator: ApiClient;
let operatorToken: string;
let adminToken: string;
const cameras = new Map<string, Camera>();
const listeners: Listener[] = [];
beforeAll(async () => {
  demo = await startDemo();
  operator = await logIn(demo, 'operator');
  [operatorToken, adminToken] = (await Promise.all(['operator', 'admin'].map(tokenOf))) as [string, string];
  for (const camera of await operator.list<Camera>('/cameras')) cameras.set(camera.name, camera);
  await eventually(readVictims, (found) => found.every((camera) => camera.state.status === 'online'), 60_000);
});
afterAll(async () => {
  for (const { socket } of listeners) socket.disconnect();
  await demo?.close();
});

async function tokenOf(username: string): Promise<string> {
  const answer = await callAsScript(`${demo.report.url}/api/v1/session`, { method: 'POST', body: { username, password: demo.password } });
  return answer.json.token;
}
const readVictims = (): Promise<Camera[]> => Promise.all(victims.map(({ name }) => operator.get<Camera>(`/cameras/${idOf(name)}`)));
const idOf = (cameraName: string): string => cameras.get(cameraName)?.id ?? '';
const listen = async (lastEventId: string | null = null): Promise<Listener> => {
  const listener = new Listener(demo.report.url, operatorToken, lastEventId);
  listeners.push(listener);
  await listener.isReady();
  return listener;
};
const readAlarm = async (cameraName: string): Promise<Alarm | undefined> => (await operator.list<Alarm>(`/alarms?cameraId=${idOf(cameraName)}`))[0];
const acknowledge = (token: string, alarmId: string, body?: unknown) =>
  callAsScript(`${demo.report.url}/api/v1/alarms/${alarmId}/acknowledgement`, { method: 'POST', token, ...(body === undefined ? {} : { body }) });

describe('a camera that dies', () => {
  const diedAtMs = new Map<string, number>();
  let listener: Listener;
  beforeAll(async () => {
    listener = await listen();
    for (const { name, kind } of victims) {
      await setFault(demo, name, kind, 600);
      diedAtMs.set(name, Date.now());
    }
    await eventually(
      async () => listener.received.filter((event) => event.name === 'alarm.raised').map((event) => event.alarm?.cameraName),
      (raised) => victims.every(({ name }) => raised.includes(name)),
      40_000,
    );
  });

  it.each(victims)('$name ($kind) is not shown as online 5 s later', ({ name }) => {
    const told = listener.received.find((event) => event.cameraId === idOf(name) && event.state?.status !== 'online');
    expect(Date.parse(told?.at ?? '') - (diedAtMs.get(name) ?? 0)).toBeLessThanOrEqual(5_000);
    expect(told?.state?.reason).not.toBeNull();
  });

  it.each(victims)('$name ($kind) raises its alarm after the debounce and at most 3 s', ({ name, debounceMs }) => {
    const raised = listener.received.filter((event) => event.name === 'alarm.raised' && event.alarm?.cameraName === name);
    expect(raised).toHaveLength(1);
    const [{ alarm, at }] = raised as [ReceivedEvent];
    expect(alarm).toMatchObject({
      kind: 'camera-offline',
      cameraId: idOf(name),
      condition: 'active',
      handling: 'open',
      clearedAt: null,
      acknowledgedBy: null,
    });
    expect(alarm?.place.startsWith('资中县 / ')).toBe(true);
    const waitedMs = Date.parse(alarm?.raisedAt ?? '') - Date.parse(alarm?.beganAt ?? '');
    expect(waitedMs).toBeGreaterThanOrEqual(debounceMs);
    expect(waitedMs).toBeLessThanOrEqual(debounceMs + 3_000);
    expect(Date.parse(at) - (diedAtMs.get(name) ?? 0)).toBeLessThanOrEqual(debounceMs + 8_000);
  });
});

describe('an alarm', () => {
  it('is found by handling and condition', async () => {
    const open = await operator.list<Alarm>('/alarms?handling=open&condition=active');
    expect(open.map(({ cameraName }) => cameraName)).toEqual(expect.arrayContaining(victims.map(({ name }) => name)));
    expect(open.every(({ handling, condition }) => handling === 'open' && condition === 'active')).toBe(true);
    const times = open.map(({ raisedAt }) => raisedAt);
    expect(times).toEqual(times.toSorted().toReversed());
  });

  it('is acknowledged once: unchanged for the same person, 409 for another, 403 for those who only read', async () => {
    const alarm = await readAlarm('文庙苑东门');
    const id = alarm?.id ?? '';
    for (const username of ['officer', 'auditor'])
      expect(refusalOf(await acknowledge(await tokenOf(username), id))).toEqual(problem(403, 'forbidden'));
    const first = await acknowledge(operatorToken, id, { note: '已通知维保' });
    expect(first.status).toBe(200);
    expect(first.json).toMatchObject({
      id,
      handling: 'acknowledged',
      condition: 'active',
      note: '已通知维保',
      acknowledgedBy: { username: 'operator' },
    });
    const again = await acknowledge(operatorToken, id, { note: '另一句话' });
    expect([again.status, again.json]).toEqual([200, first.json]);
    const other = await acknowledge(adminToken, id);
    expect(refusalOf(other)).toEqual(problem(409, 'already-acknowledged'));
    expect(other.json.acknowledgedBy).toEqual(first.json.acknowledgedBy);
    expect(await operator.get(`/alarms/${id}`)).toEqual(first.json);
  });

  it('belongs to one of two who take it at once', async () => {
    const id = (await readAlarm('文庙苑3、4栋单元门'))?.id ?? '';
    const answers = await Promise.all([
      acknowledge(operatorToken, id),
      acknowledge(adminToken, id),
      acknowledge(operatorToken, id),
      acknowledge(adminToken, id),
    ]);
    const owner = (await operator.get<Alarm>(`/alarms/${id}`)).acknowledgedBy;
    const [granted, refused] = [answers.filter(({ status }) => status === 200), answers.filter(({ status }) => status === 409)];
    expect([granted.length, refused.length]).toEqual([2, 2]);
    expect(granted.map(({ json }) => json.acknowledgedBy)).toEqual([owner, owner]);
    expect(refused.map(({ json }) => json.acknowledgedBy)).toEqual([owner, owner]);
  });

  it('is cleared when the camera is back; until somebody takes it, it stays on the list', async () => {
    await Promise.all(victims.map(({ name }) => clearFault(demo, name)));
    const alarms = await eventually(
      () => Promise.all(victims.map(({ name }) => readAlarm(name))),
      (found) => found.every((alarm) => alarm?.condition === 'cleared'),
      90_000,
    );
    expect(alarms.map((alarm) => [alarm?.condition, alarm?.handling])).toEqual([
      ['cleared', 'acknowledged'],
      ['cleared', 'open'],
      ['cleared', 'acknowledged'],
      ['cleared', 'open'],
    ]);
    expect(alarms.every((alarm) => alarm?.clearedAt !== null)).toBe(true);
    const open = await operator.list<Alarm>('/alarms?handling=open&condition=cleared');
    expect(open.map(({ cameraName }) => cameraName)).toEqual(expect.arrayContaining(['文庙苑1、2栋单元门', '文庙苑西北门']));
    expect((await acknowledge(operatorToken, alarms[1]?.id ?? '')).json).toMatchObject({ condition: 'cleared', handling: 'acknowledged' });
  });
});

describe('events', () => {
  it('are for those who are logged in', async () => {
    const strangers = [null, 'A'.repeat(43)].map((token) => new Listener(demo.report.url, token));
    listeners.push(...strangers);
    const refusals = await eventually(
      async () => strangers.map(({ answers }) => answers[0]),
      (answers) => answers.every((answer) => answer !== undefined),
    );
    expect(refusals).toEqual(['unauthenticated', 'unauthenticated']);
  });

  it('go on after the server was killed: none is lost, none comes twice', async () => {
    const steady = await listen();
    const beganAfter = steady.lastEventId;
    await setFault(demo, '文庙苑东门', 'refuse', 600);
    await eventually(
      async () => steady.received.filter((event) => event.cameraId === idOf('文庙苑东门')).length,
      (count) => count > 0,
    );
    process.kill(findDescendant(demo.child.pid ?? 0, 'server/main.ts').pid, 'SIGKILL');
    // While it is away: this one it has to tell afterwards.
    await clearFault(demo, '文庙苑东门');
    await steady.isReady(2);
    expect(steady.answers.filter((answer) => answer.startsWith('stream.'))).toEqual(['stream.ready', 'stream.ready']);
    const isBack = async (): Promise<boolean> =>
      steady.received.filter((event) => event.cameraId === idOf('文庙苑东门')).at(-1)?.state?.status === 'online';
    expect(await eventually(isBack, (back) => back, 60_000)).toBe(true);

    // Whoever asks for all of it later is told the very same.
    const upTo = BigInt(steady.received.at(-1)?.id ?? '0');
    const late = await listen(beganAfter);
    expect(late.answers).toEqual(['stream.ready']);
    const upToThen = (listener: Listener): string[] =>
      listener.received.filter(({ id }) => BigInt(id) <= upTo).map(({ name, id }) => `${name} ${id}`);
    expect(upToThen(steady)).toEqual(upToThen(late));
    const ids = steady.received.map(({ id }) => BigInt(id));
    expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0n))).toBe(true);
  });

  it('that nobody keeps any more are answered with a reset', async () => {
    const ahead = await listen('999999999999');
    expect(ahead.answers).toEqual(['stream.reset']);
  });
});
