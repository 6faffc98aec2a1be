/**
 * What stands on each block: parks, schools and hospitals where the town needs them, and houses of a kind that fits the
 * distance from the old town on all the rest.
 */
import type { LotUse } from './buildings.ts';
import { areaOf, centreOf, distanceBetween } from './geometry.ts';
import type { Point } from './geometry.ts';
import type { Chance } from './random.ts';
import { OLD_TOWN } from './streets.ts';
import type { Plot } from './streets.ts';

export type LandmarkKind = 'park' | 'school' | 'hospital' | 'square' | 'civic' | 'market';

/** A named place of the invented town and roughly where it belongs in the plan. */
export interface Landmark {
  readonly kind: LandmarkKind;
  readonly name: string;
  readonly spot: Point;
  /** Square metres its block must at least have. */
  readonly leastArea: number;
}

export type BlockUse = { readonly kind: 'landmark'; readonly landmark: Landmark } | { readonly kind: 'houses'; readonly ward: Ward };

/** The kinds of neighbourhood, by what is built there. */
export type Ward = 'old' | 'centre' | 'residential' | 'new' | 'industry';

/** All names are invented; they follow the way such places are called. */
export const LANDMARKS: readonly Landmark[] = [
  { kind: 'park', name: '重龙山公园', spot: [-950, 1500], leastArea: 90_000 },
  { kind: 'park', name: '莲池公园', spot: [300, 900], leastArea: 14_000 },
  { kind: 'park', name: '水南湿地公园', spot: [-250, -260], leastArea: 40_000 },
  { kind: 'park', name: '东湖公园', spot: [1850, 900], leastArea: 50_000 },
  { kind: 'park', name: '新桥体育公园', spot: [2700, -500], leastArea: 20_000 },
  { kind: 'park', name: '笔架公园', spot: [950, -1050], leastArea: 45_000 },
  { kind: 'school', name: '文庙小学', spot: [-500, 900], leastArea: 14_000 },
  { kind: 'school', name: '沱江中学', spot: [-1700, 700], leastArea: 24_000 },
  { kind: 'school', name: '东城实验小学', spot: [1200, 500], leastArea: 20_000 },
  { kind: 'school', name: '育才中学', spot: [1000, 1450], leastArea: 26_000 },
  { kind: 'school', name: '水南小学', spot: [-900, -600], leastArea: 18_000 },
  { kind: 'school', name: '水南初级中学', spot: [250, -700], leastArea: 22_000 },
  { kind: 'school', name: '新桥学校', spot: [2500, -900], leastArea: 22_000 },
  { kind: 'hospital', name: '县第一医院', spot: [150, 1300], leastArea: 18_000 },
  { kind: 'hospital', name: '水南医院', spot: [-600, -900], leastArea: 18_000 },
  { kind: 'hospital', name: '新桥卫生院', spot: [2300, -300], leastArea: 14_000 },
  { kind: 'square', name: '资州广场', spot: [-50, 1000], leastArea: 9_000 },
  { kind: 'square', name: '水南广场', spot: [-100, -550], leastArea: 9_000 },
  { kind: 'civic', name: '政务服务中心', spot: [900, 1000], leastArea: 16_000 },
  { kind: 'civic', name: '文化馆', spot: [-100, 500], leastArea: 8_000 },
  { kind: 'market', name: '东门农贸市场', spot: [350, 350], leastArea: 8_000 },
  { kind: 'market', name: '水南农贸市场', spot: [500, -350], leastArea: 8_000 },
];

/** Gives every block its use: each landmark takes the nearest block that is large enough, the wards get the rest. */
export function assignUses(blocks: readonly Plot[], chance: Chance): ReadonlyMap<Plot, BlockUse> {
  const uses = new Map<Plot, BlockUse>();
  for (const landmark of LANDMARKS) {
    const block = blocks
      .filter((candidate) => !uses.has(candidate) && areaOf(candidate.ring) >= landmark.leastArea)
      .toSorted((a, b) => distanceBetween(centreOf(a.ring), landmark.spot) - distanceBetween(centreOf(b.ring), landmark.spot))[0];
    if (block !== undefined) uses.set(block, { kind: 'landmark', landmark });
  }
  for (const block of blocks) {
    if (!uses.has(block)) uses.set(block, { kind: 'houses', ward: wardAt(centreOf(block.ring), chance) });
  }
  return uses;
}

/** What a lot in a ward is built with. */
export function lotUseIn(ward: Ward, lotArea: number, chance: Chance): LotUse {
  const draw = chance.next();
  switch (ward) {
    case 'old':
      return draw < 0.72 ? 'old' : draw < 0.88 ? 'slabs' : 'shops';
    case 'centre':
      if (draw < 0.3) return 'shops';
      return draw < 0.5 ? 'old' : draw < 0.85 ? 'slabs' : 'towers';
    case 'residential':
      if (draw < 0.62) return 'slabs';
      return draw < 0.8 && lotArea > 6_000 ? 'towers' : draw < 0.92 ? 'old' : 'shops';
    case 'new':
      return draw < 0.5 && lotArea > 6_000 ? 'towers' : draw < 0.9 ? 'slabs' : 'shops';
    case 'industry':
      return 'sheds';
  }
}

/** Square metres above which a block of the ward is divided into lots. */
export function lotAreaIn(ward: Ward): number {
  return { old: 9_000, centre: 9_000, residential: 11_000, new: 17_000, industry: 26_000 }[ward];
}

function wardAt(centre: Point, chance: Chance): Ward {
  const [s, t] = centre;
  const fromOld = distanceBetween(centre, OLD_TOWN);
  if (s > 2600 && t > 300) return 'industry';
  if (s < -2500 && t < -300) return 'industry';
  if (fromOld < 520) return 'old';
  if (fromOld < 1050 && chance.isLucky(0.75)) return 'centre';
  if (t < 0 && distanceBetween(centre, [100, -420]) < 420) return 'centre';
  return s > 900 || chance.isLucky(0.22) ? 'new' : 'residential';
}
