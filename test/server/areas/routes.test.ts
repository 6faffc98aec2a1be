import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainWorld } from '../../support/domain-world.ts';

let world: DomainWorld;
beforeAll(async () => {
  world = await DomainWorld.open();
});
afterAll(() => world.close());

const makeArea = (kind: string, parentId: string | null, name: string, divisionCode: string | null = null) =>
  world.call('administrator', 'POST', '/areas', { kind, parentId, name, divisionCode });

describe('areas', () => {
  it('form a tree that is listed flat, page by page', async () => {
    const district = await makeArea('district', null, '资中县', '511025');
    const office = await makeArea('street-office', district.id, '重龙镇', '511025100');
    const community = await makeArea('community', office.id, '后西社区', '511025100002');
    const first = await world.call('auditor', 'GET', '/areas?limit=2');
    const second = await world.call('auditor', 'GET', `/areas?limit=2&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items]).toEqual([district, office, community]);
    expect(second.nextCursor).toBeNull();
  });

  it('cannot be moved below themselves, nor below a narrower one', async () => {
    const upper = await makeArea('community', null, '上');
    const lower = await makeArea('community', upper.id, '下');
    const cycle = await world.answer('administrator', 'PATCH', `/areas/${upper.id}`, { parentId: lower.id });
    expect([cycle.status, cycle.body.code]).toEqual([409, 'area-cycle']);
    const grid = await makeArea('grid', lower.id, '网格');
    const misfit = await world.answer('administrator', 'PATCH', `/areas/${upper.id}`, { kind: 'grid', parentId: null });
    expect([misfit.status, misfit.body.code]).toEqual([400, 'validation-failed']);
    expect((await world.answer('administrator', 'POST', '/areas', { kind: 'district', parentId: grid.id, name: 'x' })).status).toBe(400);
  });

  it('of two moves at once that would close a circle, let only one through', async () => {
    const left = await makeArea('community', null, '左');
    const right = await makeArea('community', null, '右');
    const answers = await Promise.all([
      world.answer('administrator', 'PATCH', `/areas/${left.id}`, { parentId: right.id }),
      world.answer('administrator', 'PATCH', `/areas/${right.id}`, { parentId: left.id }),
    ]);
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });

  it('are removed only when nothing hangs below them', async () => {
    const parent = await makeArea('community', null, '空社区');
    const child = await makeArea('grid', parent.id, '空网格');
    const refused = await world.answer('administrator', 'DELETE', `/areas/${parent.id}`);
    expect([refused.status, refused.body.code]).toEqual([409, 'area-has-children']);
    const compound = await world.call('administrator', 'POST', '/compounds', { areaId: child.id, name: '院' });
    expect((await world.answer('administrator', 'DELETE', `/areas/${child.id}`)).body.code).toBe('area-has-children');
    await world.call('administrator', 'DELETE', `/compounds/${compound.id}`);
    await world.call('administrator', 'DELETE', `/areas/${child.id}`);
    await world.call('administrator', 'DELETE', `/areas/${parent.id}`);
    expect((await world.answer('administrator', 'PATCH', `/areas/${parent.id}`, { name: 'x' })).status).toBe(404);
  });

  it('refuse a division code that is taken or has the wrong length', async () => {
    await makeArea('community', null, '甲', '511025100003');
    expect((await world.answer('administrator', 'POST', '/areas', { kind: 'community', name: '乙', divisionCode: '511025100003' })).status).toBe(409);
    expect((await world.answer('administrator', 'POST', '/areas', { kind: 'community', name: '乙', divisionCode: '5110251' })).status).toBe(400);
  });

  it('are changed by nobody without the right', async () => {
    for (const role of ['operator', 'officer', 'auditor'] as const) {
      expect((await world.answer(role, 'POST', '/areas', { kind: 'district', name: 'x' })).status).toBe(403);
    }
  });
});
