/** Draws what stands still in few calls: thousands of small solids become one geometry per material. */
import * as THREE from 'three';

/** Replaces a scene's meshes (not the instanced ones) by merged ones. Call when nothing will move any more. */
export function mergeStill(scene) {
  scene.updateMatrixWorld(true);
  const groups = new Map();
  const merged = [];
  scene.traverse((object) => {
    if (!object.isMesh || object.isInstancedMesh) return;
    const { material } = object;
    const key = [
      material.type,
      material.map?.uuid,
      material.color.toArray().join(),
      material.alphaTest,
      material.side,
      material.vertexColors,
      material.userData.sway,
      Math.abs(object.scale.x),
    ].join('|');
    const group = groups.get(key) ?? { material, meshes: [] };
    group.meshes.push(object);
    groups.set(key, group);
    merged.push(object);
  });
  for (const { material, meshes } of groups.values()) scene.add(new THREE.Mesh(mergeGeometry(meshes, material.vertexColors), material));
  for (const object of merged) object.removeFromParent();
  scene.updateMatrixWorld(true);
}

function mergeGeometry(meshes, withColours) {
  const names = withColours ? ['position', 'normal', 'uv', 'color'] : ['position', 'normal', 'uv'];
  const arrays = Object.fromEntries(names.map((name) => [name, []]));
  for (const mesh of meshes) {
    const geometry = (mesh.geometry.index ? mesh.geometry.toNonIndexed() : mesh.geometry.clone()).applyMatrix4(mesh.matrixWorld);
    const count = geometry.getAttribute('position').count;
    for (const name of names) {
      const attribute = geometry.getAttribute(name);
      arrays[name].push(attribute ? attribute.array : new Float32Array(count * (name === 'uv' ? 2 : 3)));
    }
  }
  const result = new THREE.BufferGeometry();
  for (const name of names) {
    const total = arrays[name].reduce((sum, array) => sum + array.length, 0);
    const joined = new Float32Array(total);
    let at = 0;
    for (const array of arrays[name]) {
      joined.set(array, at);
      at += array.length;
    }
    result.setAttribute(name, new THREE.BufferAttribute(joined, name === 'uv' ? 2 : 3));
  }
  return result;
}

/** Makes one mesh of the meshes that hang directly on each group: joints and wheels stay movable. */
export function mergeFigures(scene) {
  const groups = [];
  scene.traverse((object) => {
    if (object.isGroup) groups.push(object);
  });
  for (const group of groups) {
    const meshes = group.children.filter((child) => child.isMesh);
    if (meshes.length < 2) continue;
    const geometries = meshes.map(({ geometry }) => (geometry.index ? geometry.toNonIndexed() : geometry));
    const result = new THREE.BufferGeometry();
    for (const [name, itemSize] of Object.entries({ position: 3, normal: 3, color: 3, shine: 2 })) {
      const arrays = geometries.map((geometry) => geometry.getAttribute(name).array);
      const joined = new Float32Array(arrays.reduce((sum, array) => sum + array.length, 0));
      let at = 0;
      for (const array of arrays) {
        joined.set(array, at);
        at += array.length;
      }
      result.setAttribute(name, new THREE.BufferAttribute(joined, itemSize));
    }
    for (const mesh of meshes) mesh.removeFromParent();
    group.add(new THREE.Mesh(result, meshes[0].material));
  }
}
