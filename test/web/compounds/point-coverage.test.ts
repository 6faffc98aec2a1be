import { describe, expect, it } from 'vitest';
import type { Camera } from '../../../server/contract/cameras.ts';
import type { MonitoringPoint } from '../../../server/contract/district.ts';
import { decidePointCoverage, orderPoints } from '../../../web/compounds/point-coverage.ts';

const point: MonitoringPoint = {
  id: 'p',
  compoundId: 'c',
  buildingId: null,
  kind: 'entrance',
  name: '东门',
  isRequired: true,
  longitude: null,
  latitude: null,
  cameraIds: [],
};

function camera(id: string, mediaNodeId: string | null, firstOnlineAt: string | null): Camera {
  return { id, mediaNodeId, firstOnlineAt } as Camera;
}

describe('coverage of a point', () => {
  const cameras = new Map([
    ['good', camera('good', 'node', '2026-01-01T00:00:00.000Z')],
    ['never', camera('never', 'node', null)],
    ['loose', camera('loose', null, '2026-01-01T00:00:00.000Z')],
  ]);

  it.each([
    ['without-camera', []],
    ['without-camera', ['deleted']],
    ['not-networked', ['never']],
    ['not-networked', ['loose', 'never']],
    ['covered', ['never', 'good']],
  ])('is %s with cameras %j', (coverage, cameraIds) => expect(decidePointCoverage({ ...point, cameraIds }, cameras)).toBe(coverage));

  it('lists points of the whole compound first, then building by building in natural order', () => {
    const at = (name: string, buildingId: string | null): MonitoringPoint => ({ ...point, id: name, name, buildingId });
    const ordered = orderPoints([at('10单元', 'b2'), at('2单元', 'b2'), at('1单元', 'b1'), at('东门', null)], ['b1', 'b2']);
    expect(ordered.map((entry) => entry.name)).toEqual(['东门', '1单元', '2单元', '10单元']);
  });
});
