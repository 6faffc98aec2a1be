/**
 * Houses for one lot. Each kind of lot is filled the way such places are really built: slabs in rows that look south, towers
 * set apart, old houses shoulder to shoulder around a yard, sheds, a school beside its running track.
 *
 * Input and output are ground metres. A lot is a closed, slightly curved ring; nothing is placed nearer than a few metres to
 * its edge or to another house.
 */
import { areaOf, areCloserThan, at, distanceBetween, isInside, isWithin, placed, pointBetween, rectangle } from './geometry.ts';
import type { Point, Ring } from './geometry.ts';
import type { Chance } from './random.ts';

/** Low: up to three floors; middle: four to eight; high: above. */
export type Storeys = 'low' | 'middle' | 'high';

export interface House {
  readonly ring: Ring;
  readonly storeys: Storeys;
  /** Angle of its length against east, radians; its front looks to the right of that direction (south for 0). */
  readonly angleRad: number;
}

export type LotUse = 'slabs' | 'towers' | 'old' | 'shops' | 'sheds' | 'campus' | 'hospital' | 'single';

/** Fills a lot with houses of its kind. */
export function buildHouses(lot: Ring, use: LotUse, chance: Chance): readonly House[] {
  switch (use) {
    case 'slabs':
      return slabs(lot, chance);
    case 'towers':
      return towers(lot, chance);
    case 'old':
      return oldHouses(lot, chance);
    case 'shops':
      return shops(lot, chance);
    case 'sheds':
      return rows(lot, chance, { depth: [24, 38], length: [46, 96], gap: 12, rowGap: 14, margin: 7, storeys: 'low' });
    case 'campus':
      return rows(lot, chance, { depth: [13, 16], length: [40, 68], gap: 16, rowGap: 24, margin: 9, storeys: 'middle' });
    case 'hospital':
      return hospital(lot);
    case 'single':
      return single(lot);
  }
}

/** The angle along which a lot's houses stand: of its sides' directions the one nearest to east–west. */
export function outlookAngle(lot: Ring): number {
  let best = 0;
  let bestScore = -Infinity;
  for (let index = 0; index < lot.length; index++) {
    const a = at(lot, index);
    const b = at(lot, index + 1);
    const length = distanceBetween(a, b);
    const angle = normalised(Math.atan2(b[1] - a[1], b[0] - a[0]));
    const score = length * Math.cos(angle) ** 3;
    if (score > bestScore) {
      bestScore = score;
      best = angle;
    }
  }
  return best;
}

/** An oval running track in the ground's western or eastern half; `scale` 1 is 116 by 62 m. Null when it does not fit. */
export function trackIn(lot: Ring, scale: number): Ring | null {
  const angle = outlookAngle(lot);
  const frame = frameOf(lot, angle);
  for (const turn of [0, Math.PI / 2]) {
    for (const share of [0.3, 0.7, 0.4, 0.6, 0.5]) {
      for (const rise of [0.5, 0.35, 0.65]) {
        const u = frame.low[0] + (frame.high[0] - frame.low[0]) * share;
        const v = frame.low[1] + (frame.high[1] - frame.low[1]) * rise;
        const track = oval(frame.toGround([u, v]), 116 * scale, 62 * scale, angle + turn);
        if (isWithin(track, lot, 4)) return track;
      }
    }
  }
  return null;
}

interface RowStyle {
  readonly depth: readonly [number, number];
  readonly length: readonly [number, number];
  readonly gap: number;
  readonly rowGap: number;
  readonly margin: number;
  readonly storeys: Storeys;
}

function slabs(lot: Ring, chance: Chance): readonly House[] {
  const isTall = chance.isLucky(0.3);
  return rows(lot, chance, {
    depth: [11.5, 14],
    length: isTall ? [30, 44] : [34, 60],
    gap: chance.between(8, 12),
    rowGap: isTall ? chance.between(26, 32) : chance.between(17, 22),
    margin: 5.5,
    storeys: isTall ? 'high' : 'middle',
  });
}

/** Rows from the south edge to the north; in each row houses as long as fit. */
function rows(lot: Ring, chance: Chance, style: RowStyle): readonly House[] {
  const angle = outlookAngle(lot);
  const frame = frameOf(lot, angle);
  const houses: House[] = [];
  let v = frame.low[1] + style.margin;
  while (v < frame.high[1] - style.margin) {
    const depth = chance.between(style.depth[0], style.depth[1]);
    let u = frame.low[0] + style.margin;
    let isAnyPlaced = false;
    while (u < frame.high[0] - style.margin) {
      const length = chance.between(style.length[0], style.length[1]);
      const fitted = [length, length * 0.8, length * 0.62].find((tried) =>
        isWithin(rectangle(frame.toGround([u + tried / 2, v + depth / 2]), tried, depth, angle), lot, style.margin * 0.85),
      );
      if (fitted === undefined) {
        u += 5;
        continue;
      }
      const centre = frame.toGround([u + fitted / 2, v + depth / 2]);
      houses.push({ ring: slabShape(centre, fitted, depth, angle, chance), storeys: style.storeys, angleRad: angle });
      isAnyPlaced = true;
      u += fitted + style.gap;
    }
    v += isAnyPlaced ? depth + style.rowGap : 5;
  }
  return houses;
}

/** A slab with stepped ends or stairwells that stand out; a plain box would look like a drawing of nothing. */
function slabShape(centre: Point, length: number, depth: number, angle: number, chance: Chance): Ring {
  const [l, d] = [length / 2, depth / 2];
  const step = chance.between(2, 3.4);
  if (length > 30 && chance.isLucky(0.45)) {
    const cut = chance.between(-0.2, 0.2) * length;
    const shape: Ring = [
      [-l, -d],
      [cut, -d],
      [cut, -d + step],
      [l, -d + step],
      [l, d + step * 0.6],
      [cut, d + step * 0.6],
      [cut, d],
      [-l, d],
    ];
    return placed(shape, centre, angle);
  }
  if (length > 22 && chance.isLucky(0.5)) {
    const bay = 3.2;
    const entries = Math.max(1, Math.round(length / 20));
    const north: Point[] = [];
    for (let entry = entries - 1; entry >= 0; entry--) {
      const x = -l + (length * (entry + 0.5)) / entries;
      north.push([x + bay, d], [x + bay, d + 1.6], [x - bay, d + 1.6], [x - bay, d]);
    }
    return placed([[-l, -d], [l, -d], [l, d], ...north, [-l, d]], centre, angle);
  }
  return rectangle(centre, length, depth, angle);
}

function towers(lot: Ring, chance: Chance): readonly House[] {
  const angle = outlookAngle(lot);
  const frame = frameOf(lot, angle);
  const houses: House[] = [];
  const pitch = chance.between(43, 52);
  let isShifted = false;
  for (let v = frame.low[1] + 17; v < frame.high[1] - 10; v += pitch * 0.8) {
    for (let u = frame.low[0] + 21 + (isShifted ? pitch / 2 : 0); u < frame.high[0] - 12; u += pitch) {
      const arm = chance.between(8, 10);
      const reach = chance.between(14, 17);
      const shape: Ring = [
        [-reach, -arm * 0.7],
        [-arm, -arm * 0.7],
        [-arm, -arm * 1.25],
        [arm, -arm * 1.25],
        [arm, -arm * 0.7],
        [reach, -arm * 0.7],
        [reach, arm * 0.8],
        [arm * 0.5, arm * 0.8],
        [arm * 0.5, arm * 1.3],
        [-arm * 0.5, arm * 1.3],
        [-arm * 0.5, arm * 0.8],
        [-reach, arm * 0.8],
      ];
      const ring = placed(shape, frame.toGround([u, v]), angle);
      if (isWithin(ring, lot, 6)) houses.push({ ring, storeys: 'high', angleRad: angle });
    }
    isShifted = !isShifted;
  }
  return houses.length > 0 ? houses : slabs(lot, chance);
}

/** Houses along every side with their fronts on the lot's edge, then smaller ones in the yard. */
function oldHouses(lot: Ring, chance: Chance): readonly House[] {
  const houses: House[] = [];
  const offer = (ring: Ring, angleRad: number, gap: number): boolean => {
    if (!isWithin(ring, lot, 0.7) || houses.some((house) => areCloserThan(gap, house.ring, ring))) return false;
    houses.push({ ring, storeys: chance.isLucky(0.22) ? 'middle' : 'low', angleRad });
    return true;
  };
  for (let index = 0; index < lot.length; index++) {
    const a = at(lot, index);
    const b = at(lot, index + 1);
    const length = distanceBetween(a, b);
    const angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
    const inward: Point = [-Math.sin(angle), Math.cos(angle)];
    for (let along = 1; along < length - 5;) {
      const front = Math.min(chance.between(9, 24), length - along - 1);
      const depth = chance.between(9, 14);
      const foot = pointBetween(a, b, (along + front / 2) / length);
      const inset = 1.2 + depth / 2 + (chance.isLucky(0.2) ? chance.between(0.5, 3) : 0);
      const centre: Point = [foot[0] + inward[0] * inset, foot[1] + inward[1] * inset];
      const isPlaced = front >= 6 && offer(rectangle(centre, front - 0.8, depth, angle), angle, 0.3);
      along += isPlaced ? front + (chance.isLucky(0.12) ? 4 : 0) : 4;
    }
  }
  const angle = outlookAngle(lot);
  const frame = frameOf(lot, angle);
  for (let v = frame.low[1] + 18; v < frame.high[1] - 12; v += 13) {
    for (let u = frame.low[0] + 18; u < frame.high[0] - 12; u += 17) {
      if (chance.isLucky(0.25)) continue;
      const centre = frame.toGround([u + chance.between(-3, 3), v + chance.between(-2, 2)]);
      offer(rectangle(centre, chance.between(9, 17), chance.between(7, 10), angle), angle, 2.2);
    }
  }
  return houses;
}

/** A podium along the streets with one or two towers on it. */
function shops(lot: Ring, chance: Chance): readonly House[] {
  const angle = outlookAngle(lot);
  const frame = frameOf(lot, angle);
  const width = frame.high[0] - frame.low[0];
  const depth = frame.high[1] - frame.low[1];
  const middle: Point = [(frame.low[0] + frame.high[0]) / 2, (frame.low[1] + frame.high[1]) / 2];
  for (const share of [0.9, 0.8, 0.7, 0.58, 0.46]) {
    const [l, d] = [(width * share) / 2, (depth * share) / 2];
    const notch = chance.between(0.25, 0.5);
    const shape: Ring = [
      [-l, -d],
      [l, -d],
      [l, d * (1 - notch)],
      [l * (1 - notch), d * (1 - notch)],
      [l * (1 - notch), d],
      [-l, d],
    ];
    const podium = placed(shape, frame.toGround(middle), angle);
    if (!isWithin(podium, lot, 3)) continue;
    const houses: House[] = [{ ring: podium, storeys: 'low', angleRad: angle }];
    for (const u of l > 48 ? [-0.5, 0.3] : [-0.25]) {
      houses.push({ ring: rectangle(frame.toGround([middle[0] + u * l, middle[1] - d * 0.25]), 26, 22, angle), storeys: 'high', angleRad: angle });
    }
    return houses;
  }
  return oldHouses(lot, chance);
}

/** Wings on a spine: the comb that hospitals are. */
function hospital(lot: Ring): readonly House[] {
  const angle = outlookAngle(lot);
  const frame = frameOf(lot, angle);
  const centre = frame.toGround([(frame.low[0] + frame.high[0]) / 2, (frame.low[1] + frame.high[1]) / 2]);
  for (const scale of [1, 0.85, 0.7, 0.55, 0.4]) {
    const [l, d] = [62 * scale, 44 * scale];
    const wing = 9 * scale;
    const spine = 8 * scale;
    const shape: Ring = [
      [-l, -d],
      [-l + 2 * wing, -d],
      [-l + 2 * wing, -spine],
      [-wing, -spine],
      [-wing, -d],
      [wing, -d],
      [wing, -spine],
      [l - 2 * wing, -spine],
      [l - 2 * wing, -d],
      [l, -d],
      [l, d * 0.7],
      [l - 2 * wing, d * 0.7],
      [l - 2 * wing, spine],
      [wing, spine],
      [wing, d],
      [-wing, d],
      [-wing, spine],
      [-l + 2 * wing, spine],
      [-l + 2 * wing, d * 0.7],
      [-l, d * 0.7],
    ];
    const ring = placed(shape, centre, angle);
    if (isWithin(ring, lot, 8)) return [{ ring, storeys: 'high', angleRad: angle }];
  }
  return [];
}

/** One house in the middle of a small lot. */
function single(lot: Ring): readonly House[] {
  const angle = outlookAngle(lot);
  const frame = frameOf(lot, angle);
  const centre = frame.toGround([(frame.low[0] + frame.high[0]) / 2, (frame.low[1] + frame.high[1]) / 2]);
  for (const length of [48, 40, 32, 26, 20]) {
    const ring = rectangle(centre, length, 12.5, angle);
    if (isWithin(ring, lot, 4)) return [{ ring, storeys: 'middle', angleRad: angle }];
  }
  return [];
}

interface LotFrame {
  readonly low: Point;
  readonly high: Point;
  toGround(uv: Point): Point;
}

function frameOf(lot: Ring, angle: number): LotFrame {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const us = lot.map(([x, y]) => x * cos + y * sin);
  const vs = lot.map(([x, y]) => y * cos - x * sin);
  return {
    low: [Math.min(...us), Math.min(...vs)],
    high: [Math.max(...us), Math.max(...vs)],
    toGround: ([u, v]) => [u * cos - v * sin, u * sin + v * cos],
  };
}

function oval(centre: Point, length: number, width: number, angle: number): Ring {
  const radius = width / 2;
  const straight = length / 2 - radius;
  const shape: Point[] = [];
  for (let step = 0; step <= 12; step++) {
    const turn = -Math.PI / 2 + (Math.PI * step) / 12;
    shape.push([straight + radius * Math.cos(turn), radius * Math.sin(turn)]);
  }
  for (let step = 0; step <= 12; step++) {
    const turn = Math.PI / 2 + (Math.PI * step) / 12;
    shape.push([-straight + radius * Math.cos(turn), radius * Math.sin(turn)]);
  }
  const ring = placed(shape, centre, angle);
  return areaOf(ring) > 0 && isInside(centre, ring) ? ring : ring.toReversed();
}

/** Folds an angle into (−90°, 90°]. */
function normalised(angle: number): number {
  let folded = angle;
  while (folded <= -Math.PI / 2) folded += Math.PI;
  while (folded > Math.PI / 2) folded -= Math.PI;
  return folded;
}
