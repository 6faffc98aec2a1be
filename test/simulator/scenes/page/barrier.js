/** The barrier of the gate. */
import * as THREE from 'three';

import { smoothAlong } from './troupe.js';

/** The barrier's arm: red and white, rising about its box by `timing` of [seconds, degrees]. */
export function barrierArm(troupe, maker, actors, { x, z, side }, timing) {
  const arm = new THREE.Group();
  arm.position.set(x, 1.12, z);
  for (let i = 0; i < 8; i++) {
    const piece = new THREE.BoxGeometry(0.42, 0.09, 0.05);
    piece.translate(side * (0.25 + i * 0.42), 0, 0.2);
    maker.solid(arm, piece, i % 2 ? '#e8e6df' : '#c0281f', { gloss: 0.2 });
  }
  actors.add(arm);
  troupe.act((seconds) => (arm.rotation.z = (side * Math.max(0, smoothAlong(timing, seconds)) * Math.PI) / 180));
}

/** A barrier that stays shut. */
export const SHUT = [
  [0, 0],
  [16, 0],
];
