/**
 * The whole town on the ground: streets, lots, houses, grounds, river bank, in ground metres.
 */
import { buildHouses, trackIn } from './buildings.ts';
import type { House, LotUse } from './buildings.ts';
import { areaOf, centreOf, densified, rectangle, simplified, simplifiedRing } from './geometry.ts';
import type { Point, Ring } from './geometry.ts';
import { assignUses, lotAreaIn, lotUseIn } from './land-use.ts';
import type { Landmark, LandmarkKind, Ward } from './land-use.ts';
import { createChance } from './random.ts';
import type { Chance } from './random.ts';
import { nameStreets } from './street-names.ts';
import type { NamedStreet } from './street-names.ts';
import { cutPlot, extentOf, insetPlot, layOutStreets } from './streets.ts';
import type { Plot } from './streets.ts';
import { toGround } from './terrain.ts';

/** A walled piece of a block with its houses. */
export interface Lot {
  /** Ground ring, slightly curved. */
  readonly ring: Ring;
  /** The lot's straight sides in the plan; used to find gates. */
  readonly planRing: Ring;
  readonly use: LotUse;
  readonly ward: Ward;
  readonly houses: readonly House[];
}

export type GroundKind = 'park' | 'school' | 'hospital' | 'square' | 'civic' | 'industry' | 'track' | 'field' | 'pond' | 'path-loop' | 'garden';

export interface Ground {
  readonly kind: GroundKind;
  readonly ring: Ring;
}

export interface TownLabel {
  readonly kind: LandmarkKind;
  readonly name: string;
  readonly at: Point;
}

export interface Town {
  readonly streets: readonly NamedStreet[];
  /** House-to-house ground of each block, pavements left out. */
  readonly blocks: readonly Ring[];
  readonly fields: readonly Ring[];
  readonly lots: readonly Lot[];
  readonly grounds: readonly Ground[];
  /** Houses that belong to no lot: schools, hospitals, markets. */
  readonly publicHouses: readonly House[];
  readonly labels: readonly TownLabel[];
}

/** Any number would do; this one gave streets and parks that look right together. */
const SEED = 511_025;

/** Builds the town; always the same one. */
export function buildTown(): Town {
  const chance = createChance(SEED);
  const plan = layOutStreets(chance);
  const uses = assignUses(plan.blocks, chance);
  const fields = plan.fields.flatMap((field) => {
    const planRing = insetPlot(field);
    return planRing === null ? [] : [onGround(planRing)];
  });
  const town = { fields, blocks: [] as Ring[], lots: [] as Lot[], grounds: [] as Ground[], publicHouses: [] as House[], labels: [] as TownLabel[] };
  for (const block of plan.blocks) {
    const planRing = insetPlot(block);
    if (planRing === null) continue;
    const ring = onGround(planRing);
    town.blocks.push(ring);
    const use = uses.get(block);
    if (use === undefined) continue;
    if (use.kind === 'landmark') addLandmark(use.landmark, ring, chance, town);
    else {
      for (const lot of divideIntoLots(block, use.ward, chance)) {
        town.lots.push(lot);
        if (lot.use === 'towers') town.grounds.push({ kind: 'garden', ring: blob(centreOf(lot.ring), lot.ring, 0.62, chance) });
      }
    }
  }
  const streets = nameStreets(plan.streets).map((street) => ({ ...street, path: simplified(street.path.map(toGround), 0.6) }));
  return { streets, ...town };
}

function divideIntoLots(block: Plot, ward: Ward, chance: Chance): Lot[] {
  const extent = extentOf(block.ring);
  if (areaOf(block.ring) > lotAreaIn(ward) * chance.between(1.3, 1.9)) {
    const across: Point = [-extent.along[1], extent.along[0]];
    const centre = centreOf(block.ring);
    const shift = chance.between(-0.1, 0.1) * extent.lengthMetres;
    const cut = cutPlot(block, [centre[0] + extent.along[0] * shift, centre[1] + extent.along[1] * shift], across, 2);
    if (cut !== null) return cut.pieces.flatMap((piece) => divideIntoLots(piece, ward, chance));
  }
  const planRing = insetPlot(block);
  if (planRing === null) return [];
  const ring = onGround(planRing);
  const use = lotUseIn(ward, areaOf(ring), chance);
  return [{ ring, planRing, use, ward, houses: buildHouses(ring, use, chance) }];
}

function addLandmark(landmark: Landmark, ring: Ring, chance: Chance, town: { grounds: Ground[]; publicHouses: House[]; labels: TownLabel[] }): void {
  town.labels.push({ kind: landmark.kind, name: landmark.name, at: centreOf(ring) });
  switch (landmark.kind) {
    case 'park':
      town.grounds.push({ kind: 'park', ring }, { kind: 'path-loop', ring: blob(centreOf(ring), ring, 0.72, chance) });
      town.grounds.push({ kind: 'path-loop', ring: blob(centreOf(ring), ring, 0.48, chance) });
      town.grounds.push({ kind: 'pond', ring: blob(centreOf(ring), ring, 0.36, chance) });
      return;
    case 'school': {
      town.grounds.push({ kind: 'school', ring });
      const houses = buildHouses(ring, 'campus', chance);
      // A full track where there is room; a smaller one, or none, rather than a school without classrooms.
      for (const scale of [1, 0.85, 0.7, 0.55]) {
        const track = trackIn(ring, scale);
        if (track === null) continue;
        const standing = houses.filter((house) => isClearOf(house.ring, track));
        if (standing.length < 2) continue;
        const centre = centreOf(track);
        const field = track.map(([x, y]): Point => [centre[0] + (x - centre[0]) * 0.78, centre[1] + (y - centre[1]) * 0.78]);
        town.grounds.push({ kind: 'track', ring: track }, { kind: 'field', ring: field });
        town.publicHouses.push(...standing);
        return;
      }
      town.publicHouses.push(...houses);
      return;
    }
    case 'hospital':
      town.grounds.push({ kind: 'hospital', ring });
      town.publicHouses.push(...buildHouses(ring, 'hospital', chance));
      return;
    case 'square':
      town.grounds.push({ kind: 'square', ring });
      return;
    case 'civic':
      town.grounds.push({ kind: 'civic', ring });
      town.publicHouses.push(...buildHouses(ring, 'campus', chance));
      return;
    case 'market': {
      const extent = extentOf(ring);
      const angleRad = Math.atan2(extent.along[1], extent.along[0]);
      town.grounds.push({ kind: 'civic', ring });
      town.publicHouses.push({
        ring: rectangle(centreOf(ring), extent.lengthMetres * 0.62, extent.depthMetres * 0.55, angleRad),
        storeys: 'low',
        angleRad,
      });
    }
  }
}

function isClearOf(house: Ring, track: Ring): boolean {
  const centre = centreOf(track);
  const reach = Math.max(...track.map((p) => Math.hypot(p[0] - centre[0], p[1] - centre[1])));
  const half = Math.max(...house.map((p) => Math.hypot(p[0] - centreOf(house)[0], p[1] - centreOf(house)[1])));
  const distance = Math.hypot(centreOf(house)[0] - centre[0], centreOf(house)[1] - centre[1]);
  if (distance > reach + half) return true;
  const box = extentOf(track);
  const across: Point = [-box.along[1], box.along[0]];
  return house.every((p) => {
    const u = Math.abs((p[0] - centre[0]) * box.along[0] + (p[1] - centre[1]) * box.along[1]);
    const v = Math.abs((p[0] - centre[0]) * across[0] + (p[1] - centre[1]) * across[1]);
    return u > box.lengthMetres / 2 + 4 || v > box.depthMetres / 2 + 4;
  });
}

/** A rounded, uneven shape that keeps to a share of the ring's extent: ponds and paths in parks. */
function blob(centre: Point, ring: Ring, share: number, chance: Chance): Ring {
  const extent = extentOf(ring);
  const [a, b] = [(extent.lengthMetres / 2) * share, (extent.depthMetres / 2) * share];
  const phase = chance.between(0, 6);
  const points: Point[] = [];
  for (let step = 0; step < 28; step++) {
    const angle = (step / 28) * 2 * Math.PI;
    const wobble = 1 + 0.16 * Math.sin(2 * angle + phase) + 0.1 * Math.sin(3 * angle + phase * 2);
    const [u, v] = [Math.cos(angle) * a * wobble, Math.sin(angle) * b * wobble];
    points.push([centre[0] + extent.along[0] * u - extent.along[1] * v, centre[1] + extent.along[1] * u + extent.along[0] * v]);
  }
  return points;
}

function onGround(planRing: Ring): Ring {
  return simplifiedRing(densified(planRing, 25, true).map(toGround), 0.35);
}
