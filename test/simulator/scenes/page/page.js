/** What the builder calls in the browser: `openView(id)` once, then `drawFrames(first, last)` for each run of frames. */
import * as THREE from 'three';

import { bake } from './bake.js';
import { createStage } from './stage.js';
import { LOOP_SECONDS } from './troupe.js';
import { createView } from './view.js';
import { VIEWS } from './views.js';

const width = Number(new URLSearchParams(location.search).get('width'));
const size = { width, height: (width * 9) / 16 };
const renderer = new THREE.WebGLRenderer({ antialias: false, preserveDrawingBuffer: false });
renderer.setSize(16, 16);
renderer.shadowMap.enabled = true;
renderer.shadowMap.type = THREE.PCFShadowMap;
renderer.toneMapping = THREE.NoToneMapping;
renderer.outputColorSpace = THREE.LinearSRGBColorSpace;

let draw = null;

window.listViews = () => VIEWS.map(({ id, title, english, place, hours, codec }) => ({ id, title, english, place, hours, codec }));

/** Builds a view, works out its light and posts its still picture. `quality`: the part of the light samples taken. */
window.openView = async (id, quality) => {
  await document.fonts.load('500 28px "Noto Sans CJK SC"', '模拟画面');
  const definition = VIEWS.find((view) => view.id === id);
  const { view, uniforms } = createView(definition, size);
  const stage = createStage(renderer, view, bake(renderer, view, size, quality), uniforms, size);
  draw = stage.draw;
  await post('still/base', stage.still.base);
  await post('still/weights', stage.still.weights);
  return view.wind ?? 0;
};

/** Draws frames of the loop and posts the sheet of their parts; returns where the parts lie. */
window.drawFrames = async (indexes, framesPerLoop) => {
  const { frames, width: sheetWidth, pixels } = draw(indexes.map((index) => (index / framesPerLoop) * LOOP_SECONDS));
  await post('sheet', pixels);
  return { frames, width: sheetWidth };
};

async function post(path, body) {
  await fetch(`/${path}`, { method: 'POST', body });
}

window.isReady = true;
