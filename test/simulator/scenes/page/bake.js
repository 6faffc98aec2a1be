/**
 * Light that does not move is worked out once per view and kept in textures as the camera sees it:
 *
 *     ambient   everything lit by the sky, by lamps without moving shadows, by bounced light; and what glows
 *     key       what the one key light adds (sun, lamp, infrared), with soft shadows
 *     albedo    the surfaces' own colour, with how far a pixel sways in the wind in the alpha channel
 *     place     normal, and distance along the camera's axis
 *
 * Many renders with jittered lights are averaged, which gives soft shadows, contact shadows and smooth edges.
 */
import * as THREE from 'three';

import { createRandom } from './random.js';

/** Reinhard-like cap so that one glaring sample leaves no speck. */
const MAX_SAMPLE = 24;

export function bake(renderer, view, size, quality = 1) {
  const { scene, camera, lights } = view;
  const random = createRandom(view.seed * 7919 + 11);
  const sample = new THREE.WebGLRenderTarget(size.width, size.height, { type: THREE.HalfFloatType });
  const targets = {
    ambient: accumulator(size),
    key: accumulator(size),
    albedo: new THREE.WebGLRenderTarget(size.width, size.height, { type: THREE.HalfFloatType, minFilter: THREE.LinearFilter }),
    place: new THREE.WebGLRenderTarget(size.width, size.height, {
      type: THREE.FloatType,
      minFilter: THREE.NearestFilter,
      magFilter: THREE.NearestFilter,
    }),
  };
  const add = createAdder(renderer);
  const jitter = () => camera.setViewOffset(size.width, size.height, random.next() - 0.5, random.next() - 0.5, size.width, size.height);
  const render = (target, weight, withGlow) => {
    jitter();
    renderer.setRenderTarget(sample);
    renderer.setClearColor(withGlow && view.sky ? view.sky : 0x000000, 1);
    renderer.clear();
    renderer.render(scene, camera);
    add(sample.texture, target, weight);
  };
  const glowing = [];
  scene.traverse((object) => {
    if (object.material?.isMeshBasicMaterial) glowing.push([object.material, object.material.color.clone()]);
  });
  const setGlow = (on) => glowing.forEach(([material, colour]) => material.color.copy(on ? colour : new THREE.Color(0)));

  for (const [name, group] of Object.entries({ ambient: lights.ambient, key: lights.key })) {
    group.forEach((source, index) => {
      const samples = Math.max(1, Math.round(source.samples * quality));
      for (let i = 0; i < samples; i++) {
        const light = source.create(random, i);
        scene.add(light);
        if (light.target) scene.add(light.target);
        const isFirst = name === 'ambient' && index === 0;
        setGlow(isFirst);
        render(targets[name], 1 / samples, isFirst);
        scene.remove(light);
        if (light.target) scene.remove(light.target);
        light.dispose?.();
      }
    });
  }
  setGlow(true);
  bakeAlbedo(renderer, scene, camera, targets.albedo, jitter, add, sample, size);
  camera.clearViewOffset();
  bakePlace(renderer, scene, camera, targets.place);
  sample.dispose();
  renderer.setRenderTarget(null);
  return targets;
}

function accumulator(size) {
  return new THREE.WebGLRenderTarget(size.width, size.height, {
    type: THREE.FloatType,
    minFilter: THREE.LinearFilter,
    magFilter: THREE.LinearFilter,
  });
}

/** Adds a picture times a weight to a target. */
function createAdder(renderer) {
  const material = new THREE.ShaderMaterial({
    uniforms: { picture: { value: null }, weight: { value: 1 } },
    vertexShader: 'varying vec2 at; void main() { at = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }',
    fragmentShader: `varying vec2 at; uniform sampler2D picture; uniform float weight;
      void main() { gl_FragColor = vec4(min(texture2D(picture, at).rgb, vec3(${MAX_SAMPLE.toFixed(1)})) * weight, weight); }`,
    blending: THREE.CustomBlending,
    blendSrc: THREE.OneFactor,
    blendDst: THREE.OneFactor,
    depthTest: false,
    depthWrite: false,
  });
  const quad = new THREE.Mesh(new THREE.PlaneGeometry(2, 2), material);
  quad.frustumCulled = false;
  const scene = new THREE.Scene().add(quad);
  const camera = new THREE.Camera();
  const started = new Set();
  return (texture, target, weight) => {
    material.uniforms.picture.value = texture;
    material.uniforms.weight.value = weight;
    renderer.setRenderTarget(target);
    if (!started.has(target)) {
      renderer.setClearColor(0x000000, 0);
      renderer.clear();
      started.add(target);
    }
    renderer.autoClear = false;
    renderer.render(scene, camera);
    renderer.autoClear = true;
  };
}

function bakeAlbedo(renderer, scene, camera, target, jitter, add, sample, size) {
  const originals = new Map();
  const flat = new Map();
  scene.traverse((object) => {
    if (!object.isMesh) return;
    const source = object.material;
    originals.set(object, source);
    if (!flat.has(source)) {
      flat.set(
        source,
        new THREE.MeshBasicMaterial({
          map: source.map ?? null,
          color: source.isMeshBasicMaterial ? 0x000000 : source.color,
          alphaTest: source.alphaTest,
          side: source.side,
          vertexColors: source.vertexColors,
        }),
      );
    }
    object.material = flat.get(source);
  });
  const sum = accumulator(size);
  for (let i = 0; i < 4; i++) {
    jitter();
    renderer.setRenderTarget(sample);
    renderer.setClearColor(0x000000, 1);
    renderer.clear();
    renderer.render(scene, camera);
    add(sample.texture, sum, 0.25);
  }
  // Sway: white where leaves are, black elsewhere.
  const white = new THREE.MeshBasicMaterial({ color: 0xffffff });
  const black = new THREE.MeshBasicMaterial({ color: 0x000000 });
  for (const [object, source] of originals) {
    const leafy = source.userData.sway ?? 0;
    object.material =
      leafy > 0 ? new THREE.MeshBasicMaterial({ map: source.map, alphaTest: source.alphaTest, side: source.side, color: 0xffffff }) : black;
    if (leafy > 0)
      object.material.onBeforeCompile = (shader) => {
        shader.fragmentShader = shader.fragmentShader.replace('#include <opaque_fragment>', `gl_FragColor = vec4(vec3(${leafy.toFixed(2)}), 1.0);`);
      };
  }
  jitter();
  renderer.setRenderTarget(sample);
  renderer.setClearColor(0x000000, 1);
  renderer.clear();
  renderer.render(scene, camera);
  for (const [object, source] of originals) object.material = source;
  white.dispose();
  const combine = new THREE.ShaderMaterial({
    uniforms: {
      colour: { value: sum.texture },
      sway: { value: sample.texture },
      texel: { value: new THREE.Vector2(1 / size.width, 1 / size.height) },
    },
    vertexShader: 'varying vec2 at; void main() { at = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }',
    fragmentShader: `varying vec2 at; uniform sampler2D colour; uniform sampler2D sway; uniform vec2 texel;
      void main() {
        float sum = 0.0;
        for (int x = -4; x <= 4; x++) for (int y = -4; y <= 4; y++) sum += texture2D(sway, at + vec2(x, y) * texel * 2.0).r;
        gl_FragColor = vec4(texture2D(colour, at).rgb, sum / 81.0);
      }`,
    depthTest: false,
  });
  renderer.setRenderTarget(target);
  const quad = new THREE.Mesh(new THREE.PlaneGeometry(2, 2), combine);
  quad.frustumCulled = false;
  renderer.render(new THREE.Scene().add(quad), new THREE.Camera());
  sum.dispose();
}

function bakePlace(renderer, scene, camera, target) {
  const originals = new Map();
  const shader = (source) =>
    new THREE.ShaderMaterial({
      uniforms: { map: { value: source.map ?? null } },
      side: source.side,
      vertexShader: `varying vec3 outward; varying float away; varying vec2 at;
      void main() {
        at = uv;
        vec4 local = vec4(position, 1.0);
        vec3 facing = normal;
        #ifdef USE_INSTANCING
          local = instanceMatrix * local;
          facing = mat3(instanceMatrix) * facing;
        #endif
        vec4 seen = modelViewMatrix * local;
        away = -seen.z;
        outward = mat3(modelMatrix) * facing;
        gl_Position = projectionMatrix * seen;
      }`,
      fragmentShader: `varying vec3 outward; varying float away; varying vec2 at; uniform sampler2D map;
      void main() {
        ${source.alphaTest > 0 ? 'if (texture2D(map, at).a < 0.5) discard;' : ''}
        gl_FragColor = vec4(normalize(outward), away);
      }`,
    });
  const made = new Map();
  scene.traverse((object) => {
    if (!object.isMesh) return;
    originals.set(object, object.material);
    if (!made.has(object.material)) made.set(object.material, shader(object.material));
    object.material = made.get(object.material);
  });
  renderer.setRenderTarget(target);
  renderer.setClearColor(0x000000, 0);
  renderer.clear();
  renderer.render(scene, camera);
  for (const [object, material] of originals) object.material = material;
}
