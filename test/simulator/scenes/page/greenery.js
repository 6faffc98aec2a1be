/** Trees, hedges and lawns. Leaves are cards that sway a little in the wind. */
import * as THREE from 'three';

import { createRandom } from './random.js';
import { box, floor, matt } from './solids.js';
import { grass, leaves } from './textures.js';

/** A leaf material; `sway` from 0 to 1 is how much of the wind it takes. */
export function leafMaterial(seed, hue = 95, sway = 1) {
  const material = new THREE.MeshLambertMaterial({ map: leaves(seed, hue), alphaTest: 0.5, side: THREE.DoubleSide });
  material.userData.sway = sway;
  return material;
}

/** Cards scattered in balls: `clusters` of [x, y, z, radius]. */
function scatter(parent, material, clusters, perCluster, cardSize, random) {
  const mesh = new THREE.InstancedMesh(new THREE.PlaneGeometry(1, 1), material, clusters.length * perCluster);
  const dummy = new THREE.Object3D();
  let i = 0;
  for (const [cx, cy, cz, radius] of clusters) {
    for (let k = 0; k < perCluster; k++) {
      const away = new THREE.Vector3(random.range(-1, 1), random.range(-1, 1), random.range(-1, 1))
        .normalize()
        .multiplyScalar(radius * Math.cbrt(random.range(0.25, 1)));
      dummy.position.set(cx + away.x, cy + away.y * 0.8, cz + away.z);
      // Cards look outwards and up, so that the crown is lit like a round thing.
      dummy.lookAt(
        dummy.position.x + away.x + random.range(-1, 1) * radius * 0.6,
        dummy.position.y + away.y + radius * 0.7,
        dummy.position.z + away.z + random.range(-1, 1) * radius * 0.6,
      );
      dummy.rotateZ(random.range(0, 6.28));
      dummy.scale.setScalar(cardSize * random.range(0.7, 1.25));
      dummy.updateMatrix();
      mesh.setMatrixAt(i++, dummy.matrix);
    }
  }
  mesh.frustumCulled = false;
  parent.add(mesh);
  return mesh;
}

/** A broad-leaved tree (camphor, osmanthus) of `height` metres. */
export function tree(parent, material, x, z, height, seed) {
  const random = createRandom(seed);
  const bark = matt('#5a4c3f');
  const trunkHeight = height * 0.5;
  const trunk = new THREE.Mesh(new THREE.CylinderGeometry(height * 0.014, height * 0.028, trunkHeight, 10), bark);
  trunk.position.set(x, trunkHeight / 2, z);
  parent.add(trunk);
  const crown = height * 0.3;
  const clusters = [];
  for (let i = 0; i < 9; i++) {
    const angle = (i / 9) * 6.28 + random.range(-0.3, 0.3);
    const reach = i < 6 ? crown * random.range(0.5, 0.8) : crown * random.range(0, 0.35);
    const place = [x + Math.cos(angle) * reach, height * (i < 6 ? random.range(0.55, 0.74) : random.range(0.78, 0.92)), z + Math.sin(angle) * reach];
    clusters.push([...place, crown * random.range(0.42, 0.62)]);
    const branch = new THREE.Mesh(new THREE.CylinderGeometry(0.02, 0.055, 1, 6), bark);
    const from = new THREE.Vector3(x, trunkHeight * 0.85, z);
    const to = new THREE.Vector3(...place);
    branch.scale.y = from.distanceTo(to);
    branch.position.copy(from).add(to).multiplyScalar(0.5);
    branch.quaternion.setFromUnitVectors(new THREE.Vector3(0, 1, 0), to.sub(from).normalize());
    parent.add(branch);
  }
  scatter(parent, material, clusters, 46, height * 0.11, random);
}

/** A clipped hedge along x of `length` metres, turned. */
export function hedge(parent, material, x, z, length, turn, seed, height = 0.75, width = 0.7) {
  const random = createRandom(seed);
  const group = new THREE.Group();
  group.position.set(x, 0, z);
  group.rotation.y = turn;
  parent.add(group);
  box(group, matt('#2c3a1e'), length - 0.1, height - 0.12, width - 0.14, 0, 0, 0);
  const clusters = [];
  for (let at = -length / 2 + 0.25; at < length / 2; at += 0.36) clusters.push([at, height * 0.55, 0, height * 0.5]);
  scatter(group, material, clusters, 26, 0.3, random);
}

/** A round bush. */
export function bush(parent, material, x, z, radius, seed) {
  scatter(parent, material, [[x, radius * 0.75, z, radius]], 90, 0.34, createRandom(seed));
}

/** A lawn with a stone edge. */
export function lawn(parent, x, z, w, d, seed) {
  const stone = matt('#9b978d');
  floor(parent, matt(grass(seed)), w, d, x, 0.07, z);
  for (const side of [-1, 1]) {
    box(parent, stone, w + 0.16, 0.14, 0.1, x, 0, z + side * (d / 2));
    box(parent, stone, 0.1, 0.14, d, x + side * (w / 2), 0, z);
  }
}
