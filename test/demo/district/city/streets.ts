/**
 * The street plan: one rectangle on either bank, cut again and again until every piece is a block.
 *
 * Large pieces are cut by wide streets and small ones by narrow ones, which gives the hierarchy and the T-junctions of a
 * grown town. The three bridges are cut first, straight across both banks. Everything here is in plan metres (see
 * `terrain.ts`), where streets are straight.
 */
import { areaOf, at, centreOf, densified, distanceBetween, isInside, pointBetween } from './geometry.ts';
import type { Point, Ring } from './geometry.ts';
import type { Chance } from './random.ts';
import { RIVER_HALF_WIDTH_METRES } from './terrain.ts';

export type StreetClass = 'primary' | 'secondary' | 'tertiary' | 'residential';

export interface Street {
  readonly class: StreetClass;
  /** Plan metres, a point every 30 m. */
  readonly path: readonly Point[];
  readonly isBridge: boolean;
}

/** A convex piece of the plan; `margins[i]` is the metres that edge i → i+1 gives to the street (or lot line) along it. */
export interface Plot {
  readonly ring: Ring;
  readonly margins: readonly number[];
}

export interface StreetPlan {
  readonly streets: readonly Street[];
  /** The pieces between the streets, still reaching to the middle of each street. */
  readonly blocks: readonly Plot[];
  /** Pieces around the town where nothing is built. */
  readonly fields: readonly Plot[];
}

/** Plan positions of the bridges along the river. */
export const BRIDGES_AT_METRES: readonly number[] = [-1480, 640, 2250];

/** Distance from the river's middle to the embankment roads. */
export const EMBANKMENT_METRES = RIVER_HALF_WIDTH_METRES + 36;

/** Parks that were there before the streets: no street is cut through a piece around the spot once it is this small. */
export const PARK_RESERVES: readonly { readonly spot: Point; readonly squareMetres: number }[] = [
  { spot: [-950, 1500], squareMetres: 330_000 },
  { spot: [1850, 900], squareMetres: 150_000 },
  { spot: [-250, -260], squareMetres: 130_000 },
  { spot: [950, -1050], squareMetres: 120_000 },
];

/** Centre of the old town in the plan; blocks are small around it. */
export const OLD_TOWN: Point = [-250, 640];

/** Cuts the whole town into streets and blocks. */
export function layOutStreets(chance: Chance): StreetPlan {
  const streets: Street[] = [];
  const blocks: Plot[] = [];
  for (const side of [1, -1] as const) {
    const near = EMBANKMENT_METRES * side;
    const far = (side === 1 ? 2300 : 1750) * side;
    const corners: Point[] = [
      [-4000, near],
      [4000, near],
      [4000, far],
      [-4000, far],
    ];
    const bank: Plot = {
      ring: side === 1 ? corners : [corners[3]!, corners[2]!, corners[1]!, corners[0]!],
      margins: side === 1 ? [MARGIN_METRES.secondary, 0, 0, 0] : [0, 0, MARGIN_METRES.secondary, 0],
    };
    addStreet(streets, 'secondary', [-4000, near], [4000, near]);
    let rest = bank;
    for (const s of BRIDGES_AT_METRES) {
      const cut = cutPlot(rest, [s, near], [chance.between(-0.05, 0.05), 1], MARGIN_METRES.primary);
      if (cut === null) continue;
      addStreet(streets, 'primary', cut.chord[0], cut.chord[1]);
      const [first, second] = cut.pieces;
      const isFirstWest = centreOf(first.ring)[0] < centreOf(second.ring)[0];
      divide(isFirstWest ? first : second, 0, chance, streets, blocks);
      rest = isFirstWest ? second : first;
    }
    divide(rest, 0, chance, streets, blocks);
  }
  for (const s of BRIDGES_AT_METRES) {
    streets.push({
      class: 'primary',
      isBridge: true,
      path: densified(
        [
          [s, EMBANKMENT_METRES],
          [s, -EMBANKMENT_METRES],
        ],
        30,
        false,
      ),
    });
  }
  const inTown = (block: Plot): boolean => isTown(centreOf(block.ring), 0);
  const fields = blocks.filter((block) => !inTown(block) && isTown(centreOf(block.ring), FIELDS_METRES));
  return { streets, blocks: blocks.filter(inTown), fields };
}

/** True within the town's ragged limit, moved outwards by `slackMetres`. */
export function isTown([s, t]: Point, slackMetres: number): boolean {
  const ragged = 1 + 0.1 * Math.sin(s / 310 + (t > 0 ? 0 : 2)) + 0.07 * Math.sin(s / 127 + 1);
  const reach = t > 0 ? 2050 : 1450;
  const share = Math.abs(s - 150) / 3700;
  if (share >= 1) return false;
  return Math.abs(t) <= reach * (1 - share ** 2.4) * ragged + slackMetres;
}

/** Cuts a plot in two along a straight line; null when the line misses it. Both pieces keep their edges' margins. */
export function cutPlot(
  plot: Plot,
  through: Point,
  direction: Point,
  marginMetres: number,
): { readonly pieces: readonly [Plot, Plot]; readonly chord: readonly [Point, Point] } | null {
  const sideOf = (p: Point): number => direction[0] * (p[1] - through[1]) - direction[1] * (p[0] - through[0]);
  const left = halfOf(plot, sideOf, marginMetres);
  const right = halfOf(plot, (p) => -sideOf(p), marginMetres);
  if (left === null || right === null) return null;
  return { pieces: [left.plot, right.plot], chord: left.chord };
}

/** The plot without the strips that its margins give away; null when nothing is left. */
export function insetPlot(plot: Plot): Ring | null {
  let rest: Plot | null = plot;
  for (let index = 0; index < plot.ring.length; index++) {
    const margin = plot.margins[index] ?? 0;
    if (margin === 0) continue;
    const a = at(plot.ring, index);
    const b = at(plot.ring, index + 1);
    const length = distanceBetween(a, b) || 1;
    const inward: Point = [-(b[1] - a[1]) / length, (b[0] - a[0]) / length];
    const half = halfOf(rest, (p) => (p[0] - a[0]) * inward[0] + (p[1] - a[1]) * inward[1] - margin, 0);
    if (half === null) return null;
    rest = half.plot;
  }
  return areaOf(rest.ring) > 60 ? rest.ring : null;
}

/** The direction of the plot's longer side and its extent along and across it, in metres. */
export function extentOf(ring: Ring): { readonly along: Point; readonly lengthMetres: number; readonly depthMetres: number } {
  let best: { along: Point; lengthMetres: number; depthMetres: number } | null = null;
  for (let index = 0; index < ring.length; index++) {
    const a = at(ring, index);
    const b = at(ring, index + 1);
    const edge = distanceBetween(a, b);
    if (edge < 1) continue;
    const u: Point = [(b[0] - a[0]) / edge, (b[1] - a[1]) / edge];
    const along = spread(ring.map((p) => p[0] * u[0] + p[1] * u[1]));
    const across = spread(ring.map((p) => p[1] * u[0] - p[0] * u[1]));
    if (best !== null && along * across >= best.lengthMetres * best.depthMetres) continue;
    best =
      along >= across ? { along: u, lengthMetres: along, depthMetres: across } : { along: [-u[1], u[0]], lengthMetres: across, depthMetres: along };
  }
  if (best === null) throw new Error('a ring without edges');
  return best;
}

/** Half the metres between house fronts, pavements included. */
export const MARGIN_METRES: Readonly<Record<StreetClass, number>> = {
  primary: 21,
  secondary: 15,
  tertiary: 10.5,
  residential: 7,
};

/** How far the fields go beyond the last houses. */
const FIELDS_METRES = 450;

function divide(plot: Plot, depth: number, chance: Chance, streets: Street[], blocks: Plot[]): void {
  const centre = centreOf(plot.ring);
  const area = areaOf(plot.ring);
  const extent = extentOf(plot.ring);
  const target = targetAreaOf(centre);
  const isSlender = extent.lengthMetres > 2.4 * extent.depthMetres;
  const isReserved = PARK_RESERVES.some((park) => area <= park.squareMetres && isInside(park.spot, plot.ring));
  if (isReserved || area < target * 1.25 || (area < target * 2 && !isSlender && chance.isLucky(0.35)) || depth > 12) {
    blocks.push(plot);
    return;
  }
  const streetClass = classFor(area);
  const share = chance.between(0.39, 0.61);
  const middle = middleOf(plot.ring, extent.along, share);
  const oldness = Math.max(0, 1 - distanceBetween(centre, OLD_TOWN) / 700);
  const slant = chance.between(-1, 1) * (0.05 + 0.2 * oldness);
  const across: Point = [-extent.along[1] + extent.along[0] * slant, extent.along[0] + extent.along[1] * slant];
  const cut = cutPlot(plot, middle, across, MARGIN_METRES[streetClass]);
  if (cut === null) {
    blocks.push(plot);
    return;
  }
  addStreet(streets, streetClass, cut.chord[0], cut.chord[1]);
  for (const piece of cut.pieces) divide(piece, depth + 1, chance, streets, blocks);
}

/** Square metres a block should have: one hectare in the old town, up to four at the edge. */
function targetAreaOf(centre: Point): number {
  const distance = distanceBetween(centre, OLD_TOWN);
  return 9_000 + 26_000 * Math.min(1, Math.max(0, (distance - 350) / 1900));
}

function classFor(areaSquareMetres: number): StreetClass {
  if (areaSquareMetres > 1_300_000) return 'primary';
  if (areaSquareMetres > 300_000) return 'secondary';
  if (areaSquareMetres > 75_000) return 'tertiary';
  return 'residential';
}

/** Adds what lies in the town; wide streets run on into the country, narrow ones stop at the last house. */
function addStreet(streets: Street[], streetClass: StreetClass, from: Point, to: Point): void {
  const slack = streetClass === 'primary' ? 420 : streetClass === 'secondary' ? 110 : 10;
  let run: Point[] = [];
  const close = (): void => {
    if (run.length > 1) streets.push({ class: streetClass, path: run, isBridge: false });
    run = [];
  };
  for (const point of densified([from, to], 30, false)) {
    if (isTown(point, slack)) run.push(point);
    else close();
  }
  close();
}

/** The point at `share` of the ring's extent along `direction`, level with its centre. */
function middleOf(ring: Ring, direction: Point, share: number): Point {
  const centre = centreOf(ring);
  const project = (p: Point): number => p[0] * direction[0] + p[1] * direction[1];
  const values = ring.map(project);
  const low = Math.min(...values);
  const offset = low + (Math.max(...values) - low) * share - project(centre);
  return [centre[0] + direction[0] * offset, centre[1] + direction[1] * offset];
}

/** The part of a plot where `sideOf` is not negative. */
function halfOf(
  plot: Plot,
  sideOf: (p: Point) => number,
  newMargin: number,
): { readonly plot: Plot; readonly chord: readonly [Point, Point] } | null {
  const ring: Point[] = [];
  const margins: number[] = [];
  let leaves: Point | null = null;
  let enters: Point | null = null;
  for (let index = 0; index < plot.ring.length; index++) {
    const a = at(plot.ring, index);
    const b = at(plot.ring, index + 1);
    const margin = plot.margins[index] ?? 0;
    const sideA = sideOf(a);
    const sideB = sideOf(b);
    if (sideA >= 0) {
      ring.push(a);
      margins.push(margin);
    }
    if (sideA >= 0 === sideB >= 0) continue;
    const crossing = pointBetween(a, b, sideA / (sideA - sideB));
    if (sideA >= 0) {
      leaves = crossing;
      ring.push(crossing);
      margins.push(newMargin);
    } else {
      enters = crossing;
      ring.push(crossing);
      margins.push(margin);
    }
  }
  if (ring.length < 3) return null;
  // A line that does not cross the plot leaves it whole; only an inset may ask for that.
  if (leaves === null || enters === null) {
    const whole = at(plot.ring, 0);
    return newMargin === 0 ? { plot, chord: [whole, whole] } : null;
  }
  return { plot: { ring, margins }, chord: [leaves, enters] };
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
