import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaPath, judgePlacement } from '../../../server/areas/area-tree.ts';
import type { AreaNode } from '../../../server/areas/area-tree.ts';

const district: AreaNode = { id: 'd', parentId: null, kind: 'district' };
const office: AreaNode = { id: 's', parentId: 'd', kind: 'street-office' };
const community: AreaNode = { id: 'c', parentId: 's', kind: 'community' };
const grid: AreaNode = { id: 'g', parentId: 'c', kind: 'grid' };
const tree = [district, office, community, grid];

describe('judgePlacement', () => {
  it.each<[string, AreaNode, ReturnType<typeof judgePlacement>]>([
    ['a root', { id: 'x', parentId: null, kind: 'district' }, null],
    ['a community below a street office', { id: 'x', parentId: 's', kind: 'community' }, null],
    ['a community below a community', { id: 'x', parentId: 'c', kind: 'community' }, null],
    ['a grid below the district', { id: 'x', parentId: 'd', kind: 'grid' }, null],
    ['an unknown parent', { id: 'x', parentId: 'nowhere', kind: 'grid' }, 'parent-not-found'],
    ['a district below a street office', { id: 'x', parentId: 's', kind: 'district' }, 'broader-than-parent'],
    ['itself as parent', { id: 'c', parentId: 'c', kind: 'community' }, 'area-cycle'],
    ['its own grandchild as parent', { id: 's', parentId: 'g', kind: 'grid' }, 'area-cycle'],
    ['becoming narrower than its children', { id: 's', parentId: 'd', kind: 'grid' }, 'narrower-than-child'],
  ])('judges %s', (_, area, expected) => {
    const others = expected === 'area-cycle' && area.id === 's' ? tree.map((other) => ({ ...other, kind: 'grid' as const })) : tree;
    expect(judgePlacement(area, others)).toBe(expected);
  });

  it('never lets a sequence of accepted placements form a cycle', () => {
    const move = fc.record({ id: fc.integer({ min: 0, max: 7 }), parent: fc.option(fc.integer({ min: 0, max: 7 })) });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        let areas: readonly AreaNode[] = Array.from({ length: 8 }, (_, id) => ({ id: String(id), parentId: null, kind: 'community' as const }));
        for (const { id, parent } of moves) {
          const moved: AreaNode = { id: String(id), parentId: parent === null ? null : String(parent), kind: 'community' };
          if (judgePlacement(moved, areas) === null) areas = areas.map((area) => (area.id === moved.id ? moved : area));
        }
        const byId = new Map(areas.map((area) => [area.id, area]));
        for (const area of areas) expect(areaPath(area.id, byId)[0]?.parentId).toBeNull();
      }),
    );
  });
});

describe('areaPath', () => {
  it('walks from the root down', () => {
    expect(areaPath('g', new Map(tree.map((area) => [area.id, area]))).map((area) => area.id)).toEqual(['d', 's', 'c', 'g']);
    expect(areaPath('nowhere', new Map())).toEqual([]);
  });
});
