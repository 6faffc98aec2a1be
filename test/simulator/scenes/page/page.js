/** What the builder calls in the browser: `openView(definition id)` once, then `drawFrame(frame)` for each frame. */
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

window.openView = async (id, quality) => {
  await document.fonts.load('500 28px "Noto Sans CJK SC"', '模拟画面');
  const definition = VIEWS.find((view) => view.id === id);
  const { view, uniforms } = createView(definition, size);
  const baked = bake(renderer, view, size, quality);
  draw = createStage(renderer, view, baked, uniforms, size);
};

/** Draws frame `frame` of `framesPerLoop` and posts its pixels to the builder. */
window.drawFrame = async (frame, framesPerLoop) => {
  const pixels = draw((frame / framesPerLoop) * LOOP_SECONDS);
  await fetch(`/frames/${frame}`, { method: 'POST', body: pixels });
};

window.isReady = true;
