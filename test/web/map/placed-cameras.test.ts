import { describe, expect, it } from 'vitest';
import type { Camera } from '../../../server/contract/cameras.ts';
import type { CompoundSummary } from '../../../server/contract/district.ts';
import { boundsOf, directionsOf, placeCameras, shapeCompounds } from '../../../web/map/placed-cameras.ts';
import { viewSector } from '../../../web/map/view-sector.ts';

function camera(id: string, part: Partial<Camera> = {}): Camera {
  return {
    id,
    name: id,
    deviceId: 'd',
    channel: 1,
    compoundId: null,
    buildingId: null,
    longitude: 104.85,
    latitude: 29.77,
    bearingDeg: null,
    mode: 'always',
    isRecorded: true,
    retentionDays: 30,
    isKeyPlace: false,
    streams: [],
    acceptedOn: null,
    acceptedBy: null,
    firstOnlineAt: null,
    mediaNodeId: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    state: { status: 'online', reason: null, since: '2026-01-01T00:00:00.000Z', retryAt: null, isRecording: true, streams: [] },
    ...part,
  };
}

const summary: CompoundSummary = {
  compound: {
    id: 'c',
    areaId: 'a',
    name: '文庙苑',
    address: null,
    category: null,
    phase: 'cure',
    state: 'in-ledger',
    longitude: 104.84,
    latitude: 29.76,
    boundary: {
      type: 'Polygon',
      coordinates: [
        [
          [104.84, 29.76],
          [104.86, 29.76],
          [104.86, 29.78],
          [104.84, 29.76],
        ],
      ],
    },
  },
  areaPath: [],
  cameraCount: 0,
  onlineCameraCount: 0,
  requiredPointCount: 8,
  coveredPointCount: 5,
  openAlarmCount: 0,
};

describe('what the map draws', () => {
  it('leaves out cameras without a position', () => {
    const placed = placeCameras([camera('a'), camera('b', { longitude: null })], new Set(['a']));
    expect(placed.map(({ id, isAlarmed }) => ({ id, isAlarmed }))).toEqual([{ id: 'a', isAlarmed: true }]);
  });

  it('gives a sector only to cameras whose bearing is known', () => {
    expect(directionsOf([camera('a'), camera('b', { bearingDeg: 90 })])).toEqual([{ latitude: 29.77, longitude: 104.85, bearingDeg: 90 }]);
  });

  it('draws boundaries with latitude first and says how many points are covered, or how many alarms are open', () => {
    expect(shapeCompounds([summary], 'coverage', new Map())).toMatchObject([
      {
        id: 'c',
        detail: '5/8',
        fill: 'partly',
        ring: [
          [29.76, 104.84],
          [29.76, 104.86],
          [29.78, 104.86],
          [29.76, 104.84],
        ],
      },
    ]);
    expect(shapeCompounds([summary], 'alarms', new Map([['c', 2]]))).toMatchObject([{ detail: '2', fill: 'alarmed' }]);
    expect(shapeCompounds([{ ...summary, compound: { ...summary.compound, boundary: null } }], 'coverage', new Map())).toEqual([]);
  });

  it('opens on everything that has a place', () => {
    expect(boundsOf([summary.compound], [camera('a', { latitude: 29.9 })])).toEqual([29.76, 104.84, 29.9, 104.86]);
    expect(boundsOf([], [camera('b', { longitude: null, latitude: null })])).toBeNull();
  });

  it('turns the sector with the bearing: north goes up, east goes right', () => {
    const middle = (bearingDeg: number): readonly [number, number] => viewSector(29.77, 104.85, bearingDeg)[5]!;
    expect(middle(0)[0]).toBeGreaterThan(29.77);
    expect(middle(0)[1]).toBeCloseTo(104.85, 9);
    expect(middle(90)[1]).toBeGreaterThan(104.85);
    expect(middle(90)[0]).toBeCloseTo(29.77, 9);
  });
});
