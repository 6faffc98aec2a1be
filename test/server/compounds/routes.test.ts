import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainWorld } from '../../support/domain-world.ts';
import { observedStream } from '../../support/fake-media-nodes.ts';

let world: DomainWorld;
let office: { id: string };
let community: { id: string };
let nodeId: string;
beforeAll(async () => {
  world = await DomainWorld.open();
  nodeId = await world.nodes.register(world.database.db, 'node');
  world.nodes.link(nodeId);
  const district = await post('/areas', { kind: 'district', name: '资中县' });
  office = await post('/areas', { kind: 'street-office', name: '重龙镇', parentId: district.id });
  community = await post('/areas', { kind: 'community', name: '后西社区', parentId: office.id });
});
afterAll(() => world.close());

const post = (path: string, body: unknown) => world.call('administrator', 'POST', path, body);
const makeCompound = (name: string, over: object = {}) => post('/compounds', { areaId: community.id, name, ...over });

describe('compounds', () => {
  it('are entered with defaults, read, changed and found by pinyin', async () => {
    const compound = await makeCompound('文庙苑', { longitude: 104.851234, latitude: 29.781234 });
    expect(compound).toMatchObject({ phase: 'mobilise', state: 'in-ledger', category: null, boundary: null });
    expect(await world.call('auditor', 'GET', `/compounds/${compound.id}`)).toEqual(compound);
    const changed = await world.call('administrator', 'PATCH', `/compounds/${compound.id}`, { phase: 'cure', longitude: null, latitude: null });
    expect(changed).toEqual({ ...compound, phase: 'cure', longitude: null, latitude: null });
    const found = await world.call('auditor', 'GET', '/compounds?q=wmy');
    expect(found.items.map((one: { id: string }) => one.id)).toEqual([compound.id]);
  });

  it.each([
    ['position 0,0', { longitude: 0, latitude: 0 }, 'body.longitude'],
    ['half a position', { longitude: 104 }, 'body.longitude'],
    ['an unknown area', { areaId: '00000000-0000-4000-8000-000000000000' }, 'body.areaId'],
    ['an unknown field', { colour: 'red' }, 'body.colour'],
    ['an empty name', { name: ' ' }, 'body.name'],
  ])('refuse %s', async (_, over, path) => {
    const { status, body } = await world.answer('administrator', 'POST', '/compounds', { areaId: community.id, name: '院', ...over });
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'validation-failed', path]);
  });

  it('are listed by area with everything below it', async () => {
    const elsewhere = await post('/areas', { kind: 'street-office', name: '水南镇' });
    const compound = await makeCompound('别处', { areaId: elsewhere.id });
    const there = await world.call('auditor', 'GET', `/compounds?area=${elsewhere.id}`);
    expect(there.items.map((one: { id: string }) => one.id)).toEqual([compound.id]);
    const here = await world.call('auditor', 'GET', `/compounds?area=${office.id}&limit=500`);
    expect(here.items.some((one: { id: string }) => one.id === compound.id)).toBe(false);
    expect(here.items.length).toBeGreaterThan(0);
  });

  it('are not removed while something belongs to them', async () => {
    const compound = await makeCompound('有楼');
    const building = await post('/buildings', { compoundId: compound.id, name: '1栋' });
    const point = await post('/monitoring-points', { compoundId: compound.id, buildingId: building.id, kind: 'building-entrance', name: '1单元' });
    expect((await world.answer('administrator', 'DELETE', `/compounds/${compound.id}`)).body.code).toBe('in-use');
    expect((await world.answer('administrator', 'DELETE', `/buildings/${building.id}`)).body.code).toBe('in-use');
    await world.call('administrator', 'DELETE', `/monitoring-points/${point.id}`);
    await world.call('administrator', 'DELETE', `/buildings/${building.id}`);
    await world.call('administrator', 'DELETE', `/compounds/${compound.id}`);
    expect((await world.answer('auditor', 'GET', `/compounds/${compound.id}`)).status).toBe(404);
  });

  it('keep buildings and points of other compounds apart', async () => {
    const [one, other] = [await makeCompound('甲院'), await makeCompound('乙院')];
    const building = await post('/buildings', { compoundId: one.id, name: '1栋' });
    const refused = await world.answer('administrator', 'POST', '/monitoring-points', {
      compoundId: other.id,
      buildingId: building.id,
      kind: 'road',
      name: 'x',
    });
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'body.buildingId']);
  });
});

describe('compound summaries', () => {
  it('count cameras, covered points and alarms, with the path of areas', async () => {
    const compound = await makeCompound('计数院');
    const site = await post('/site-links', { compoundId: compound.id, name: '光纤', provider: '电信' });
    const device = await post('/devices', { kind: 'nvr', name: 'NVR', compoundId: compound.id, siteLinkId: site.id, channelCount: 4 });
    const makeCamera = (name: string) => post('/cameras', { name, deviceId: device.id, streams: [{ role: 'main', url: 'rtsp://10.0.0.9/1' }] });
    const [gate, road] = [await makeCamera('大门'), await makeCamera('道路')];
    expect([gate.compoundId, gate.channel, road.channel]).toEqual([compound.id, 1, 2]);
    const seen = await post('/monitoring-points', { compoundId: compound.id, kind: 'entrance', name: '大门' });
    const dark = await post('/monitoring-points', { compoundId: compound.id, kind: 'road', name: '道路' });
    await post('/monitoring-points', { compoundId: compound.id, kind: 'parking', name: '停车', isRequired: false });
    await world.call('administrator', 'PUT', `/monitoring-points/${seen.id}/cameras`, { cameraIds: [gate.id] });
    const linked = await world.call('administrator', 'PUT', `/monitoring-points/${dark.id}/cameras`, { cameraIds: [road.id, road.id] });
    expect(linked.cameraIds).toEqual([road.id]);
    await world.observe(nodeId, [observedStream(gate.id, world.clock.wallClockMs())]);
    const [row] = (await world.call('operator', 'GET', `/compound-summaries?compoundId=${compound.id}`)).items;
    expect(row).toEqual({
      compound,
      areaPath: [
        { id: expect.any(String), name: '资中县', kind: 'district' },
        { id: office.id, name: '重龙镇', kind: 'street-office' },
        { id: community.id, name: '后西社区', kind: 'community' },
      ],
      cameraCount: 2,
      onlineCameraCount: 1,
      requiredPointCount: 2,
      coveredPointCount: 1,
      openAlarmCount: 0,
    });
  });

  it('come page by page, each compound once', async () => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { compound: { id: string } }[]; nextCursor: string | null } = await world.call(
        'operator',
        'GET',
        `/compound-summaries?area=${office.id}&limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      ids.push(...page.items.map((item) => item.compound.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    const all = await world.call('operator', 'GET', `/compounds?area=${office.id}&limit=500`);
    expect(ids).toEqual(all.items.map((one: { id: string }) => one.id));
  });
});
