/** The lights that a view is baked with. A source makes one three.js light per sample, each a little elsewhere. */
import * as THREE from 'three';

function withShadow(light, near, far, side = 2048) {
  light.castShadow = true;
  light.shadow.mapSize.set(side, side);
  light.shadow.camera.near = near;
  light.shadow.camera.far = far;
  light.shadow.normalBias = 0.035;
  light.shadow.bias = -0.0004;
  return light;
}

function fromFarAway(colour, intensity, direction, centre, reach, side) {
  const light = withShadow(new THREE.DirectionalLight(colour, intensity), 1, 160, side);
  light.position.copy(centre).addScaledVector(direction, 80);
  light.target.position.copy(centre);
  Object.assign(light.shadow.camera, { left: -reach, right: reach, top: reach, bottom: -reach });
  return light;
}

/** The sky as many faint suns: `zenith` above, `horizon` around; luminance as seen on white paper below an open sky. */
export function skyDome(zenith, horizon, strength, centre, reach, samples) {
  return {
    samples,
    create: (random, i) => {
      // Golden-angle spiral over the upper hemisphere, uniform in solid angle, with a random start per build.
      const y = 0.06 + 0.94 * ((i + 0.5) / samples);
      const angle = i * 2.39996 + random.range(0, 0.6);
      const flat = Math.sqrt(1 - y * y);
      const direction = new THREE.Vector3(Math.cos(angle) * flat, y, Math.sin(angle) * flat);
      const colour = new THREE.Color(horizon).lerp(new THREE.Color(zenith), Math.sqrt(y));
      return fromFarAway(colour, strength * Math.PI * 2, direction, centre, reach, 1024);
    },
  };
}

/** Light without direction or shadow: what walls and ground throw back. */
export function bounce(sky, ground, strength) {
  return { samples: 1, create: () => new THREE.HemisphereLight(sky, ground, strength * Math.PI) };
}

/** The sun, `softness` its half-width in radians (a little more than true, as haze has it). */
export function sun(key, samples = 14, softness = 0.012) {
  return {
    samples,
    create: (random) => {
      const wobble = () => (random.next() + random.next() - 1) * softness;
      const direction = key.direction
        .clone()
        .add(new THREE.Vector3(wobble(), wobble(), wobble()))
        .normalize();
      return fromFarAway(key.colour, 1, direction, key.centre, (key.reach ?? 22) * 1.5, 2048);
    },
  };
}

/** A lamp that shines into a cone; `radius` metres is its size. */
export function lamp({ position, target, angle, colour, radius = 0.12 }, samples = 10) {
  return {
    samples,
    create: (random) => {
      const light = withShadow(new THREE.SpotLight(0xffffff, 1, 0, Math.min(angle, 1.35), 0.55, 2), 0.15, 70);
      light.color.copy(colour);
      const wobble = () => random.range(-radius, radius);
      light.position.copy(position).add(new THREE.Vector3(wobble(), wobble(), wobble()));
      light.target.position.copy(target);
      return light;
    },
  };
}

/**
 * Light bounced once inside a room (instant radiosity): rays leave the lamps, and where they land a faint lamp stands.
 * `lamps` are {position, target, colour, width?, depth?}; `albedo` what walls give back.
 */
export function bounced(scene, lamps, samples, albedo = 0.55) {
  const caster = new THREE.Raycaster();
  return {
    samples,
    create: (random) => {
      const source = lamps[Math.floor(random.next() * lamps.length)];
      const down = source.target.clone().sub(source.position).normalize();
      const direction = new THREE.Vector3(random.range(-1, 1), random.range(-1, 1), random.range(-1, 1)).normalize();
      direction.addScaledVector(down, 1.05).normalize();
      scene.updateMatrixWorld();
      caster.set(source.position.clone().addScaledVector(down, 0.06), direction);
      const hit = caster
        .intersectObjects(scene.children, true)
        .find(({ object }) => object.isMesh && !object.isInstancedMesh && object.material.isMeshLambertMaterial);
      if (!hit) return new THREE.AmbientLight(0);
      const normal = hit.face.normal.clone().transformDirection(hit.object.matrixWorld);
      if (normal.dot(direction) > 0) normal.negate();
      // The lamp stands behind the surface, which its near plane leaves out: no glaring spot where it stands.
      const light = withShadow(new THREE.SpotLight(0xffffff, 1, 0, 1.3, 0.9, 2), 0.62, 30, 512);
      light.position.copy(hit.point).addScaledVector(normal, -0.6);
      light.target.position.copy(hit.point).add(normal);
      const tint = hit.object.material.map ? new THREE.Color(0.9, 0.88, 0.84) : hit.object.material.color;
      light.color
        .copy(source.colour)
        .multiply(tint)
        .multiplyScalar(albedo * lamps.length);
      return light;
    },
  };
}
