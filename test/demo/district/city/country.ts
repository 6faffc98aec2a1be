/**
 * Around the town: the river on its way through the county, main roads, railway, hills and hamlets.
 *
 * Only the county's outline and the names of its towns are real. Courses and places are drawn by eye to look right; they are
 * for display and must not be measured.
 */
import { areCloserThan, bandAround, densified, distanceBetween, isInside, rectangle, smoothPath } from './geometry.ts';
import type { House } from './buildings.ts';
import type { Point, Ring } from './geometry.ts';
import { createChance } from './random.ts';
import { isTown } from './streets.ts';
import { fromDegrees, RIVER_HALF_WIDTH_METRES, toGround } from './terrain.ts';

export interface CountryRoad {
  readonly kind: 'motorway' | 'country' | 'rail';
  readonly name: string | null;
  readonly path: readonly Point[];
}

export interface Country {
  readonly river: Ring;
  readonly embankments: readonly Ring[];
  readonly roads: readonly CountryRoad[];
  readonly hills: readonly Ring[];
  readonly ponds: readonly Ring[];
  readonly hamlets: readonly House[];
  readonly townLabels: readonly { readonly name: string; readonly at: Point }[];
}

/** Draws the country inside the county's outline, given in ground metres. */
export function drawCountry(outline: Ring): Country {
  const riverPath = riverCourse().filter((point) => isInside(point, outline));
  const river = bandAround(riverPath, (index) => 2 * RIVER_HALF_WIDTH_METRES + 14 * Math.sin(index / 9));
  const roads = ROADS.map((road) => ({
    kind: road.kind,
    name: road.name,
    path: longestRun(smoothPath(road.through.map(place), 14), (point) => isInside(point, outline)),
  }));
  const townLabels = TOWNS.map(([name, longitude, latitude]) => ({ name, at: fromDegrees([longitude, latitude]) }));
  const isClear = (point: Point, reach: number): boolean =>
    isInside(point, outline) && !isTownGround(point, reach) && riverPath.every((p) => distanceBetween(p, point) > reach + 150);
  const hamlets = drawHamlets(roads, townLabels, isClear);
  const hills = drawBlobs(260, 511, [260, 900], isClear, hamlets);
  const ponds = drawBlobs(70, 25, [35, 90], isClear, hamlets);
  return { river, embankments: drawEmbankments(), roads, hills, ponds, hamlets, townLabels };
}

/** A place in degrees, or in plan metres (`s`, `t`) when it belongs to the town's edge. */
type Place = { readonly deg: readonly [number, number] } | { readonly plan: Point };

function place(where: Place): Point {
  return 'deg' in where ? fromDegrees(where.deg) : toGround(where.plan);
}

const ROADS: readonly { kind: CountryRoad['kind']; name: string | null; through: readonly Place[] }[] = [
  {
    kind: 'rail',
    name: '铁路',
    through: [
      { deg: [104.55, 29.99] },
      { deg: [104.63, 29.93] },
      { deg: [104.7, 29.885] },
      { deg: [104.77, 29.845] },
      { plan: [-4300, 1900] },
      { plan: [-2600, 2360] },
      { plan: [-600, 2420] },
      { plan: [1500, 2330] },
      { plan: [3500, 1700] },
      { deg: [104.94, 29.735] },
      { deg: [104.97, 29.69] },
      { deg: [105.0, 29.65] },
    ],
  },
  {
    kind: 'motorway',
    name: '高速公路',
    through: [
      { deg: [104.43, 30.0] },
      { deg: [104.5, 29.955] },
      { deg: [104.6, 29.895] },
      { deg: [104.69, 29.85] },
      { deg: [104.76, 29.79] },
      { plan: [-2900, -2700] },
      { plan: [0, -2600] },
      { plan: [2800, -2300] },
      { deg: [104.92, 29.69] },
      { deg: [104.96, 29.64] },
      { deg: [104.99, 29.6] },
    ],
  },
  {
    kind: 'country',
    name: '国道',
    through: [
      { deg: [104.57, 29.975] },
      { deg: [104.66, 29.9] },
      { deg: [104.72, 29.865] },
      { deg: [104.78, 29.822] },
      { plan: [-4700, 900] },
      { plan: [-3500, 420] },
      { plan: [-2900, 300] },
    ],
  },
  {
    kind: 'country',
    name: '国道',
    through: [{ plan: [3300, 350] }, { plan: [4200, 560] }, { deg: [104.925, 29.735] }, { deg: [104.945, 29.705] }, { deg: [104.985, 29.66] }],
  },
  {
    kind: 'country',
    name: null,
    through: [
      { plan: [640, 1900] },
      { plan: [800, 2900] },
      { deg: [104.87, 29.83] },
      { deg: [104.88, 29.87] },
      { deg: [104.9, 29.91] },
      { deg: [104.93, 29.96] },
    ],
  },
  {
    kind: 'country',
    name: null,
    through: [
      { plan: [2250, 1500] },
      { plan: [2500, 2600] },
      { deg: [104.94, 29.8] },
      { deg: [104.99, 29.81] },
      { deg: [105.05, 29.79] },
      { deg: [105.13, 29.83] },
    ],
  },
  {
    kind: 'country',
    name: null,
    through: [
      { plan: [-1480, -1300] },
      { plan: [-1700, -2300] },
      { deg: [104.8, 29.71] },
      { deg: [104.76, 29.68] },
      { deg: [104.715, 29.668] },
      { deg: [104.66, 29.66] },
    ],
  },
  {
    kind: 'country',
    name: null,
    through: [
      { plan: [640, -1400] },
      { plan: [760, -2300] },
      { deg: [104.845, 29.7] },
      { deg: [104.83, 29.66] },
      { deg: [104.82, 29.62] },
      { deg: [104.78, 29.55] },
    ],
  },
  {
    kind: 'country',
    name: null,
    through: [
      { plan: [-3300, -300] },
      { plan: [-4300, -700] },
      { deg: [104.77, 29.76] },
      { deg: [104.71, 29.77] },
      { deg: [104.63, 29.78] },
      { deg: [104.54, 29.79] },
    ],
  },
];

/** Real towns of the county; positions by eye. */
const TOWNS: readonly (readonly [name: string, longitude: number, latitude: number])[] = [
  ['归德镇', 104.777, 29.838],
  ['鱼溪镇', 104.7, 29.892],
  ['球溪镇', 104.625, 29.925],
  ['银山镇', 104.945, 29.7],
  ['双龙镇', 104.88, 29.872],
  ['太平镇', 104.992, 29.812],
  ['公民镇', 104.832, 29.655],
  ['龙结镇', 104.716, 29.668],
  ['罗泉镇', 104.555, 29.795],
  ['龙江镇', 104.53, 29.93],
  ['高楼镇', 105.0, 29.925],
  ['孟塘镇', 105.055, 29.86],
  ['发轮镇', 104.635, 29.78],
  ['明心寺镇', 104.76, 29.735],
];

function riverCourse(): Point[] {
  const town: Place[] = [];
  for (let s = -4000; s <= 4000; s += 400) town.push({ plan: [s, 0] });
  const upstream: Place[] = [
    { deg: [104.66, 30.02] },
    { deg: [104.668, 29.975] },
    { deg: [104.7, 29.945] },
    { deg: [104.735, 29.935] },
    { deg: [104.745, 29.9] },
    { deg: [104.728, 29.87] },
    { deg: [104.748, 29.848] },
    { deg: [104.778, 29.852] },
    { deg: [104.8, 29.834] },
    { deg: [104.803, 29.809] },
  ];
  const downstream: Place[] = [
    { deg: [104.912, 29.766] },
    { deg: [104.922, 29.748] },
    { deg: [104.913, 29.727] },
    { deg: [104.925, 29.698] },
    { deg: [104.962, 29.685] },
    { deg: [104.985, 29.7] },
    { deg: [105.01, 29.694] },
    { deg: [105.02, 29.665] },
    { deg: [105.0, 29.63] },
    { deg: [105.03, 29.59] },
  ];
  return smoothPath([...upstream, ...town, ...downstream].map(place), 8);
}

/** Green strips between the water and the embankment roads. */
function drawEmbankments(): Ring[] {
  return ([1, -1] as const).map((side) => {
    const inner: Point[] = [];
    const outer: Point[] = [];
    for (let s = -3400; s <= 3400; s += 60) {
      inner.push(toGround([s, side * (RIVER_HALF_WIDTH_METRES - 12)]));
      outer.push(toGround([s, side * (RIVER_HALF_WIDTH_METRES + 24)]));
    }
    return side === 1 ? [...inner, ...outer.toReversed()] : [...outer, ...inner.toReversed()];
  });
}

function drawHamlets(
  roads: readonly CountryRoad[],
  towns: readonly { readonly at: Point }[],
  isClear: (point: Point, reach: number) => boolean,
): House[] {
  const chance = createChance(7);
  const houses: House[] = [];
  const settle = (centre: Point, count: number, reach: number): void => {
    const angle = chance.between(0, Math.PI);
    for (let tried = 0; tried < count * 2; tried++) {
      const turn = chance.between(0, 2 * Math.PI);
      const far = Math.sqrt(chance.next()) * reach;
      const at: Point = [centre[0] + Math.cos(turn) * far, centre[1] + Math.sin(turn) * far * 0.6];
      const house = rectangle(at, chance.between(10, 22), chance.between(8, 12), angle + chance.between(-0.2, 0.2));
      if (!isClear(at, 0) || houses.slice(-60).some((other) => areCloserThan(4, other.ring, house))) continue;
      houses.push({ ring: house, storeys: 'low', angleRad: angle });
    }
  };
  for (const road of roads.filter((candidate) => candidate.kind === 'country')) {
    for (const point of densified(road.path, 900, false)) {
      if (chance.isLucky(0.5)) settle([point[0] + chance.between(-160, 160), point[1] + chance.between(-160, 160)], 7, 110);
    }
  }
  for (const town of towns) settle(town.at, 70, 420);
  return houses;
}

function drawBlobs(
  count: number,
  seed: number,
  radii: readonly [number, number],
  isClear: (point: Point, reach: number) => boolean,
  houses: readonly House[],
): Ring[] {
  const chance = createChance(seed);
  const blobs: Ring[] = [];
  for (let tried = 0; tried < count * 6 && blobs.length < count; tried++) {
    // Denser near the town, where the map is looked at closely.
    const turn = chance.between(0, 2 * Math.PI);
    const far = 2600 + 30_000 * chance.next() ** 1.7;
    const centre: Point = [Math.cos(turn) * far, Math.sin(turn) * far * 0.85];
    const radius = chance.between(radii[0], radii[1]);
    if (!isClear(centre, radius)) continue;
    if (houses.some((house) => distanceBetween(house.ring[0] ?? centre, centre) < radius * 1.25)) continue;
    const tilt = chance.between(0, Math.PI);
    const phases = [chance.between(0, 6), chance.between(0, 6), chance.between(0, 6)];
    const points: Point[] = [];
    for (let step = 0; step < 26; step++) {
      const angle = (step / 26) * 2 * Math.PI;
      const wobble =
        0.78 + 0.2 * Math.sin(2 * angle + phases[0]!) + 0.12 * Math.sin(3 * angle + phases[1]!) + 0.08 * Math.sin(5 * angle + phases[2]!);
      const [u, v] = [Math.cos(angle) * radius * wobble, Math.sin(angle) * radius * 0.62 * wobble];
      points.push([centre[0] + u * Math.cos(tilt) - v * Math.sin(tilt), centre[1] + u * Math.sin(tilt) + v * Math.cos(tilt)]);
    }
    blobs.push(points);
  }
  return blobs;
}

/** True near the town: found by walking the plan, since the ground has no inverse. */
function isTownGround(point: Point, reachMetres: number): boolean {
  return TOWN_SAMPLES.some((sample) => distanceBetween(sample, point) < reachMetres + 190);
}

const TOWN_SAMPLES: readonly Point[] = sampleTown();

function sampleTown(): Point[] {
  const samples: Point[] = [];
  for (let s = -4000; s <= 4000; s += 200) {
    for (let t = -1900; t <= 2500; t += 200) if (isTown([s, t], 0)) samples.push(toGround([s, t]));
  }
  return samples;
}

function longestRun(path: readonly Point[], isKept: (point: Point) => boolean): Point[] {
  let best: Point[] = [];
  let run: Point[] = [];
  for (const point of path) {
    if (isKept(point)) run.push(point);
    else run = [];
    if (run.length > best.length) best = [...run];
  }
  return best;
}
