/** `kill -9` of media node, server and database: each comes back, and nothing that was known is lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Alarm } from '../../../server/contract/alarms.ts';
import type { AccessRegisterEntry, Camera, MediaNode, RecordingTimeline } from '../../../server/contract/cameras.ts';
import type { ApiClient } from '../../demo/api-client.ts';
import { eventually } from '../../support/demo-pages.ts';
import { logIn, setFault, startDemo } from '../../support/demo-process.ts';
import type { DemoProcess } from '../../support/demo-process.ts';
import { findDescendant, isAlive, listDescendants } from '../../support/process-tree.ts';

const silentCamera = '人和家园东门';
const recordedCamera = '人和家园南门';

describe('kill -9', () => {
  let demo: DemoProcess;
  let admin: ApiClient;
  let officer: ApiClient;
  let pids: number[];
  beforeAll(async () => {
    demo = await startDemo();
    admin = await logIn(demo, 'admin');
    officer = await logIn(demo, 'officer');
    await setFault(demo, silentCamera, 'silence', 600);
    const alarm = await eventually(readAlarm, (found) => found !== undefined, 60_000);
    await admin.send('POST', `/alarms/${alarm?.id}/acknowledgement`, { note: '已通知维保' });
  });
  afterAll(() => demo.close());

  const demoPid = (): number => demo.child.pid ?? 0;
  const findCamera = async (name: string): Promise<Camera | undefined> => (await readCameras()).find((camera) => camera.name === name);
  const readCameras = (): Promise<Camera[]> => admin.list<Camera>('/cameras').catch(() => []);
  async function readAlarm(): Promise<Alarm | undefined> {
    return (await admin.list<Alarm>('/alarms').catch(() => [])).find((alarm) => alarm.cameraName === silentCamera);
  }
  const isOnline = (camera: Camera | undefined): boolean => camera?.state.status === 'online';
  async function readTimeline(cameraId: string, fromMs: number): Promise<RecordingTimeline> {
    return admin.get<RecordingTimeline>(`/cameras/${cameraId}/recordings?from=${new Date(fromMs).toISOString()}&to=${new Date().toISOString()}`);
  }

  it('of the media node: cameras are unknown, not offline, and back soon; recordings go on', async () => {
    const camera = await findCamera(recordedCamera);
    if (camera === undefined) throw new Error(`the demo has no camera ${recordedCamera}`);
    const alarmsBefore = (await admin.list<Alarm>('/alarms')).length;
    const killedAtMs = Date.now();
    const [before] = (await readTimeline(camera.id, killedAtMs - 60_000)).spans;
    process.kill(findDescendant(demoPid(), 'media/main.ts').pid, 'SIGKILL');
    const lost = await eventually(
      () => findCamera(recordedCamera),
      (found) => found?.state.status === 'unknown',
      15_000,
    );
    expect(lost?.state).toMatchObject({ status: 'unknown', reason: 'node-lost' });
    expect(isOnline(await eventually(() => findCamera(recordedCamera), isOnline, 60_000))).toBe(true);
    const timeline = await eventually(
      () => readTimeline(camera.id, killedAtMs - 60_000),
      ({ spans }) => Date.parse(spans.at(-1)?.to ?? '') > killedAtMs + 10_000,
      60_000,
    );
    // What was recorded before is still there, to the last second before the kill.
    expect(timeline.spans[0]?.from).toBe(before?.from);
    const lastBefore = timeline.spans.filter((span) => Date.parse(span.from) < killedAtMs).at(-1);
    expect(killedAtMs - Date.parse(lastBefore?.to ?? '')).toBeLessThanOrEqual(2_500);
    expect(findUntold(timeline)).toEqual([]);
    expect((await admin.list<Alarm>('/alarms')).length).toBe(alarmsBefore);
  });

  it('of the server: alarm, acknowledgement and register entry are as before', async () => {
    const camera = await findCamera(recordedCamera);
    const span = { from: new Date(Date.now() - 30_000).toISOString(), to: new Date().toISOString() };
    const entry = await officer.send<AccessRegisterEntry>('POST', '/access-register', { cameraIds: [camera?.id], ...span, reason: '核查' });
    const alarm = await readAlarm();
    const serverPid = findDescendant(demoPid(), 'server/main.ts').pid;
    const childrenPids = listDescendants(serverPid).map(({ pid }) => pid);
    expect(childrenPids.length).toBeGreaterThanOrEqual(2);
    process.kill(serverPid, 'SIGKILL');
    await eventually(
      async () => childrenPids.filter(isAlive).length,
      (alive) => alive === 0,
      20_000,
    );
    expect(childrenPids.filter(isAlive)).toEqual([]);
    expect(isOnline(await eventually(() => findCamera(recordedCamera), isOnline, 90_000))).toBe(true);
    expect(await readAlarm()).toMatchObject({ id: alarm?.id, handling: 'acknowledged', note: '已通知维保', beganAt: alarm?.beganAt });
    const entries = await admin.list<AccessRegisterEntry>('/access-register');
    expect(entries.filter((known) => known.id === entry.id)).toHaveLength(1);
    const nodes = await admin.list<MediaNode>('/media-nodes');
    expect(nodes.filter((node) => node.isLinked)).toHaveLength(1);
  });

  it('of the embedded database: the server goes on with it', async () => {
    const before = (await readCameras()).length;
    process.kill(findDescendant(demoPid(), 'embedded-main').pid, 'SIGKILL');
    const after = await eventually(
      async () => (await readCameras()).length,
      (count) => count === before,
      60_000,
    );
    expect(after).toBe(before);
  });

  it('ends with everything it started, in 8 s', async () => {
    pids = [demoPid(), ...listDescendants(demoPid()).map(({ pid }) => pid)];
    const startedMs = performance.now();
    expect(await demo.close()).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(8_000);
    expect(pids.filter(isAlive)).toEqual([]);
  });
});

/** Stretches of 2 s or more that are neither recorded nor a gap with a reason. */
function findUntold(timeline: RecordingTimeline): string[] {
  const told = [...timeline.spans, ...timeline.gaps].toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from));
  return told.flatMap((stretch, index) => {
    const next = told[index + 1];
    return next !== undefined && Date.parse(next.from) - Date.parse(stretch.to) >= 2_000 ? [`${stretch.to} to ${next.from}`] : [];
  });
}
