import { expect, it } from 'vitest';
import { findTarget } from '../../../server/coverage/targets.ts';
import type { StoredTarget } from '../../../server/coverage/targets.ts';

const targets: readonly StoredTarget[] = [
  { areaId: 'district', kind: 'A', target: 0.9, setAtMs: 100 },
  { areaId: 'district', kind: 'A', target: 0.95, setAtMs: 200 },
  { areaId: 'district', kind: 'B', target: 0.8, setAtMs: 100 },
  { areaId: 'office', kind: 'A', target: 0.99, setAtMs: 300 },
];

it.each<[readonly string[], 'A' | 'B', number, number | null]>([
  [['district'], 'A', 1000, 0.95],
  [['district'], 'A', 150, 0.9],
  [['district'], 'A', 50, null],
  [['district', 'office'], 'A', 1000, 0.99],
  [['district', 'office'], 'A', 250, 0.95],
  [['district', 'office', 'community'], 'A', 1000, 0.99],
  [['district', 'office'], 'B', 1000, 0.8],
  [['elsewhere'], 'A', 1000, null],
])('path %j, kind %s at %d: %s', (path, kind, atMs, expected) => {
  expect(findTarget(path, kind, targets, atMs)).toBe(expected);
});
