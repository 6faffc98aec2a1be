/** The town is the same every time, and the files that the web and the demo use are the ones it gives. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { BaseMapFile } from '../../../../web/map/base-map-format.ts';
import { composeFiles } from './files.ts';
import { areaOf, areCloserThan, at } from './geometry.ts';
import { buildTown } from './town.ts';

const root = resolve(import.meta.dirname, '../../../..');
const files = composeFiles();

describe('demo town', () => {
  it.each([...files.keys()])('%s is what the generator writes', (path) => {
    // As one value and not by a matcher, which would print a megabyte; however the formatter has laid it out.
    const isCurrent = isDeepStrictEqual(JSON.parse(readFileSync(resolve(root, path), 'utf8')), JSON.parse(files.get(path) ?? ''));
    expect(isCurrent, 'run: node test/demo/district/city/main.ts').toBe(true);
  });

  it('packs the base map into less than 1.5 MB', () => {
    const text = files.get('web/public/base-map/zizhong.json') ?? '';
    expect(Buffer.byteLength(text)).toBeLessThan(1_500_000);
    const map = JSON.parse(text) as BaseMapFile;
    for (const kind of ['county', 'river', 'park', 'school', 'hospital', 'lot'] as const) {
      expect(map.areas.find((group) => group.kind === kind)?.rings.length, kind).toBeGreaterThan(0);
    }
    for (const group of map.lines) expect(group.names).toHaveLength(group.paths.length);
    expect(map.lines.find((group) => group.kind === 'bridge')?.names).toEqual(expect.arrayContaining(['沱江一桥', '沱江二桥']));
    expect(map.buildings.reduce((sum, group) => sum + group.rings.length, 0)).toBeGreaterThan(4000);
  });

  it('builds no house into another and keeps slabs apart as building rules want', () => {
    const lots = buildTown().lots;
    for (const lot of lots.filter((candidate) => candidate.use === 'slabs')) {
      const boxes = lot.houses.map((house) => house.ring.filter((_, index) => index % Math.max(1, Math.floor(house.ring.length / 4)) === 0));
      boxes.forEach((box, index) => boxes.slice(index + 1).forEach((other) => expect(areCloserThan(2, box, other)).toBe(false)));
    }
    expect(lots.every((lot) => areaOf(lot.ring) > 0 && at(lot.ring, 0).every(Number.isFinite))).toBe(true);
  });
});
