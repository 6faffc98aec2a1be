/**
 * Plane geometry of the demo town, in metres, x to the east and y to the north.
 *
 * Rings are open (the last point is not the first again) and counter-clockwise. Splitting and insetting expect convex
 * rings: everything in the town's plan comes from one rectangle cut by straight lines, so it stays convex.
 */

/** A place or a direction in metres. */
export type Point = readonly [x: number, y: number];

/** An open, counter-clockwise ring. */
export type Ring = readonly Point[];

/** Signed area in square metres; positive for counter-clockwise rings. */
export function areaOf(ring: Ring): number {
  let doubled = 0;
  forEachEdge(ring, (a, b) => {
    doubled += a[0] * b[1] - b[0] * a[1];
  });
  return doubled / 2;
}

/** Mean of the corners: near enough to the centroid for the compact shapes used here. */
export function centreOf(ring: Ring): Point {
  let x = 0;
  let y = 0;
  for (const point of ring) {
    x += point[0];
    y += point[1];
  }
  return [x / ring.length, y / ring.length];
}

export function distanceBetween(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** The point at `share` (0 to 1) of the way from `a` to `b`. */
export function pointBetween(a: Point, b: Point, share: number): Point {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
}

/** Distance in metres from a point to the segment a–b. */
export function distanceToSegment(point: Point, a: Point, b: Point): number {
  const lengthSquared = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2;
  const along = (point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1]);
  const share = lengthSquared === 0 ? 0 : Math.min(1, Math.max(0, along / lengthSquared));
  return distanceBetween(point, pointBetween(a, b, share));
}

/** Even-odd test; a point exactly on the edge may go either way. */
export function isInside(point: Point, ring: Ring): boolean {
  let inside = false;
  forEachEdge(ring, (a, b) => {
    if (a[1] > point[1] === b[1] > point[1]) return;
    const x = a[0] + ((point[1] - a[1]) / (b[1] - a[1])) * (b[0] - a[0]);
    if (point[0] < x) inside = !inside;
  });
  return inside;
}

/** True when the whole inner ring lies in the outer one with at least `marginMetres` to spare. */
export function isWithin(inner: Ring, outer: Ring, marginMetres: number): boolean {
  const probes = inner.flatMap((point, index) => [point, pointBetween(point, at(inner, index + 1), 0.5)]);
  return probes.every((probe) => isInside(probe, outer) && distanceToRing(probe, outer) >= marginMetres);
}

/** Distance in metres from a point to the nearest edge of a ring. */
export function distanceToRing(point: Point, ring: Ring): number {
  let nearest = Infinity;
  forEachEdge(ring, (a, b) => {
    nearest = Math.min(nearest, distanceToSegment(point, a, b));
  });
  return nearest;
}

/** True when two convex rings come closer than `gapMetres` (separating axis test on their edges). */
export function areCloserThan(gapMetres: number, one: Ring, other: Ring): boolean {
  return !hasSeparatingEdge(one, other, gapMetres) && !hasSeparatingEdge(other, one, gapMetres);
}

/** A rectangle by its centre, its size along and across, and the angle of its length against east. */
export function rectangle(centre: Point, lengthMetres: number, depthMetres: number, angleRad: number): Ring {
  return placed(
    [
      [-lengthMetres / 2, -depthMetres / 2],
      [lengthMetres / 2, -depthMetres / 2],
      [lengthMetres / 2, depthMetres / 2],
      [-lengthMetres / 2, depthMetres / 2],
    ],
    centre,
    angleRad,
  );
}

/** A shape drawn around the origin, turned and moved to its place. */
export function placed(shape: Ring, centre: Point, angleRad: number): Ring {
  const cos = Math.cos(angleRad);
  const sin = Math.sin(angleRad);
  return shape.map(([x, y]): Point => [centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos]);
}

/** The ring with points added so that no edge is longer than `stepMetres`. */
export function densified(ring: Ring, stepMetres: number, isClosed: boolean): Point[] {
  const points: Point[] = [];
  const last = isClosed ? ring.length : ring.length - 1;
  for (let index = 0; index < last; index++) {
    const a = at(ring, index);
    const b = at(ring, index + 1);
    const pieces = Math.max(1, Math.ceil(distanceBetween(a, b) / stepMetres));
    for (let piece = 0; piece < pieces; piece++) points.push(pointBetween(a, b, piece / pieces));
  }
  if (!isClosed) points.push(at(ring, ring.length - 1));
  return points;
}

/** Douglas–Peucker: the path without the points that lie within `toleranceMetres` of it. */
export function simplified(path: readonly Point[], toleranceMetres: number): Point[] {
  const first = path[0];
  const last = path[path.length - 1];
  if (first === undefined || last === undefined || path.length < 3) return [...path];
  let farthest = 0;
  let farthestIndex = 0;
  for (let index = 1; index < path.length - 1; index++) {
    const distance = distanceToSegment(at(path, index), first, last);
    if (distance > farthest) {
      farthest = distance;
      farthestIndex = index;
    }
  }
  if (farthest <= toleranceMetres) return [first, last];
  const left = simplified(path.slice(0, farthestIndex + 1), toleranceMetres);
  return [...left.slice(0, -1), ...simplified(path.slice(farthestIndex), toleranceMetres)];
}

/** Simplifies a closed ring, keeping it closed: it is opened at the point farthest from its first one. */
export function simplifiedRing(ring: Ring, toleranceMetres: number): Point[] {
  const start = at(ring, 0);
  let farthestIndex = 0;
  ring.forEach((point, index) => {
    if (distanceBetween(point, start) > distanceBetween(at(ring, farthestIndex), start)) farthestIndex = index;
  });
  const out = simplified(ring.slice(0, farthestIndex + 1), toleranceMetres);
  const back = simplified([...ring.slice(farthestIndex), start], toleranceMetres);
  return [...out.slice(0, -1), ...back.slice(0, -1)];
}

/** A smooth path through the given points (Catmull–Rom, `pieces` per span). */
export function smoothPath(through: readonly Point[], pieces: number): Point[] {
  const path: Point[] = [];
  const clamp = (index: number): Point => at(through, Math.min(through.length - 1, Math.max(0, index)));
  for (let span = 0; span < through.length - 1; span++) {
    const [p0, p1, p2, p3] = [clamp(span - 1), clamp(span), clamp(span + 1), clamp(span + 2)];
    for (let piece = 0; piece < pieces; piece++) {
      const t = piece / pieces;
      const blend = (axis: 0 | 1): number =>
        0.5 *
        (2 * p1[axis] +
          (p2[axis] - p0[axis]) * t +
          (2 * p0[axis] - 5 * p1[axis] + 4 * p2[axis] - p3[axis]) * t * t +
          (3 * p1[axis] - p0[axis] - 3 * p2[axis] + p3[axis]) * t * t * t);
      path.push([blend(0), blend(1)]);
    }
  }
  path.push(clamp(through.length - 1));
  return path;
}

/** A band of the given width around a path, as one ring; for rivers and strips, not for tight turns. */
export function bandAround(path: readonly Point[], widthAt: (index: number) => number): Ring {
  const left: Point[] = [];
  const right: Point[] = [];
  path.forEach((point, index) => {
    const before = path[Math.max(0, index - 1)] ?? point;
    const after = path[Math.min(path.length - 1, index + 1)] ?? point;
    const length = distanceBetween(before, after) || 1;
    const normal: Point = [-(after[1] - before[1]) / length, (after[0] - before[0]) / length];
    const half = widthAt(index) / 2;
    left.push([point[0] + normal[0] * half, point[1] + normal[1] * half]);
    right.push([point[0] - normal[0] * half, point[1] - normal[1] * half]);
  });
  return [...right, ...left.toReversed()];
}

/** The point at an index that wraps around; throws on an empty ring. */
export function at(ring: readonly Point[], index: number): Point {
  const point = ring[((index % ring.length) + ring.length) % ring.length];
  if (point === undefined) throw new Error('empty ring');
  return point;
}

function forEachEdge(ring: Ring, visit: (a: Point, b: Point, index: number) => void): void {
  for (let index = 0; index < ring.length; index++) visit(at(ring, index), at(ring, index + 1), index);
}

function hasSeparatingEdge(ring: Ring, other: Ring, gapMetres: number): boolean {
  for (let index = 0; index < ring.length; index++) {
    const a = at(ring, index);
    const b = at(ring, index + 1);
    const length = distanceBetween(a, b);
    if (length === 0) continue;
    const outward: Point = [(b[1] - a[1]) / length, -(b[0] - a[0]) / length];
    const isClear = other.every((p) => (p[0] - a[0]) * outward[0] + (p[1] - a[1]) * outward[1] >= gapMetres);
    if (isClear) return true;
  }
  return false;
}
