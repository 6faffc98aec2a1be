import { describe, expect, it } from 'vitest';
import { buildTree, initiallyOpen, matcherFor, visibleRows } from '../../../web/district/district-tree.ts';
import type { Camera } from '../../../server/contract/cameras.ts';
import type { Area, Compound } from '../../../server/contract/district.ts';

const area = (id: string, parentId: string | null): Area => ({ id, parentId, kind: 'community', name: id, divisionCode: null });
const compound = (id: string, areaId: string): Compound => ({
  id,
  areaId,
  name: id,
  address: null,
  category: null,
  phase: 'cure',
  state: 'in-ledger',
  longitude: null,
  latitude: null,
  boundary: null,
});
const camera = (id: string, compoundId: string | null) => ({ id, name: id, compoundId }) as Camera;

const roots = buildTree(
  [area('资中县', null), area('重龙镇', '资中县'), area('后西社区', '重龙镇')],
  [compound('滨江苑', '后西社区'), compound('孤岛', 'gone')],
  [camera('东门', '滨江苑'), camera('西门', '滨江苑'), camera('路口', null), camera('塔', 'gone')],
  '未归属',
);
const names = (rows: ReturnType<typeof visibleRows>) => rows.map(({ node, depth }) => `${'-'.repeat(depth)}${node.name}`);

describe('the tree', () => {
  it('gathers what hangs nowhere under a last branch', () => {
    expect(roots.map((node) => [node.name, node.cameraIds])).toEqual([
      ['资中县', ['东门', '西门']],
      ['未归属', ['路口', '塔']],
    ]);
  });

  it('shows what is unfolded', () => {
    expect(names(visibleRows(roots, initiallyOpen(roots), null))).toEqual(['资中县', '-重龙镇', '--后西社区', '未归属', '-孤岛', '-路口', '-塔']);
  });

  it('leaves a match with its path, and everything below a matching branch', () => {
    const found = (text: string) =>
      names(
        visibleRows(
          roots,
          new Set(),
          matcherFor(roots, (name) => name.includes(text)),
        ),
      );
    expect(found('东门')).toEqual(['资中县', '-重龙镇', '--后西社区', '---滨江苑', '----东门']);
    expect(found('滨江')).toEqual(['资中县', '-重龙镇', '--后西社区', '---滨江苑', '----东门', '----西门']);
    expect(found('没有')).toEqual([]);
  });

  it('ends on areas that are their own ancestors', () => {
    expect(buildTree([area('a', 'b'), area('b', 'a')], [], [], '')).toEqual([]);
  });
});
