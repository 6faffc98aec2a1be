import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RecordedFile } from '../../../media/contract/recordings.ts';
import { DomainWorld } from '../../support/domain-world.ts';
import { observedStream } from '../../support/fake-media-nodes.ts';

let world: DomainWorld;
let nodeId: string;
let cameraId: string;
let startMs: number;
beforeAll(async () => {
  world = await DomainWorld.open();
  nodeId = await world.nodes.register(world.database.db, 'node');
  world.nodes.link(nodeId);
});
afterAll(() => world.close());
beforeEach(async () => {
  cameraId = (await world.call('administrator', 'POST', '/cameras', { name: '大门', streams: [{ role: 'main', url: 'rtsp://c/1' }] })).id;
  startMs = world.clock.wallClockMs();
});

const file = (fromS: number, toS: number, over: Partial<RecordedFile> = {}): RecordedFile => ({
  path: `${cameraId}/${fromS}.mp4`,
  cameraId,
  role: 'main',
  fromMs: startMs + fromS * 1000,
  toMs: startMs + toS * 1000,
  sizeBytes: (toS - fromS) * 1000,
  isOpen: false,
  ...over,
});

const iso = (seconds: number) => new Date(startMs + seconds * 1000).toISOString();

/** The time line of the first 100 s, in seconds. */
async function timeline(toS = 100): Promise<{ spans: unknown[]; gaps: unknown[] }> {
  const { spans, gaps } = await world.call('officer', 'GET', `/cameras/${cameraId}/recordings?from=${iso(0)}&to=${iso(toS)}`);
  const s = (text: string): number => (Date.parse(text) - startMs) / 1000;
  return {
    spans: spans.map((span: { from: string; to: string; bytes: number }) => [s(span.from), s(span.to), span.bytes]),
    gaps: gaps.map((gap: { from: string; to: string; reason: string }) => [s(gap.from), s(gap.to), gap.reason]),
  };
}

describe('the index of recordings', () => {
  it('follows what the node tells, however often it tells it', async () => {
    await world.pass(200_000);
    const changed = (one: RecordedFile) => world.nodeEvent(nodeId, { kind: 'recording.file-changed', file: one });
    await changed(file(0, 20, { isOpen: true }));
    await changed(file(0, 40));
    await changed(file(0, 40));
    await changed(file(40, 100));
    expect(await timeline()).toEqual({ spans: [[0, 100, 100_000]], gaps: [] });
    await world.nodeEvent(nodeId, { kind: 'recording.file-deleted', cameraId, path: file(40, 100).path, cause: 'quota' });
    await world.nodeEvent(nodeId, { kind: 'recording.file-deleted', cameraId, path: file(40, 100).path, cause: 'quota' });
    expect(await timeline()).toMatchObject({ spans: [[0, 40, 40_000]] });
    await world.nodeEvent(nodeId, { kind: 'recording.inventory', inventory: { cameraId, files: [file(60, 80)] } });
    expect(await timeline()).toMatchObject({ spans: [[60, 80, 20_000]] });
    const twice = [file(60, 80), file(60, 90), file(20, 30)];
    await world.nodeEvent(nodeId, { kind: 'recording.inventory', inventory: { cameraId, files: twice } });
    expect((await timeline()).spans).toEqual([
      [20, 30, 10_000],
      [60, 90, 30_000],
    ]);
    await world.nodeEvent(nodeId, { kind: 'recording.inventory', inventory: { cameraId, files: [] } });
    expect((await timeline()).spans).toEqual([]);
  });

  it('says expired where retention or quota took the files, also when nothing is left, and not where they were lost', async () => {
    await world.observe(nodeId, [observedStream(cameraId, world.clock.wallClockMs())]);
    await world.pass(200_000);
    const files = [file(0, 30), file(30, 60), file(60, 100)];
    await world.nodeEvent(nodeId, { kind: 'recording.inventory', inventory: { cameraId, files } });
    const remove = (path: string, cause: 'retention' | 'quota' | 'vanished') =>
      world.nodeEvent(nodeId, { kind: 'recording.file-deleted', cameraId, path, cause });
    await remove(file(0, 30).path, 'quota');
    await remove(file(30, 60).path, 'retention');
    expect(await timeline()).toEqual({ spans: [[60, 100, 40_000]], gaps: [[0, 60, 'expired']] });
    await remove(file(60, 100).path, 'vanished');
    await world.nodeEvent(nodeId, { kind: 'recording.inventory', inventory: { cameraId, files: [] } });
    expect(await timeline()).toEqual({
      spans: [],
      gaps: [
        [0, 60, 'expired'],
        [60, 100, 'unexplained'],
      ],
    });
  });

  it('explains a gap by what the camera did in it', async () => {
    await world.observe(nodeId, [observedStream(cameraId, world.clock.wallClockMs())]);
    await world.pass(20_000);
    await world.observe(nodeId, [
      observedStream(cameraId, world.clock.wallClockMs(), { phase: 'waiting', reason: 'no-packets', lastFrameAtMs: startMs + 20_000 }),
    ]);
    await world.pass(30_000);
    await world.observe(nodeId, [observedStream(cameraId, world.clock.wallClockMs())]);
    await world.pass(100_000);
    for (const one of [file(0, 20), file(50, 100)]) await world.nodeEvent(nodeId, { kind: 'recording.file-changed', file: one });
    expect(await timeline()).toEqual({
      spans: [
        [0, 20, 20_000],
        [50, 100, 50_000],
      ],
      gaps: [[20, 50, 'no-packets']],
    });
  });

  it('remembers since when there were recordings, and says what has not happened yet', async () => {
    await world.pass(100_000);
    await world.nodeEvent(nodeId, { kind: 'recording.file-changed', file: file(40, 100) });
    const { gaps } = await timeline(200);
    expect(gaps).toEqual([
      [0, 40, 'before-first-recording'],
      [100, 200, 'in-the-future'],
    ]);
  });

  it('refuses spans that are empty, too long, or of an unknown camera', async () => {
    const get = (id: string, from: string, to: string) => world.answer('officer', 'GET', `/cameras/${id}/recordings?from=${from}&to=${to}`);
    expect((await get(cameraId, iso(10), iso(10))).status).toBe(400);
    expect((await get(cameraId, iso(0), iso(40 * 86_400))).status).toBe(400);
    expect((await get(cameraId, 'now', iso(10))).status).toBe(400);
    expect((await get(crypto.randomUUID(), iso(0), iso(10))).status).toBe(404);
  });
});

describe('the access register', () => {
  const enter = (over: object = {}) =>
    world.answer('officer', 'POST', '/access-register', { cameraIds: [cameraId], from: iso(0), to: iso(60), reason: '盗窃案', ...over });

  it('takes entries with person and unit, and shows them to auditors, newest first', async () => {
    const first = (await enter({ caseNumber: 'A-1' })).body;
    const second = (await enter()).body;
    expect(first).toMatchObject({
      person: { username: 'test-officer', displayName: '测试 officer' },
      unit: '测试单位',
      cameraIds: [cameraId],
      from: iso(0),
      to: iso(60),
      reason: '盗窃案',
      caseNumber: 'A-1',
    });
    const page = await world.call('auditor', 'GET', `/access-register?cameraId=${cameraId}`);
    expect(page.items).toEqual([second, first]);
    expect((await world.answer('officer', 'GET', '/access-register')).status).toBe(403);
    expect((await world.answer('operator', 'POST', '/access-register', {})).status).toBe(403);
  });

  it.each([
    ['no reason', { reason: ' ' }],
    ['no camera', { cameraIds: [] }],
    ['an unknown camera', { cameraIds: ['00000000-0000-4000-8000-000000000000'] }],
    ['a span that ends before it begins', { to: '2001-01-01T00:00:00Z' }],
  ])('refuses an entry with %s', async (_, over) => {
    expect(await enter(over)).toMatchObject({ status: 400, body: { code: 'validation-failed' } });
  });

  it('cannot be changed, not even by SQL', async () => {
    const { id } = (await enter()).body;
    const { db } = world.database;
    const refusal = expect.objectContaining({ cause: expect.objectContaining({ message: 'the access register is append-only' }) });
    await expect(db.execute(sql`update access_register_entries set reason = 'x' where id = ${id}::uuid`)).rejects.toEqual(refusal);
    await expect(db.execute(sql`delete from access_register_entries where id = ${id}::uuid`)).rejects.toEqual(refusal);
    await expect(db.execute(sql`truncate access_register_entries`)).rejects.toEqual(refusal);
  });
});
