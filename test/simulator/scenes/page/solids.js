/** Building with simple solids: boxes and panels whose textures keep their size in metres. */
import * as THREE from 'three';

/** A matt surface of a colour or a texture. */
export function matt(surface, extra = {}) {
  return surface instanceof THREE.Texture
    ? new THREE.MeshLambertMaterial({ map: surface, ...extra })
    : new THREE.MeshLambertMaterial({ color: surface, ...extra });
}

/** A surface that shines by itself, `strength` in units of white paper in the sun. */
export function glow(colour, strength = 1) {
  return new THREE.MeshBasicMaterial({ color: new THREE.Color(colour).multiplyScalar(strength) });
}

/** A box of w × h × d metres standing on y, centred on x and z; texture in metres. */
export function box(parent, material, w, h, d, x, y, z, turn = 0) {
  const geometry = new THREE.BoxGeometry(w, h, d);
  fitTexture(geometry, material);
  const mesh = new THREE.Mesh(geometry, material);
  mesh.position.set(x, y + h / 2, z);
  mesh.rotation.y = turn;
  parent.add(mesh);
  return mesh;
}

/** A horizontal rectangle at height y, facing up. */
export function floor(parent, material, w, d, x, y, z, turn = 0) {
  const geometry = new THREE.PlaneGeometry(w, d);
  geometry.rotateX(-Math.PI / 2);
  fitTexture(geometry, material);
  const mesh = new THREE.Mesh(geometry, material);
  mesh.position.set(x, y, z);
  mesh.rotation.y = turn;
  parent.add(mesh);
  return mesh;
}

/** An upright rectangle with its lower edge at y, facing +z when turn is 0; the texture fills it once. */
export function panel(parent, material, w, h, x, y, z, turn = 0) {
  const mesh = new THREE.Mesh(new THREE.PlaneGeometry(w, h), material);
  mesh.position.set(x, y + h / 2, z);
  mesh.rotation.y = turn;
  parent.add(mesh);
  return mesh;
}

/** A tube from one point to another. */
export function rod(parent, material, from, to, radius, sides = 8) {
  const a = new THREE.Vector3(...from);
  const b = new THREE.Vector3(...to);
  const geometry = new THREE.CylinderGeometry(radius, radius, a.distanceTo(b), sides);
  const mesh = new THREE.Mesh(geometry, material);
  mesh.position.copy(a).add(b).multiplyScalar(0.5);
  mesh.quaternion.setFromUnitVectors(new THREE.Vector3(0, 1, 0), b.clone().sub(a).normalize());
  parent.add(mesh);
  return mesh;
}

/** A ball. */
export function ball(parent, material, radius, x, y, z) {
  const mesh = new THREE.Mesh(new THREE.SphereGeometry(radius, 20, 14), material);
  mesh.position.set(x, y, z);
  parent.add(mesh);
  return mesh;
}

/** A shape in the x–y plane drawn out along z by `depth`, starting at the origin. */
export function extrude(parent, material, points, depth) {
  const shape = new THREE.Shape(points.map(([x, y]) => new THREE.Vector2(x, y)));
  const mesh = new THREE.Mesh(new THREE.ExtrudeGeometry(shape, { depth, bevelEnabled: false }), material);
  parent.add(mesh);
  return mesh;
}

/** Lays a texture over a geometry in metres, by which way its faces look. */
export function fitTexture(geometry, material) {
  const size = material.map?.userData;
  if (!size) return;
  const position = geometry.getAttribute('position');
  const normal = geometry.getAttribute('normal');
  const uv = geometry.getAttribute('uv');
  for (let i = 0; i < position.count; i++) {
    const [x, y, z] = [position.getX(i), position.getY(i), position.getZ(i)];
    const [nx, ny] = [Math.abs(normal.getX(i)), Math.abs(normal.getY(i))];
    if (ny > 0.5) uv.setXY(i, x / size.metresX, z / size.metresY);
    else if (nx > 0.5) uv.setXY(i, z / size.metresX, y / size.metresY);
    else uv.setXY(i, x / size.metresX, y / size.metresY);
  }
}
