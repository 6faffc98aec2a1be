/** Puts a view together: set, light, camera and the words burnt into the picture. */
import * as THREE from 'three';

import { createFigureMaker } from './figures.js';
import { mergeFigures, mergeStill } from './merge.js';
import { createRandom } from './random.js';
import { createActorMaterial, createLightUniforms } from './stage.js';
import { createTroupe } from './troupe.js';

/**
 * `definition`: {seed, title, eye, target, fov, build(scene, random) → extras, light(scene, extras) → atmosphere,
 * cast(troupe, extras, maker, actors, random)}.
 */
export function createView(definition, size) {
  const scene = new THREE.Scene();
  const random = createRandom(definition.seed);
  const camera = new THREE.PerspectiveCamera(definition.fov ?? 52, size.width / size.height, 0.1, 200);
  camera.position.set(...definition.eye);
  camera.lookAt(...definition.target);
  const extras = definition.build(scene, random) ?? {};
  const light = definition.light(scene, extras);
  mergeStill(scene);
  scene.traverse((object) => {
    if (!object.isMesh) return;
    const castsShadow = !object.material.isMeshBasicMaterial;
    object.castShadow = castsShadow;
    object.receiveShadow = true;
  });
  camera.updateMatrixWorld();
  const actors = new THREE.Scene();
  const view = { ...light, seed: definition.seed, scene, camera, actors, words: drawWords(definition.title, size) };
  view.lens = { ...view.lens, ...definition.lens };
  const uniforms = createLightUniforms(view);
  const maker = createFigureMaker(createActorMaterial(uniforms));
  const troupe = createTroupe(actors, maker);
  definition.cast(troupe, extras, maker, actors, random);
  mergeFigures(actors);
  view.perform = (...moment) => troupe.perform(...moment);
  return { view, uniforms };
}

/** The place's name and 模拟画面 at the top left, white with a dark rim as cameras write. No time: a loop would lie. */
function drawWords(title, size) {
  const canvas = document.createElement('canvas');
  canvas.width = size.width;
  canvas.height = size.height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const unit = size.height / 720;
  context.font = `500 ${26 * unit}px "Noto Sans CJK SC"`;
  context.textBaseline = 'top';
  context.lineJoin = 'round';
  const write = (text, x, y, font) => {
    context.font = font;
    context.lineWidth = 4 * unit;
    context.strokeStyle = 'rgba(0,0,0,0.6)';
    context.strokeText(text, x, y);
    context.fillStyle = '#ffffff';
    context.fillText(text, x, y);
  };
  write(title, 28 * unit, 22 * unit, `500 ${28 * unit}px "Noto Sans CJK SC"`);
  write('模拟画面', 28 * unit, 60 * unit, `500 ${22 * unit}px "Noto Sans CJK SC"`);
  const texture = new THREE.CanvasTexture(canvas);
  texture.premultiplyAlpha = true;
  texture.generateMipmaps = false;
  texture.minFilter = THREE.LinearFilter;
  return texture;
}
