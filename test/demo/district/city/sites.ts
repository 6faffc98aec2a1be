/**
 * Finds the lots in the town on which the demo's compounds stand, and the places in them where cameras hang.
 *
 * A site is geometry only; names, categories and cameras are written by hand in `../compounds.ts`.
 */
import { buildHouses } from './buildings.ts';
import type { House, LotUse } from './buildings.ts';
import { areaOf, at, centreOf, distanceBetween, distanceToRing, distanceToSegment, isInside, pointBetween } from './geometry.ts';
import type { Point, Ring } from './geometry.ts';
import { toDegrees, toGround } from './terrain.ts';
import type { Lot, Town } from './town.ts';

/** Longitude and latitude, WGS-84 degrees, seven decimals (1 cm). */
export type Degrees = readonly [longitude: number, latitude: number];

export type AnchorKind = 'entrance' | 'building-entrance' | 'road' | 'parking' | 'public-area' | 'boundary-wall';

/** A place in a site that a camera could watch, with the name people give it. */
export interface Anchor {
  /** `kind:number`, unique in its site: `entrance:1`, `building-entrance:3.2` (building 3, unit 2). */
  readonly key: string;
  readonly kind: AnchorKind;
  readonly name: string;
  readonly position: Degrees;
  /** The way a camera there looks: degrees clockwise from north, 0 to 359. */
  readonly bearingDeg: number;
}

export interface Site {
  readonly key: string;
  readonly boundary: readonly Degrees[];
  readonly position: Degrees;
  readonly buildings: readonly { readonly name: string; readonly units: number; readonly footprint: readonly Degrees[] }[];
  readonly anchors: readonly Anchor[];
}

/** What a compound's site should be like: near a place of the plan (metres), with so many houses. */
export interface SiteWish {
  readonly key: string;
  readonly spot: Point;
  readonly houses: readonly [least: number, most: number];
  readonly use: LotUse;
}

export const SITE_WISHES: readonly SiteWish[] = [
  { key: 'wenmiao', spot: [-620, 560], houses: [4, 6], use: 'slabs' },
  { key: 'houxi', spot: [-1250, 800], houses: [3, 5], use: 'slabs' },
  { key: 'chengdong', spot: [560, 700], houses: [4, 6], use: 'slabs' },
  { key: 'xijie-single', spot: [-150, 380], houses: [1, 1], use: 'single' },
  { key: 'tiancaiba', spot: [1350, 1000], houses: [4, 6], use: 'towers' },
  { key: 'renhe', spot: [-350, -620], houses: [4, 6], use: 'slabs' },
  { key: 'bitan', spot: [450, -850], houses: [3, 5], use: 'slabs' },
  { key: 'wulin', spot: [-1150, -420], houses: [4, 6], use: 'slabs' },
  { key: 'fenghuang', spot: [1150, -620], houses: [3, 6], use: 'towers' },
  { key: 'heming', spot: [-760, -1150], houses: [2, 4], use: 'slabs' },
  { key: 'xinglong', spot: [2500, 420], houses: [4, 6], use: 'slabs' },
  { key: 'xinqiao', spot: [2100, -480], houses: [3, 6], use: 'slabs' },
  { key: 'xiwai', spot: [-1900, 520], houses: [2, 4], use: 'slabs' },
];

/** Takes the nearest fitting lot for every wish; throws when the town has none, so that a changed seed is noticed. */
export function chooseSites(town: Town): { readonly sites: readonly Site[]; readonly replaced: ReadonlyMap<Lot, readonly House[]> } {
  const taken = new Set<Lot>();
  const replaced = new Map<Lot, readonly House[]>();
  const streets = town.streets.map((street) => street.path);
  const sites = SITE_WISHES.map((wish) => {
    const spot = toGround(wish.spot);
    const lots = town.lots
      .filter((lot) => !taken.has(lot) && isFitting(lot, wish))
      .toSorted((a, b) => distanceBetween(centreOf(a.ring), spot) - distanceBetween(centreOf(b.ring), spot));
    const lot = lots[0];
    if (lot === undefined) throw new Error(`no lot for site ${wish.key}`);
    taken.add(lot);
    const houses = wish.use === 'single' ? singleHouse(lot) : lot.houses;
    if (houses !== lot.houses) replaced.set(lot, houses);
    return describeSite(wish.key, lot, houses, streets);
  });
  return { sites, replaced };
}

function isFitting(lot: Lot, wish: SiteWish): boolean {
  const area = areaOf(lot.ring);
  if (wish.use === 'single') return area > 1_800 && area < 6_000 && singleHouse(lot).length === 1;
  return lot.use === wish.use && lot.houses.length >= wish.houses[0] && lot.houses.length <= wish.houses[1] && area > 5_000;
}

function singleHouse(lot: Lot): readonly House[] {
  // The draw is not used for a single house, so the town's own stream of chance stays untouched.
  return buildHouses(lot.ring, 'single', { next: () => 0, between: (low) => low, isLucky: () => false, pick: (items) => items[0]! });
}

function describeSite(key: string, lot: Lot, houses: readonly House[], streets: readonly (readonly Point[])[]): Site {
  const centre = centreOf(lot.ring);
  const sides = lot.planRing
    .map((corner, index) => {
      const middle = toGround(pointBetween(corner, at(lot.planRing, index + 1), 0.5));
      return {
        middle,
        lengthMetres: distanceBetween(corner, at(lot.planRing, index + 1)),
        bearingDeg: outwardBearing(toGround(corner), toGround(at(lot.planRing, index + 1))),
        toStreetMetres: Math.min(...streets.map((path) => distanceToPath(middle, path))),
      };
    })
    .filter((side) => side.lengthMetres > 18)
    .toSorted((a, b) => a.toStreetMetres - a.lengthMetres / 4 - (b.toStreetMetres - b.lengthMetres / 4));
  const gates = sides.filter((side) => side.toStreetMetres < 24).slice(0, 2);
  const walls = sides.filter((side) => !gates.includes(side)).slice(0, 2);
  const ordered = houses.toSorted((a, b) => centreOf(b.ring)[1] - centreOf(a.ring)[1]);
  const anchors: Anchor[] = [];
  const add = (kind: AnchorKind, number: string, name: string, point: Point, bearingDeg: number): void => {
    anchors.push({ key: `${kind}:${number}`, kind, name, position: rounded(point), bearingDeg: Math.round(bearingDeg) % 360 });
  };
  gates.forEach((gate, index) =>
    add('entrance', `${index + 1}`, `${compassName(gate.bearingDeg)}门`, towards(gate.middle, centre, 2), gate.bearingDeg),
  );
  ordered.forEach((house, index) => {
    for (let unit = 1; unit <= unitsOf(house); unit++) {
      const point = doorOf(house, unit);
      add('building-entrance', `${index + 1}.${unit}`, `${index + 1}栋${unit}单元门`, point, bearingOf(centreOf(house.ring), point));
    }
  });
  const gate = gates[0]?.middle ?? at(lot.ring, 0);
  const road = freeSpot(lot.ring, houses, pointBetween(gate, centre, 0.45));
  add('road', '1', '小区主路', road, bearingOf(road, centre));
  const corner = at(
    lot.ring,
    lot.ring.findIndex((point) => distanceBetween(point, gate) === Math.max(...lot.ring.map((p) => distanceBetween(p, gate)))),
  );
  const parking = freeSpot(lot.ring, houses, pointBetween(corner, centre, 0.3));
  add('parking', '1', '停车场', parking, bearingOf(parking, centre));
  const yard = freeSpot(lot.ring, houses, centre);
  add('public-area', '1', '中心活动区', yard, bearingOf(yard, gate));
  walls.forEach((wall, index) =>
    add('boundary-wall', `${index + 1}`, `${compassName(wall.bearingDeg)}侧围墙`, towards(wall.middle, centre, 2), (wall.bearingDeg + 90) % 360),
  );
  return {
    key,
    boundary: lot.ring.map(rounded),
    position: rounded(centre),
    buildings: ordered.map((house, index) => ({ name: `${index + 1}栋`, units: unitsOf(house), footprint: house.ring.map(rounded) })),
    anchors,
  };
}

/** A stairwell serves about twenty metres of a slab; towers have one door. */
function unitsOf(house: House): number {
  const length = houseLength(house);
  return house.storeys === 'high' ? 1 : Math.max(1, Math.min(4, Math.round(length / 20)));
}

function houseLength(house: House): number {
  const along = house.ring.map((p) => p[0] * Math.cos(house.angleRad) + p[1] * Math.sin(house.angleRad));
  return Math.max(...along) - Math.min(...along);
}

/** Doors are on the side away from the sun: living rooms face south. */
function doorOf(house: House, unit: number): Point {
  const [cos, sin] = [Math.cos(house.angleRad), Math.sin(house.angleRad)];
  const along = house.ring.map((p) => p[0] * cos + p[1] * sin);
  const across = house.ring.map((p) => p[1] * cos - p[0] * sin);
  const u = Math.min(...along) + ((unit - 0.5) / unitsOf(house)) * (Math.max(...along) - Math.min(...along));
  const v = Math.max(...across) + 1.2;
  return [u * cos - v * sin, u * sin + v * cos];
}

/** The spot nearest to the wished one that is in the lot and not in a house. */
function freeSpot(lot: Ring, houses: readonly House[], wished: Point): Point {
  for (let reach = 0; reach < 60; reach += 3) {
    for (let spoke = 0; spoke < 12; spoke++) {
      const angle = (spoke * Math.PI) / 6;
      const spot: Point = [wished[0] + Math.cos(angle) * reach, wished[1] + Math.sin(angle) * reach];
      const isFree = houses.every((house) => !isInside(spot, house.ring) && distanceToRing(spot, house.ring) > 4);
      if (isFree && isInside(spot, lot) && distanceToRing(spot, lot) > 3) return spot;
    }
  }
  return wished;
}

function towards(from: Point, to: Point, metres: number): Point {
  return pointBetween(from, to, metres / distanceBetween(from, to));
}

function distanceToPath(point: Point, path: readonly Point[]): number {
  let nearest = Infinity;
  for (let index = 0; index + 1 < path.length; index++) nearest = Math.min(nearest, distanceToSegment(point, at(path, index), at(path, index + 1)));
  return nearest;
}

/** Bearing out of a counter-clockwise ring across the edge a → b. */
function outwardBearing(a: Point, b: Point): number {
  return bearingOf([0, 0], [b[1] - a[1], -(b[0] - a[0])]);
}

/** Degrees clockwise from north, 0 to 360. */
function bearingOf(from: Point, to: Point): number {
  return ((Math.atan2(to[0] - from[0], to[1] - from[1]) * 180) / Math.PI + 360) % 360;
}

function compassName(bearingDeg: number): string {
  const names = ['北', '东北', '东', '东南', '南', '西南', '西', '西北'];
  return names[Math.round(bearingDeg / 45) % 8] ?? '北';
}

function rounded(point: Point): Degrees {
  const [longitude, latitude] = toDegrees(point);
  return [Math.round(longitude * 1e7) / 1e7, Math.round(latitude * 1e7) / 1e7];
}
