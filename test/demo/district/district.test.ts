/** The demo district holds together: every reference has its target, every code its parent, every place lies where it should. */
import { describe, expect, it } from 'vitest';
import { isInside } from './city/geometry.ts';
import countyOutline from './county-outline.json' with { type: 'json' };
import { composeDemoDistrict } from './district.ts';
import type { DemoPosition } from './types.ts';

const district = composeDemoDistrict();
const outline = countyOutline.ring.map((pair) => [pair[0] ?? 0, pair[1] ?? 0] as const);

describe('demo district', () => {
  it('has unique keys in every list', () => {
    for (const list of [
      district.areas,
      district.compounds,
      district.buildings,
      district.monitoringPoints,
      district.siteLinks,
      district.devices,
      district.cameras,
    ]) {
      const keys = list.map((item) => item.key);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('refers only to things that exist, parents first', () => {
    const known = new Set<string>();
    for (const area of district.areas) {
      if (area.parentKey !== null) expect(known).toContain(area.parentKey);
      known.add(area.key);
    }
    const keysOf = (list: readonly { readonly key: string }[]): Set<string> => new Set(list.map((item) => item.key));
    const [compounds, buildings, points, links, devices] = [
      district.compounds,
      district.buildings,
      district.monitoringPoints,
      district.siteLinks,
      district.devices,
    ].map(keysOf);
    for (const compound of district.compounds) expect(known).toContain(compound.areaKey);
    for (const part of [...district.buildings, ...district.monitoringPoints, ...district.siteLinks, ...district.devices, ...district.cameras]) {
      expect(compounds).toContain(part.compoundKey);
    }
    for (const device of district.devices) expect(links).toContain(device.siteLinkKey);
    for (const item of [...district.monitoringPoints, ...district.cameras])
      if (item.buildingKey !== null) expect(buildings).toContain(item.buildingKey);
    for (const camera of district.cameras) {
      expect(devices).toContain(camera.deviceKey);
      for (const key of camera.pointKeys) expect(points).toContain(key);
    }
    for (const target of district.coverageTargets) expect(known).toContain(target.areaKey);
  });

  it('lets cameras see points of their own compound only', () => {
    for (const camera of district.cameras) expect(camera.pointKeys.filter((key) => !key.startsWith(`${camera.compoundKey}/`))).toEqual([]);
  });

  it('numbers areas by division code, six digits, then nine, then twelve, each beginning with its parent', () => {
    const codes = new Map(district.areas.map((area) => [area.key, area.divisionCode]));
    const lengths = { district: 6, 'street-office': 9, community: 12, grid: 12 };
    for (const area of district.areas) {
      expect(area.divisionCode).toMatch(/^\d+$/);
      expect(area.divisionCode).toHaveLength(lengths[area.kind]);
      expect(area.divisionCode.startsWith(codes.get(area.parentKey ?? area.key) ?? '?')).toBe(true);
    }
    expect(district.areas.filter((area) => area.parentKey === null).map((area) => area.divisionCode)).toEqual(['511025']);
  });

  it('lies inside the county, and parts of a compound inside or at its boundary', () => {
    const all: readonly { readonly position: DemoPosition }[] = [
      ...district.compounds,
      ...district.buildings,
      ...district.monitoringPoints,
      ...district.cameras,
    ];
    for (const { position } of all) expect(isInside([position.longitude, position.latitude], outline)).toBe(true);
    for (const compound of district.compounds) {
      const ring = compound.boundary.coordinates[0] ?? [];
      expect(ring[0]).toEqual(ring.at(-1));
      for (const part of [...district.buildings, ...district.monitoringPoints, ...district.cameras].filter(
        (item) => item.compoundKey === compound.key,
      )) {
        expect(isInside([part.position.longitude, part.position.latitude], ring.slice(0, -1)), part.key).toBe(true);
      }
    }
  });

  it('fills every device exactly: one camera per channel', () => {
    for (const device of district.devices) {
      const channels = district.cameras.filter((camera) => camera.deviceKey === device.key).map((camera) => camera.channel);
      expect(channels.toSorted((a, b) => a - b)).toEqual(Array.from({ length: device.channelCount }, (_, index) => index + 1));
    }
    expect(
      district.devices
        .filter((device) => device.kind === 'nvr')
        .map((device) => device.channelCount)
        .toSorted((a, b) => a - b),
    ).toEqual([3, 4]);
  });

  it('has the size the demo promises', () => {
    const healthy = district.cameras.filter((camera) => camera.fault === null && camera.mode === 'always');
    expect(healthy.length).toBeGreaterThanOrEqual(26);
    expect(district.cameras.length).toBeLessThanOrEqual(34);
    expect(new Set(healthy.map((camera) => camera.compoundKey)).size).toBeGreaterThanOrEqual(8);
    expect(healthy.filter((camera) => camera.codec === 'h265').length).toBe(3);
    expect(healthy.filter((camera) => camera.audio !== 'none').length).toBeGreaterThanOrEqual(3);
    expect(new Set(district.cameras.flatMap((camera) => (camera.fault === null ? [] : [camera.fault.kind])))).toEqual(
      new Set(['reboot', 'refuse', 'unauthorized', 'frozen', 'stall', 'silence', 'black']),
    );
    expect(district.cameras.filter((camera) => camera.isKeyPlace)).toHaveLength(2);
    expect(district.areas.filter((area) => area.kind === 'street-office')).toHaveLength(3);
    for (const compound of district.compounds) {
      const buildings = district.buildings.filter((building) => building.compoundKey === compound.key).length;
      expect(buildings).toBeGreaterThanOrEqual(compound.category === 'grid-staff' ? 1 : 2);
      expect(buildings).toBeLessThanOrEqual(6);
    }
  });

  it('comes to coverage A 9 of 11 and B 6 of 11 once everything that answers was online', () => {
    const counted = district.compounds.filter((compound) => compound.state === 'in-ledger');
    const neverOnline = new Set(
      district.cameras.filter((camera) => camera.fault !== null && camera.fault.seconds >= camera.fault.everySeconds).map((camera) => camera.key),
    );
    const coveredA = counted.filter((compound) =>
      district.cameras.some((camera) => camera.compoundKey === compound.key && camera.acceptance !== null),
    );
    const coveredB = counted.filter((compound) => {
      const required = district.monitoringPoints.filter((point) => point.compoundKey === compound.key && point.isRequired);
      return (
        required.length > 0 &&
        required.every((point) => district.cameras.some((camera) => camera.pointKeys.includes(point.key) && !neverOnline.has(camera.key)))
      );
    });
    expect([counted.length, coveredA.length, coveredB.length]).toEqual([11, 9, 6]);
  });

  it('has names up to 30 characters, to try layouts with', () => {
    const names = [...district.compounds, ...district.cameras].map((item) => item.name);
    expect(Math.max(...names.map((name) => name.length))).toBeGreaterThanOrEqual(22);
    expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(30);
  });
});
