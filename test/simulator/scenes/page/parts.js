/** Which parts of the picture change in a frame, and what the lens makes of places in it. */
import * as THREE from 'three';

/** Pixels around a part, for soft edges of shadows and the lens's blur. */
const MARGIN = 7;

const scale = ({ barrel = 0.06 }, x, y, aspect) => (1 + barrel * (x * x * aspect * aspect + y * y)) / (1 + barrel * 0.9);

/** The rectangle of the undistorted picture that an output rectangle shows; both from the top left. */
export function sourceRectangle(lens, { x, y, w, h }, size) {
  const aspect = size.width / size.height;
  const seen = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const u of [x, x + w / 2, x + w]) {
    for (const v of [y, y + h / 2, y + h]) {
      const [cx, cy] = [u / size.width - 0.5, v / size.height - 0.5];
      const k = scale(lens, cx, cy, aspect);
      extend(seen, (0.5 + cx * k) * size.width, (0.5 + cy * k) * size.height);
    }
  }
  const left = Math.floor(seen.left) - 3;
  const top = Math.floor(seen.top) - 3;
  return { x: left, y: top, w: Math.ceil(seen.right) + 3 - left, h: Math.ceil(seen.bottom) + 3 - top };
}

/** The parts of the output that actors, their shadows and their lights touch; overlapping ones are one. */
export function findParts(view, actors, headlights, size) {
  const parts = [];
  for (const actor of actors) {
    const box = new THREE.Box3().setFromObject(actor).expandByScalar(0.12);
    const corners = [0, 1, 2, 3, 4, 5, 6, 7].map(
      (i) => new THREE.Vector3(i & 1 ? box.max.x : box.min.x, i & 2 ? box.max.y : box.min.y, i & 4 ? box.max.z : box.min.z),
    );
    const isSmall = box.max.y - box.min.y < 0.5;
    const points = isSmall
      ? corners
      : [
          ...corners,
          ...corners.map((corner) => shadowOf(view.key, corner)),
          ...corners.map((corner) => corner.clone().setY(box.min.y).lerp(box.getCenter(new THREE.Vector3()), -0.25).setY(box.min.y)),
        ];
    const part = partAround(view, points, size);
    if (part !== null) parts.push({ ...part, actors: new Set([actor]) });
  }
  for (const { position, aim } of headlights) {
    const aside = new THREE.Vector3(-aim.z, 0, aim.x);
    const points = [];
    for (const metres of [0, 3, 8, 15, 24]) {
      for (const side of [-0.55, 0.55]) {
        const point = position
          .clone()
          .addScaledVector(aim, metres)
          .addScaledVector(aside, side * metres);
        points.push(point.clone().setY(0), point.clone().setY(Math.min(3, 1 + metres * 0.2)));
      }
    }
    const part = partAround(view, points, size);
    if (part !== null) parts.push({ ...part, actors: new Set() });
  }
  return unite(parts);
}

/** Where a corner's shadow falls on the ground, at most a few metres away. */
function shadowOf(key, corner) {
  const direction = key.kind === 'sun' ? key.direction.clone().negate() : corner.clone().sub(key.position).normalize();
  const metres = direction.y < -0.05 ? Math.min(5, corner.y / -direction.y) : 5;
  return corner.clone().addScaledVector(direction, Math.max(0, metres));
}

/** The output rectangle around points in the world; null if it is outside the picture. */
function partAround({ camera, lens }, points, size) {
  const aspect = size.width / size.height;
  const seen = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  let isAnyBehind = false;
  for (const point of points) {
    const at = point.clone().applyMatrix4(camera.matrixWorldInverse);
    if (at.z > -0.4) {
      isAnyBehind = true;
      continue;
    }
    at.applyMatrix4(camera.projectionMatrix);
    const [sx, sy] = [at.x / 2, -at.y / 2];
    let [cx, cy] = [sx, sy];
    for (let i = 0; i < 5; i++) {
      const k = scale(lens, cx, cy, aspect);
      [cx, cy] = [sx / k, sy / k];
    }
    extend(seen, (cx + 0.5) * size.width, (cy + 0.5) * size.height);
  }
  // Cameras look down: what passes beneath them leaves at the lower edge.
  if (isAnyBehind && seen.left < Infinity) seen.bottom = size.height;
  const x = Math.max(0, Math.floor(seen.left) - MARGIN);
  const y = Math.max(0, Math.floor(seen.top) - MARGIN);
  const right = Math.min(size.width, Math.ceil(seen.right) + MARGIN);
  const bottom = Math.min(size.height, Math.ceil(seen.bottom) + MARGIN);
  return right > x && bottom > y ? { x, y, w: right - x, h: bottom - y } : null;
}

/** Unites overlapping parts until none overlap. */
function unite(parts) {
  for (let i = 0; i < parts.length; i++) {
    for (let k = i + 1; k < parts.length; k++) {
      const [a, b] = [parts[i], parts[k]];
      if (a.x >= b.x + b.w || b.x >= a.x + a.w || a.y >= b.y + b.h || b.y >= a.y + a.h) continue;
      const x = Math.min(a.x, b.x);
      const y = Math.min(a.y, b.y);
      const united = {
        x,
        y,
        w: Math.max(a.x + a.w, b.x + b.w) - x,
        h: Math.max(a.y + a.h, b.y + b.h) - y,
        actors: new Set([...a.actors, ...b.actors]),
      };
      return unite([...parts.slice(0, i), united, ...parts.slice(i + 1, k), ...parts.slice(k + 1)]);
    }
  }
  return parts;
}

function extend(seen, x, y) {
  seen.left = Math.min(seen.left, x);
  seen.right = Math.max(seen.right, x);
  seen.top = Math.min(seen.top, y);
  seen.bottom = Math.max(seen.bottom, y);
}
