/** The light of a view: a clear or hazy day, a night with lamps, a night in infrared, a room. */
import * as THREE from 'three';

import { bounce, bounced, lamp, skyDome, sun } from './lights.js';

const colour = (value, strength = 1) => new THREE.Color(value).multiplyScalar(strength);

/** Daylight. `azimuth`, `height` of the sun in degrees; `haze` from 0 (clear) to 1 (overcast). */
export function day({ azimuth, height, haze = 0.2, centre = [0, 0, 0], reach = 26, sunColour = '#fff0d8', exposure = 0.8 }) {
  const a = (azimuth * Math.PI) / 180;
  const h = (height * Math.PI) / 180;
  const middle = new THREE.Vector3(...centre);
  const key = {
    kind: 'sun',
    centre: middle,
    reach,
    direction: new THREE.Vector3(Math.cos(h) * Math.cos(a), Math.sin(h), Math.cos(h) * Math.sin(a)),
    colour: colour(sunColour, Math.PI * (1.5 - haze * 1.25)),
  };
  const dome = 0.42 + haze * 0.28;
  return {
    key,
    lights: {
      ambient: [skyDome('#9db8dd', '#dfe4e8', dome, middle, reach * 1.6, 40), bounce('#8a8f96', '#a2947d', 0.15)],
      key: [sun(key, 14, 0.012 + haze * 0.05)],
    },
    actorLight: { sky: colour('#b9c8dd', dome * 0.95), ground: colour('#a2947d', 0.22) },
    air: { colour: colour('#c9d3db', 0.85), perMetre: 0.0035 + haze * 0.004 },
    sky: colour('#d3dde6', 1.15),
    lens: { exposure, vignette: 0.28, grain: 0.006, haze: 0.012, warmth: [1.02, 1, 0.97], bloom: 0.2 },
    wind: 1.7,
  };
}

/** Night with lamps. `main` casts the moving shadows; `others` only light. Each {position, target, angle, colour, power}. */
export function night({ main, others = [], centre = [0, 0, 0], reach = 26, exposure = 1.5, glowScale = 1, warmth = [1, 1, 1] }) {
  const prepare = (source) => ({
    position: new THREE.Vector3(...source.position),
    target: new THREE.Vector3(...source.target),
    angle: source.angle ?? 1.15,
    colour: colour(source.colour ?? '#ffcf94', source.power),
    radius: source.radius ?? 0.16,
  });
  const key = { kind: 'lamp', ...prepare(main) };
  const middle = new THREE.Vector3(...centre);
  const rest = others.map(prepare);
  return {
    key,
    lights: {
      ambient: [
        skyDome('#31435f', '#4f4a4c', 0.035, middle, reach * 1.6, 28),
        bounce('#5d5a55', '#7a6a52', 0.006),
        ...rest.map((source) => lamp(source, 6)),
      ],
      key: [lamp(key, 14)],
    },
    actorLight: { sky: colour('#56627a', 0.05), ground: colour('#6b5a45', 0.035) },
    lamps: rest.slice(0, 4).map(({ position, colour: shown }) => ({ position: position.toArray(), colour: shown })),
    air: { colour: colour('#20242c', 0.25), perMetre: 0.006 },
    sky: colour('#10141d', 0.9),
    lens: { exposure, vignette: 0.38, grain: 0.011, haze: 0.006, bloom: 0.5, warmth },
    glowScale,
    wind: 1.3,
  };
}

/** Night in infrared: the camera's own lamps, grey, bright in the middle. */
export function infrared({ eye, target, power = 170, exposure = 1.5, angle = 0.85, others = [], centre = [0, 0, 0], reach = 24 }) {
  const base = night({
    main: { position: [eye[0] + 0.12, eye[1] - 0.06, eye[2]], target, angle, colour: '#ffffff', power, radius: 0.06 },
    others,
    centre,
    reach,
    exposure,
  });
  return {
    ...base,
    lens: { ...base.lens, grey: 1, vignette: 0.75, grain: 0.014, haze: 0.012, warmth: [1, 1, 1], bloom: 0.6 },
  };
}

/** A room with ceiling lamps; the light between walls is followed once. `panels` as lamps of `night`, the first is the key. */
export function room(
  scene,
  { panels, bounces = 48, exposure = 1, ambient = 0.05, grey = 0, vignette = 0.3, warmth = [1, 1, 1], grain = 0.006, fill = '#cdd2d6' },
) {
  const sources = panels.map((source) => ({
    position: new THREE.Vector3(...source.position),
    target: new THREE.Vector3(...source.target),
    angle: source.angle ?? 1.35,
    colour: colour(source.colour ?? '#fff4e2', source.power),
    radius: source.radius ?? 0.4,
  }));
  const [first, ...rest] = sources;
  const key = { kind: 'lamp', ...first };
  return {
    key,
    lights: {
      ambient: [bounce(fill, fill, ambient), bounced(scene, sources, bounces), ...rest.map((source) => lamp(source, 12))],
      key: [lamp(key, 20)],
    },
    actorLight: { sky: colour(fill, ambient * 2.6), ground: colour('#b0a592', ambient * 2.2) },
    lamps: rest.slice(0, 4).map(({ position, colour: shown }) => ({ position: position.toArray(), colour: shown.clone().multiplyScalar(0.8) })),
    air: { colour: colour('#000000'), perMetre: 0 },
    sky: colour('#000000'),
    lens: { exposure, vignette, grain, haze: 0.01, grey, warmth, bloom: 0.3, barrel: 0.1 },
    wind: 0,
  };
}
