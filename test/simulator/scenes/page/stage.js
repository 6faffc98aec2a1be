/**
 * Draws the frames of a view: the baked background with the shadows and headlights of what moves, the actors before and
 * behind it, then the lens (distortion, vignette, bloom, grain) and the words on the picture.
 */
import * as THREE from 'three';

import { findParts, sourceRectangle } from './parts.js';
import { ACTOR_FRAGMENT, ACTOR_VERTEX, FOG, KEY_LIGHT } from './lighting-shader.js';

const MAX_BLOBS = 16;
const FLAT = 'varying vec2 at; void main() { at = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }';

/** The uniforms of the light on moving things, shared by background and actors; made before the actors are. */
export function createLightUniforms(view) {
  const { key, air } = view;
  const lamps = [...(view.lamps ?? [])];
  while (lamps.length < 4) lamps.push({ position: [0, -100, 0], colour: new THREE.Color(0) });
  return {
    keyKind: { value: key.kind === 'sun' ? 0 : 1 },
    keyPosition: { value: key.kind === 'sun' ? key.direction.clone() : key.position.clone() },
    keyAim: { value: key.kind === 'sun' ? new THREE.Vector3() : key.target.clone().sub(key.position).normalize() },
    keyCone: { value: new THREE.Vector2(Math.cos((key.angle ?? 1) * 0.6), Math.cos(key.angle ?? 1)) },
    keyColour: { value: key.colour.clone() },
    keyMatrix: { value: new THREE.Matrix4() },
    stillDepths: { value: null },
    movingDepths: { value: null },
    bias: { value: key.kind === 'sun' ? 0.0012 : 0.0008 },
    skyLight: { value: view.actorLight.sky },
    groundLight: { value: view.actorLight.ground },
    lampPositions: { value: lamps.map((lamp) => new THREE.Vector3(...lamp.position)) },
    lampColours: { value: lamps.map((lamp) => lamp.colour) },
    glowScale: { value: view.glowScale ?? 1 },
    fog: { value: air?.colour ?? new THREE.Color(0) },
    fogPerMetre: { value: air?.perMetre ?? 0 },
  };
}

export function createActorMaterial(uniforms) {
  return new THREE.ShaderMaterial({ uniforms, vertexShader: ACTOR_VERTEX, fragmentShader: ACTOR_FRAGMENT, side: THREE.DoubleSide });
}

/**
 * Returns `{still, draw}`: the still picture with how leafy its places are, and a function that draws a list of moments,
 * `draw([seconds, …]) → {frames: [[part, …], …], width, pixels}`. A part {x, y, w, h, sheetX, sheetY} is where something
 * moves; its pixels (RGBA, top row first) lie on the sheet `pixels`, which is `width` wide.
 *
 * Software GL is slow, so the still picture is drawn once, and per frame only the parts where something moves: an
 * actor, its shadow, its light. The parts of several frames share a sheet, because each reading back waits for all drawing.
 */
export function createStage(renderer, view, baked, uniforms, size) {
  const keyCamera = createKeyCamera(view);
  uniforms.keyMatrix.value.multiplyMatrices(keyCamera.projectionMatrix, keyCamera.matrixWorldInverse);
  const still = depthTarget(2048);
  const moving = depthTarget(1024);
  uniforms.stillDepths.value = still.depthTexture;
  uniforms.movingDepths.value = moving.depthTexture;
  const depthOnly = new THREE.MeshBasicMaterial({ colorWrite: false, side: THREE.DoubleSide });
  const drawDepths = (scene, target) => {
    scene.overrideMaterial = depthOnly;
    renderer.setRenderTarget(target);
    renderer.clear();
    renderer.render(scene, keyCamera);
    scene.overrideMaterial = null;
  };
  drawDepths(view.scene, still);

  const background = quad(createBackgroundMaterial(view, baked, uniforms, size));
  background.mesh.renderOrder = -1;
  const lens = quad(createLensMaterial(view, size));
  const sheet = createSheet(size);
  const pictureFor = createPictures(size);

  /** Draws an output rectangle {x, y, w, h}, top left first, with what is visible, on the sheet. */
  const drawPart = (part, swayOnly = false) => {
    const from = sourceRectangle(view.lens, part, size);
    const picture = pictureFor(from.w, from.h);
    view.actors.add(background.mesh);
    view.camera.setViewOffset(size.width, size.height, from.x, from.y, picture.width, picture.height);
    const { part: seen } = background.material.uniforms;
    seen.value.set(from.x / size.width, 1 - (from.y + picture.height) / size.height, picture.width / size.width, picture.height / size.height);
    background.material.uniforms.swayOnly.value = swayOnly;
    picture.scissorTest = true;
    // GL counts rows from below.
    picture.scissor.set(0, picture.height - from.h, from.w, from.h);
    renderer.setRenderTarget(picture);
    renderer.clear();
    renderer.render(view.actors, view.camera);
    view.camera.clearViewOffset();
    background.mesh.removeFromParent();
    lens.material.uniforms.part.value.copy(seen.value);
    lens.material.uniforms.output_.value.set(part.x, part.y, part.w, part.h);
    lens.material.uniforms.plain.value = swayOnly;
    const place = sheet.place(part.w, part.h);
    pass(renderer, lens, picture.texture, sheet.target);
    return { ...part, ...place };
  };

  const actors = [...view.actors.children];
  for (const actor of actors) actor.visible = false;
  setBlobs(background.material.uniforms, []);
  setHeadlights(background.material.uniforms, []);
  drawDepths(view.actors, moving);
  lens.material.uniforms.bloom.value = drawBloom(renderer, view, background, size);
  const whole = { x: 0, y: 0, w: size.width, h: size.height };
  const read = (swayOnly) => {
    drawPart(whole, swayOnly);
    return sheet.read(renderer);
  };
  const stillPicture = { base: read(false), weights: read(true), sheetWidth: sheet.width };

  const drawMoment = (seconds) => {
    for (const actor of actors) actor.visible = true;
    const { blobs, headlights } = view.perform(seconds);
    background.material.uniforms.swing.value = seconds;
    setBlobs(background.material.uniforms, blobs);
    setHeadlights(background.material.uniforms, headlights);
    view.actors.updateMatrixWorld(true);
    const shown = actors.filter((actor) => actor.visible);
    drawDepths(view.actors, moving);
    return findParts(view, shown, headlights, size).map(({ x, y, w, h, actors: inside }) => {
      for (const actor of shown) actor.visible = inside.has(actor);
      return drawPart({ x, y, w, h });
    });
  };
  const draw = (moments) => {
    const frames = moments.map(drawMoment);
    return { frames, width: sheet.width, pixels: sheet.read(renderer) };
  };
  return { still: stillPicture, draw };
}

/** Where parts are put side by side until they are read: rows of parts, each row as high as its highest. */
function createSheet(size) {
  const width = size.width;
  const height = size.height * 8;
  const target = new THREE.WebGLRenderTarget(width, height, { depthBuffer: false });
  target.scissorTest = true;
  let [x, y, rowHeight] = [0, 0, 0];
  return {
    target,
    width,
    /** Makes room for a part and sets the target's viewport to it. Throws when the sheet is full. */
    place(w, h) {
      if (x + w > width) [x, y, rowHeight] = [0, y + rowHeight, 0];
      if (y + h > height) throw new Error('the sheet is full: draw fewer frames at once');
      const place = { sheetX: x, sheetY: y };
      target.viewport.set(x, y, w, h);
      target.scissor.set(x, y, w, h);
      x += w;
      rowHeight = Math.max(rowHeight, h);
      return place;
    },
    /** The used rows; the sheet is empty afterwards. */
    read(renderer) {
      const rows = y + rowHeight;
      const pixels = new Uint8Array(width * rows * 4);
      if (rows > 0) renderer.readRenderTargetPixels(target, 0, 0, width, rows, pixels);
      [x, y, rowHeight] = [0, 0, 0];
      return pixels;
    },
  };
}

/** Targets of a few sizes, so that a small part is not drawn in a large one. */
function createPictures(size) {
  const targets = new Map();
  const fitting = (wanted, sides) => sides.find((side) => side >= wanted);
  return (width, height) => {
    const w = fitting(width, [128, 256, 448, 704, size.width + 64]);
    const h = fitting(height, [128, 256, 448, size.height + 64]);
    const key = `${w}x${h}`;
    if (!targets.has(key)) targets.set(key, new THREE.WebGLRenderTarget(w, h, { type: THREE.HalfFloatType, samples: 4 }));
    return targets.get(key);
  };
}

/** What glares in the still picture, blurred; a quarter of its size. */
function drawBloom(renderer, view, background, size) {
  const [wide, high] = [size.width / 4, size.height / 4];
  const [picture, one, two] = [0, 1, 2].map(() => new THREE.WebGLRenderTarget(wide, high, { type: THREE.HalfFloatType }));
  const bright = quad(passMaterial('gl_FragColor = vec4(max(min(texture2D(source, at).rgb, vec3(12.0)) - 1.4, vec3(0.0)), 1.0);'));
  const blur = quad(
    passMaterial(
      `
    vec3 sum = vec3(0.0); float total = 0.0;
    for (int i = -10; i <= 10; i++) { float w = exp(-float(i * i) / 36.0); sum += texture2D(source, at + step_ * float(i)).rgb * w; total += w; }
    gl_FragColor = vec4(sum / total, 1.0);`,
      { step_: { value: new THREE.Vector2() } },
    ),
  );
  background.material.uniforms.part.value.set(0, 0, 1, 1);
  background.material.uniforms.swayOnly.value = false;
  renderer.setRenderTarget(picture);
  renderer.render(new THREE.Scene().add(background.mesh), view.camera);
  pass(renderer, bright, picture.texture, one);
  blur.material.uniforms.step_.value.set(1 / wide, 0);
  pass(renderer, blur, one.texture, two);
  blur.material.uniforms.step_.value.set(0, 1 / high);
  pass(renderer, blur, two.texture, one);
  return one.texture;
}

function createKeyCamera({ key }) {
  let camera;
  if (key.kind === 'sun') {
    const reach = key.reach ?? 22;
    camera = new THREE.OrthographicCamera(-reach, reach, reach, -reach, 1, 120);
    camera.position.copy(key.centre).addScaledVector(key.direction, 60);
    camera.lookAt(key.centre);
  } else {
    camera = new THREE.PerspectiveCamera(Math.min(150, (key.angle * 2 * 180) / Math.PI), 1, 0.3, 60);
    camera.position.copy(key.position);
    camera.lookAt(key.target);
  }
  camera.updateMatrixWorld();
  return camera;
}

function depthTarget(side) {
  return new THREE.WebGLRenderTarget(side, side, {
    depthTexture: new THREE.DepthTexture(side, side, THREE.FloatType),
    minFilter: THREE.NearestFilter,
    magFilter: THREE.NearestFilter,
  });
}

function createBackgroundMaterial(view, baked, uniforms, size) {
  const { camera } = view;
  const tangent = Math.tan((camera.fov * Math.PI) / 360);
  return new THREE.ShaderMaterial({
    uniforms: {
      ...uniforms,
      ambientLight: { value: baked.ambient.texture },
      keyLight: { value: baked.key.texture },
      albedo: { value: baked.albedo.texture },
      placeMap: { value: baked.place.texture },
      eye: { value: camera.matrixWorld },
      projection: { value: camera.projectionMatrix },
      tangent: { value: new THREE.Vector2(tangent * camera.aspect, tangent) },
      texel: { value: new THREE.Vector2(1 / size.width, 1 / size.height) },
      part: { value: new THREE.Vector4(0, 0, 1, 1) },
      swayOnly: { value: false },
      swing: { value: 0 },
      wind: { value: view.wind ?? 1.6 },
      blobPlaces: { value: Array.from({ length: MAX_BLOBS }, () => new THREE.Vector4()) },
      blobSizes: { value: Array.from({ length: MAX_BLOBS }, () => new THREE.Vector4()) },
      beamPlaces: { value: [0, 1, 2, 3].map(() => new THREE.Vector3(0, -50, 0)) },
      beamAims: { value: [0, 1, 2, 3].map(() => new THREE.Vector3(1, 0, 0)) },
      beamColours: { value: [0, 1, 2, 3].map(() => new THREE.Vector3()) },
    },
    vertexShader: FLAT,
    fragmentShader: `
      varying vec2 at;
      uniform vec4 part; uniform bool swayOnly;
      uniform sampler2D ambientLight; uniform sampler2D keyLight; uniform sampler2D albedo; uniform sampler2D placeMap;
      uniform sampler2D movingDepths; uniform float bias;
      uniform mat4 eye; uniform mat4 projection; uniform vec2 tangent; uniform vec2 texel; uniform float swing; uniform float wind;
      uniform vec4 blobPlaces[${MAX_BLOBS}]; uniform vec4 blobSizes[${MAX_BLOBS}];
      uniform vec3 beamPlaces[4]; uniform vec3 beamAims[4]; uniform vec3 beamColours[4];
      ${KEY_LIGHT}
      ${FOG}
      void main() {
        vec2 spot = part.xy + at * part.zw;
        float leafy = texture2D(albedo, spot).a;
        if (swayOnly) { gl_FragColor = vec4(vec3(leafy), 1.0); gl_FragDepth = 1.0; return; }
        float turn = swing * 0.39269908;   // 2 pi / 16: every motion is a whole number of turns per loop
        vec2 gust = vec2(sin(turn * 5.0 + spot.x * 17.0 + spot.y * 6.0) + 0.5 * sin(turn * 11.0 + spot.y * 40.0),
                         0.5 * sin(turn * 7.0 + spot.x * 23.0)) * (0.75 + 0.25 * sin(turn));
        vec2 from = spot + gust * leafy * wind * texel;
        vec4 here = texture2D(placeMap, spot);
        vec3 place = (eye * vec4(vec3((spot * 2.0 - 1.0) * tangent, -1.0) * here.w, 1.0)).xyz;
        vec3 n = here.w > 0.0 ? normalize(here.xyz) : vec3(0.0, 1.0, 0.0);
        float open = 1.0;
        for (int i = 0; i < ${MAX_BLOBS}; i++) {
          vec4 size = blobSizes[i];
          if (size.z <= 0.0) break;
          vec2 d = place.xz - blobPlaces[i].xy;
          vec2 local = vec2(d.x * blobPlaces[i].z - d.y * blobPlaces[i].w, d.x * blobPlaces[i].w + d.y * blobPlaces[i].z);
          vec2 beyond = max(abs(local) - size.xy, 0.0);
          float height = max(abs(place.y - size.w), 0.0);
          open *= 1.0 - size.z * exp(-dot(beyond, beyond) * 14.0) * exp(-height * 6.0) * max(n.y, 0.0);
        }
        float lit = here.w > 0.0 ? litBy(movingDepths, place, n, bias) : 1.0;
        vec3 colour = texture2D(ambientLight, from).rgb * open + texture2D(keyLight, from).rgb * lit;
        vec3 paint = texture2D(albedo, from).rgb;
        for (int i = 0; i < 4; i++) {
          vec3 d = place - beamPlaces[i];
          float metres = max(length(d), 0.6);
          d /= metres;
          float cone = smoothstep(0.86, 0.985, dot(d, beamAims[i]));
          colour += paint * beamColours[i] * cone * max(dot(n, -d), 0.0) / (metres * metres) * exp(-metres * 0.02);
        }
        colour = here.w > 0.0 ? throughFog(colour, here.w) : colour;
        gl_FragColor = vec4(colour, 1.0);
        float clip = (projection[2][2] * -here.w + projection[3][2]) / max(here.w, 0.001);
        gl_FragDepth = here.w > 0.0 ? clip * 0.5 + 0.5 : 1.0;
      }`,
    depthFunc: THREE.AlwaysDepth,
  });
}

function setBlobs(uniforms, blobs) {
  for (let i = 0; i < MAX_BLOBS; i++) {
    const blob = blobs[i];
    if (!blob) {
      uniforms.blobSizes.value[i].set(0, 0, 0, 0);
      continue;
    }
    uniforms.blobPlaces.value[i].set(blob.x, blob.z, Math.cos(blob.turn ?? 0), Math.sin(blob.turn ?? 0));
    uniforms.blobSizes.value[i].set(blob.halfLength ?? 0.05, blob.halfWidth ?? 0.05, blob.strength ?? 0.55, blob.y ?? 0);
  }
}

function setHeadlights(uniforms, headlights) {
  for (let i = 0; i < 4; i++) {
    const beam = headlights[i];
    uniforms.beamColours.value[i].set(0, 0, 0);
    if (!beam) continue;
    uniforms.beamPlaces.value[i].copy(beam.position);
    uniforms.beamAims.value[i].copy(beam.aim);
    uniforms.beamColours.value[i].set(beam.colour.r, beam.colour.g, beam.colour.b);
  }
}

function createLensMaterial(view, size) {
  const { lens } = view;
  return new THREE.ShaderMaterial({
    uniforms: {
      source: { value: null },
      bloom: { value: null },
      words: { value: view.words },
      part: { value: new THREE.Vector4(0, 0, 1, 1) },
      output_: { value: new THREE.Vector4() },
      plain: { value: false },
      exposure: { value: lens.exposure },
      grey: { value: lens.grey ?? 0 },
      vignette: { value: lens.vignette ?? 0.35 },
      grainLevel: { value: lens.grain ?? 0.004 },
      warmth: { value: new THREE.Vector3(...(lens.warmth ?? [1, 1, 1])) },
      barrel: { value: lens.barrel ?? 0.06 },
      haze: { value: lens.haze ?? 0.012 },
      bloomLevel: { value: lens.bloom ?? 0.35 },
      texel: { value: new THREE.Vector2(1 / size.width, 1 / size.height) },
      aspect: { value: size.width / size.height },
    },
    vertexShader: FLAT,
    fragmentShader: `
      varying vec2 at; uniform sampler2D source; uniform sampler2D bloom; uniform sampler2D words;
      uniform vec4 part; uniform vec4 output_; uniform bool plain; uniform float exposure; uniform float grey; uniform float vignette; uniform float grainLevel; uniform float barrel;
      uniform float haze; uniform float bloomLevel; uniform vec3 warmth; uniform vec2 texel; uniform float aspect;
      vec3 film(vec3 x) { return clamp((x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0); }
      float hash(vec3 p) { p = fract(p * vec3(0.1031, 0.1030, 0.0973)); p += dot(p, p.yxz + 33.33); return fract((p.x + p.y) * p.z); }
      void main() {
        // Row 0 of what is read is the top: down runs from the picture's top left.
        vec2 down = (output_.xy + at * output_.zw) * texel;
        vec2 flipped = vec2(down.x, 1.0 - down.y);
        vec2 centred = flipped - 0.5;
        vec2 wide = centred * vec2(aspect, 1.0);
        float r2 = dot(wide, wide);
        vec2 from = 0.5 + centred * (1.0 + barrel * r2) / (1.0 + barrel * 0.9);
        vec2 within = (from - part.xy) / part.zw;
        vec2 dot_ = texel / part.zw * 0.7;
        vec3 colour = texture2D(source, within).rgb;
        if (plain) { gl_FragColor = vec4(colour, 1.0); return; }
        vec3 soft = (texture2D(source, within + dot_).rgb + texture2D(source, within - dot_).rgb
          + texture2D(source, within + dot_ * vec2(1.0, -1.0)).rgb + texture2D(source, within - dot_ * vec2(1.0, -1.0)).rgb) * 0.25;
        colour = mix(min(colour, vec3(30.0)), min(soft, vec3(30.0)), 0.3) + texture2D(bloom, from).rgb * bloomLevel;
        colour *= exposure * warmth;
        colour *= 1.0 - vignette * smoothstep(0.25, 1.15, r2 * 1.25);
        if (grey > 0.0) colour = mix(colour, vec3(dot(colour, vec3(0.36, 0.44, 0.2))), grey);
        colour = film(colour + haze);
        colour = pow(colour, vec3(1.0 / 2.2));
        float speck = hash(vec3(floor(down / texel), 1.0)) + hash(vec3(floor(down / texel), 58.0)) - 1.0;
        colour += speck * grainLevel;
        vec4 text = texture2D(words, flipped);
        gl_FragColor = vec4(mix(colour, text.rgb / max(text.a, 0.01), text.a), 1.0);
      }`,
    depthTest: false,
  });
}

function passMaterial(body, uniforms = {}) {
  return new THREE.ShaderMaterial({
    uniforms: { source: { value: null }, ...uniforms },
    vertexShader: FLAT,
    fragmentShader: `varying vec2 at; uniform sampler2D source; ${uniforms.step_ ? 'uniform vec2 step_;' : ''} void main() { ${body} }`,
    depthTest: false,
  });
}

function quad(material) {
  const mesh = new THREE.Mesh(new THREE.PlaneGeometry(2, 2), material);
  mesh.frustumCulled = false;
  return { mesh, material, scene: new THREE.Scene(), camera: new THREE.Camera() };
}

function pass(renderer, { mesh, material, scene, camera }, source, target) {
  material.uniforms.source.value = source;
  if (mesh.parent === null) scene.add(mesh);
  renderer.setRenderTarget(target);
  renderer.render(scene, camera);
}
