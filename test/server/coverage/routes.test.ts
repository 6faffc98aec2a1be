import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatCanonicalJson } from '../../../server/coverage/canonical-json.ts';
import { DomainWorld } from '../../support/domain-world.ts';
import { observedStream } from '../../support/fake-media-nodes.ts';

let world: DomainWorld;
let nodeId: string;
let district: { id: string };
let office: { id: string };
let other: { id: string };
beforeAll(async () => {
  world = await DomainWorld.open();
  nodeId = await world.nodes.register(world.database.db, 'node');
  world.nodes.link(nodeId);
  district = await post('/areas', { kind: 'district', name: '资中县', divisionCode: '511025' });
  office = await post('/areas', { kind: 'street-office', name: '重龙镇', parentId: district.id, divisionCode: '511025100' });
  other = await post('/areas', { kind: 'street-office', name: '水南镇', parentId: district.id, divisionCode: '511025101' });
});
afterAll(() => world.close());

const post = (path: string, body: unknown) => world.call('administrator', 'POST', path, body);
const coverage = (query: string) => world.call('auditor', 'GET', `/coverage?${query}`);

describe('coverage over time', () => {
  it('follows cameras, links, acceptance and states of compounds, and can be asked for any moment', async () => {
    expect(await coverage('kind=A')).toMatchObject({ areaId: district.id, numerator: 0, denominator: 0, rate: null, target: null });

    const compound = await post('/compounds', { areaId: office.id, name: '文庙苑' });
    const bare = await post('/compounds', { areaId: office.id, name: '无标准院' });
    const point = await post('/monitoring-points', { compoundId: compound.id, kind: 'entrance', name: '大门' });
    const camera = await post('/cameras', { name: '大门', compoundId: compound.id, streams: [{ role: 'main', url: 'rtsp://c/1' }] });
    const moments: string[] = [];
    const mark = async () => {
      moments.push(new Date(world.clock.wallClockMs()).toISOString());
      await world.pass(60_000);
    };
    await mark();
    await world.call('administrator', 'PUT', `/monitoring-points/${point.id}/cameras`, { cameraIds: [camera.id] });
    await mark();
    await world.observe(nodeId, [observedStream(camera.id, world.clock.wallClockMs())]);
    await mark();
    const day = new Date(world.clock.wallClockMs() + 8 * 3_600_000).toISOString().slice(0, 10);
    await world.call('administrator', 'PUT', `/cameras/${camera.id}/acceptance`, { acceptedOn: day, acceptedBy: '周明远' });
    await world.call('administrator', 'PATCH', `/compounds/${bare.id}`, { state: 'merged' });
    await mark();
    await world.call('administrator', 'DELETE', `/cameras/${camera.id}`);
    await mark();

    const b = await Promise.all(moments.map((at) => coverage(`kind=B&at=${at}`)));
    expect(b.map((figure) => [figure.numerator, figure.denominator, figure.rate])).toEqual([
      [0, 2, 0],
      [0, 2, 0],
      [1, 2, 0.5],
      [1, 1, 1],
      [0, 1, 0],
    ]);
    const reasons = b.map((figure) => figure.failing.find((one: { compoundId: string }) => one.compoundId === compound.id)?.reasons);
    const pointRef = { pointId: point.id, pointName: '大门' };
    expect(reasons).toEqual([
      [{ code: 'point-without-camera', ...pointRef }],
      [{ code: 'point-camera-not-networked', ...pointRef, cameraIds: [camera.id] }],
      undefined,
      undefined,
      [{ code: 'point-without-camera', ...pointRef }],
    ]);
    expect(b[2].failing).toEqual([{ compoundId: bare.id, reasons: [{ code: 'no-standard' }] }]);
    expect(b[3].excluded).toEqual([{ id: bare.id, reason: 'merged' }]);
    const a = await Promise.all(moments.map((at) => coverage(`kind=A&at=${at}`)));
    expect(a.at(-2)).toMatchObject({ numerator: 1, denominator: 1, formulaVersion: 'coverage-1' });
    expect(a.at(-1)).toMatchObject({ numerator: 0, failing: [{ compoundId: compound.id, reasons: [{ code: 'no-accepted-camera' }] }] });
    expect(a[3].inputHash).toBe(b[3].inputHash);
  });

  it('is hashed over facts that anybody can write down', async () => {
    const area = await post('/areas', { kind: 'street-office', name: '空镇', parentId: district.id });
    const compound = await post('/compounds', { areaId: area.id, name: '院' });
    const figure = await coverage(`kind=A&area=${area.id}`);
    const facts = { compounds: [{ acceptedCameraIds: [], id: compound.id, requiredPoints: [], state: 'in-ledger' }] };
    expect(figure.inputHash).toBe(createHash('sha256').update(formatCanonicalJson(facts)).digest('hex'));
  });
});

describe('targets', () => {
  it('hold below the area they were set for, until one is set there, and from then on', async () => {
    const before = new Date(world.clock.wallClockMs()).toISOString();
    await world.pass(1000);
    await world.call('administrator', 'PUT', '/coverage-targets', { areaId: district.id, kind: 'B', target: 0.95 });
    await world.call('administrator', 'PUT', '/coverage-targets', { areaId: other.id, kind: 'B', target: 0.8 });
    const byArea = await world.call('auditor', 'GET', '/coverage/by-area?kind=B');
    expect(byArea.items.map((item: { areaName: string; target: number }) => [item.areaName, item.target])).toEqual([
      ['空镇', 0.95],
      ['重龙镇', 0.95],
      ['水南镇', 0.8],
    ]);
    const names = async (query: string) =>
      (await world.call('auditor', 'GET', `/coverage/by-area?${query}`)).items.map((item: { areaName: string }) => item.areaName);
    expect(await names(`area=${district.id}`)).toEqual(['空镇', '重龙镇', '水南镇']);
    await post('/areas', { kind: 'community', name: '后西社区', parentId: office.id });
    expect(await names(`area=${office.id}`)).toEqual(['后西社区']);
    expect(await names(`area=${other.id}`)).toEqual([]);
    expect((await world.answer('auditor', 'GET', `/coverage/by-area?area=${crypto.randomUUID()}`)).status).toBe(404);
    expect((await coverage('kind=A')).target).toBeNull();
    expect((await coverage(`kind=B&at=${before}`)).target).toBeNull();
    expect((await world.answer('auditor', 'PUT', '/coverage-targets', { areaId: district.id, kind: 'B', target: 1 })).status).toBe(403);
    expect((await world.answer('administrator', 'PUT', '/coverage-targets', { areaId: district.id, kind: 'B', target: 95 })).status).toBe(400);
  });
});

it('knows no figure of a moment that has not come, but forgives a clock that is a little ahead', async () => {
  const ask = (ms: number) => world.answer('auditor', 'GET', `/coverage?at=${new Date(world.clock.wallClockMs() + ms).toISOString()}`);
  expect(await ask(3_600_000)).toMatchObject({ status: 400, body: { code: 'validation-failed', errors: [{ path: 'query.at' }] } });
  expect((await ask(30_000)).status).toBe(200);
});

describe('coverage.csv', () => {
  it('is a file with byte order mark whose figure is that of the API', async () => {
    const at = new Date(world.clock.wallClockMs()).toISOString();
    const figure = await coverage(`kind=B&at=${at}`);
    const response = await fetch(`${world.origin}/api/v1/coverage.csv?kind=B&at=${at}`, { headers: { authorization: 'Bearer auditor' } });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="coverage-B-\d{4}-\d\d-\d\d\.csv"$/);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const lines = bytes.toString('utf8').split('\r\n');
    expect(lines).toHaveLength(12 + figure.members.length + figure.excluded.length + 1);
    expect(lines).toContain(`数据指纹（SHA-256）,${figure.inputHash}`);
    expect(lines).toContain('街道办事处,社区,小区,是否计入,是否达标,原因,小区编号');
    expect(lines.some((line) => line.includes('未设定应建监控点位'))).toBe(true);
  });

  it('is refused for unknown areas and kinds', async () => {
    expect((await world.answer('auditor', 'GET', `/coverage.csv?area=${crypto.randomUUID()}`)).status).toBe(404);
    expect((await world.answer('auditor', 'GET', '/coverage?kind=C')).status).toBe(400);
    expect((await world.answer('auditor', 'GET', '/coverage?at=yesterday')).status).toBe(400);
  });
});
