/**
 * The files that the generator owns, as text. Pure, so that a test can compare them with what is committed.
 */
import countyOutline from '../county-outline.json' with { type: 'json' };
import { drawCountry } from './country.ts';
import { encodeBaseMap } from './encode.ts';
import type { Point } from './geometry.ts';
import { chooseSites } from './sites.ts';
import { fromDegrees } from './terrain.ts';
import { buildTown } from './town.ts';

/** Paths from the repository's root, with their content. */
export function composeFiles(): ReadonlyMap<string, string> {
  const ring = countyOutline.ring.map((pair): readonly [number, number] => [pair[0] ?? 0, pair[1] ?? 0]);
  const town = buildTown();
  const { sites, replaced } = chooseSites(town);
  const lots = town.lots.map((lot) => ({ ...lot, houses: replaced.get(lot) ?? lot.houses }));
  const country = drawCountry(ring.map((pair): Point => fromDegrees(pair)));
  const baseMap = encodeBaseMap({ ...town, lots }, country, ring);
  return new Map([
    ['web/public/base-map/zizhong.json', `${JSON.stringify(baseMap)}\n`],
    ['test/demo/district/sites.json', `[\n${sites.map((site) => `  ${JSON.stringify(site)}`).join(',\n')}\n]\n`],
  ]);
}
