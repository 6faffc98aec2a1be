/**
 * Where the town's flat plan lies on the ground.
 *
 * The plan is drawn along its river: `s` metres downstream, `t` metres to the left of the stream. Bending the plan along the
 * river's course, with a slow waver on top, gives every street its gentle curve; nothing else has to know about curves.
 *
 * ```
 *        t ↑  north bank
 *          │  ───────────── streets are straight here …
 *   s ─────┼────────────→   the river is t = 0
 *          │  south bank      … and curved once `toGround` has laid them down
 * ```
 */
import type { Point } from './geometry.ts';

/** Ground metres (0, 0) in WGS-84: a point in the river bend of the demo town. */
export const TOWN_ORIGIN = { longitude: 104.852, latitude: 29.7685 } as const;

/** Half the river's width in metres; the lower Tuo has 150 to 200 m between its banks. */
export const RIVER_HALF_WIDTH_METRES = 82;

/** Ground position of a place in the plan. */
export function toGround([s, t]: Point): Point {
  const waverAcross = 30 * Math.sin(t / 410 + s / 900) + 14 * Math.sin(s / 330 + 1.7);
  const waverAlong = 34 * Math.sin(t / 520 - s / 1300 + 0.6);
  // The waver dies away at the river, so that banks and bridges stay true to each other.
  const share = Math.min(1, Math.max(0, (Math.abs(t) - 90) / 260));
  const [x, y, heading] = courseAt(s + waverAlong * share);
  const across = t + waverAcross * share;
  return [x - Math.sin(heading) * across, y + Math.cos(heading) * across];
}

/** Longitude and latitude (WGS-84 degrees) of ground metres; flat-earth, good to a few metres within the county. */
export function toDegrees([x, y]: Point): [longitude: number, latitude: number] {
  return [
    TOWN_ORIGIN.longitude + x / (METRES_PER_DEGREE * Math.cos((TOWN_ORIGIN.latitude * Math.PI) / 180)),
    TOWN_ORIGIN.latitude + y / METRES_PER_DEGREE,
  ];
}

/** Ground metres of longitude and latitude; the inverse of `toDegrees`. */
export function fromDegrees([longitude, latitude]: readonly [number, number]): Point {
  return [
    (longitude - TOWN_ORIGIN.longitude) * METRES_PER_DEGREE * Math.cos((TOWN_ORIGIN.latitude * Math.PI) / 180),
    (latitude - TOWN_ORIGIN.latitude) * METRES_PER_DEGREE,
  ];
}

const METRES_PER_DEGREE = 111_320;

/** General course of the river, slightly south of east, and how far it swings to either side. */
const HEADING_RAD = -0.3;
const SWING_RAD = 0.46;
/** One full swing; at 12 km the tightest bend has a radius of 4.1 km, so 1.9 km inside it nothing folds over. */
const SWING_METRES = 12_000;
const STEP_METRES = 10;
const REACH_METRES = 7_000;

const COURSE: readonly Point[] = integrateCourse();

function headingAt(s: number): number {
  return HEADING_RAD + SWING_RAD * Math.sin((2 * Math.PI * (s + 600)) / SWING_METRES);
}

function integrateCourse(): Point[] {
  const course: Point[] = [];
  const steps = (2 * REACH_METRES) / STEP_METRES;
  let x = 0;
  let y = 0;
  for (let step = 0; step <= steps; step++) {
    course.push([x, y]);
    const heading = headingAt(-REACH_METRES + (step + 0.5) * STEP_METRES);
    x += Math.cos(heading) * STEP_METRES;
    y += Math.sin(heading) * STEP_METRES;
  }
  const middle = course[steps / 2] ?? [0, 0];
  return course.map((point): Point => [point[0] - middle[0], point[1] - middle[1]]);
}

function courseAt(s: number): [x: number, y: number, heading: number] {
  const position = Math.min(COURSE.length - 2, Math.max(0, (s + REACH_METRES) / STEP_METRES));
  const index = Math.floor(position);
  const a = COURSE[index] ?? [0, 0];
  const b = COURSE[index + 1] ?? a;
  const share = position - index;
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, headingAt(s)];
}
