/**
 * Who moves in a view, and when. Everything is a function of the time in the loop, and the loop closes: what walks comes
 * from outside the picture and leaves it, what stays swings a whole number of times.
 */
import * as THREE from 'three';

import { createCar, createDog, createPerson, createScooter } from './figures.js';

/** Length of every loop. */
export const LOOP_SECONDS = 16;

const STRIDE_METRES = 1.36;

/** Looks of people, dressed for a mild season. */
export const LOOKS = {
  grey: { coat: '#5f6670', trousers: '#2b3038', hair: '#1d1a18', skin: '#c79a78' },
  red: { coat: '#8e2f2b', trousers: '#24272d', hair: '#1a1715', skin: '#cfa283', longHair: true },
  white: { coat: '#cfcfca', trousers: '#3a4658', hair: '#191715', skin: '#c9997a', shortSleeves: true },
  navy: { coat: '#25324a', trousers: '#1d2026', hair: '#201c19', skin: '#bf9070', bag: '#6d2f2a' },
  olive: { coat: '#5b5d3d', trousers: '#3a3530', hair: '#8b8883', skin: '#bd8f70' },
  skirt: { coat: '#c9a0a4', trousers: '#333', skirt: '#3d4560', hair: '#17120f', skin: '#d2a688', longHair: true },
  yellow: { coat: '#d0a02c', trousers: '#23262b', hair: '#1c1816', skin: '#c39373', helmet: '#d8a61f' },
  blue: { coat: '#2f6aa8', trousers: '#2a2d33', hair: '#191614', skin: '#c79878', helmet: '#2c6cb0' },
  guard: { coat: '#1f2836', trousers: '#1b2029', hair: '#1a1715', skin: '#bd8d6d', cap: '#1b2431' },
  granny: { coat: '#6c4a5e', trousers: '#2d2b30', hair: '#a8a6a2', skin: '#c29878', height: 1.56, shopping: '#a33f35' },
  child: { coat: '#d9772c', trousers: '#31538a', hair: '#16120f', skin: '#d6aa8a', height: 1.15, bag: '#2f7fb8' },
  green: { coat: '#3f6b52', trousers: '#22252a', hair: '#191512', skin: '#c99c7c', shopping: '#e3ded2' },
};

/** Gathers what moves: `scene` takes the figures, `maker` makes them. `perform(seconds)` sets the moment. */
export function createTroupe(scene, maker) {
  const parts = [];
  const blobs = [];
  const headlights = [];

  const along = (points, heights = 0) =>
    new THREE.CatmullRomCurve3(
      points.map(([x, z, y = heights]) => new THREE.Vector3(x, y, z)),
      false,
      'catmullrom',
      0.35,
    );

  /** Places a figure on a curve; false while it is off stage. `timing`: [[seconds, metres], …] or a speed from `start`. */
  const follow = (figure, curve, { start = 0, speed, timing, turned = 0 }, seconds) => {
    const length = curve.getLength();
    const local = (((seconds - start) % LOOP_SECONDS) + LOOP_SECONDS) % LOOP_SECONDS;
    const metres = timing ? smoothAlong(timing, local) : local * speed;
    figure.group.visible = metres >= 0 && metres <= length;
    if (!figure.group.visible) return null;
    const at = curve.getPointAt(Math.min(1, metres / length));
    const heading = curve.getTangentAt(Math.min(1, metres / length));
    figure.group.position.copy(at);
    figure.group.rotation.y = Math.atan2(heading.x, heading.z) + turned;
    const ahead = timing ? smoothAlong(timing, local + 0.1) : metres + speed * 0.1;
    return { metres, speed: (ahead - metres) / 0.1, at, heading };
  };

  return {
    /** A person who walks a path of [x, z, y?] points. */
    walker(look, points, plan) {
      const person = createPerson(maker, LOOKS[look]);
      scene.add(person.group);
      const curve = along(points);
      parts.push((seconds) => {
        const now = follow(person, curve, { speed: 1.25, ...plan }, seconds);
        if (now === null) return;
        person.walk((now.metres / STRIDE_METRES) * Math.PI * 2, Math.min(1, Math.max(0.06, now.speed / 1.1)));
        blobs.push({ x: now.at.x, z: now.at.z, y: now.at.y, strength: 0.6 });
      });
      return person;
    },
    /** A person who stays, looking towards `turn` (radians, 0 = +z), a little restless. */
    stander(look, x, z, turn, y = 0, gesture = 0.5) {
      const person = createPerson(maker, LOOKS[look]);
      person.group.position.set(x, y, z);
      scene.add(person.group);
      parts.push((seconds) => {
        const turns = (seconds / LOOP_SECONDS) * Math.PI * 2;
        person.group.rotation.y = turn + Math.sin(turns * 2 + x) * 0.14;
        person.torso.rotation.x = 0.03 + Math.sin(turns * 3 + z) * 0.03;
        person.head.rotation.y = Math.sin(turns * 3 + x) * 0.45;
        const arm = person.sides[1];
        arm.shoulder.rotation.x = -gesture * (0.6 + 0.5 * Math.sin(turns * 5 + x));
        arm.elbow.rotation.x = -gesture * (1.5 + 0.4 * Math.sin(turns * 7));
        blobs.push({ x, z, y, strength: 0.6 });
      });
      return person;
    },
    /** A person on a bench. */
    sitter(look, x, z, turn) {
      const person = createPerson(maker, LOOKS[look]);
      person.sit();
      person.group.position.set(x, 0, z);
      scene.add(person.group);
      parts.push((seconds) => {
        const turns = (seconds / LOOP_SECONDS) * Math.PI * 2;
        person.group.rotation.y = turn;
        person.head.rotation.y = Math.sin(turns * 2 + x) * 0.5;
        person.torso.rotation.x = -0.06 + Math.sin(turns * 4 + x) * 0.03;
      });
    },
    dog(colour, points, plan) {
      const dog = createDog(maker, colour);
      scene.add(dog.group);
      const curve = along(points);
      parts.push((seconds) => {
        const now = follow(dog, curve, { speed: 1.25, ...plan }, seconds);
        if (now === null) return;
        dog.walk(now.metres * 13);
        blobs.push({ x: now.at.x, z: now.at.z, strength: 0.4 });
      });
    },
    car(colour, kind, points, plan) {
      const isLit = plan.lights ?? 0;
      const car = createCar(maker, colour, kind, isLit);
      scene.add(car.group);
      const curve = along(points);
      parts.push((seconds) => {
        const now = follow(car, curve, { speed: 4, turned: -Math.PI / 2, ...plan }, seconds);
        if (now === null) return;
        for (const wheel of car.wheels) wheel.rotation.z = -now.metres / 0.33;
        blobs.push({ x: now.at.x, z: now.at.z, turn: -car.group.rotation.y, halfLength: 1.9, halfWidth: 0.6, strength: 0.75 });
        if (isLit > 0) headlights.push(headlight(now, 2.15, isLit * 75));
      });
    },
    scooter(colour, look, points, plan) {
      const bike = createScooter(maker, colour, LOOKS[look], plan.trunk ?? null, plan.lights ?? 0);
      scene.add(bike.group);
      const curve = along(points);
      parts.push((seconds) => {
        const now = follow(bike, curve, { speed: 4.2, turned: -Math.PI / 2, ...plan }, seconds);
        if (now === null) return;
        for (const wheel of bike.wheels) wheel.rotation.z = -now.metres / 0.24;
        blobs.push({ x: now.at.x, z: now.at.z, turn: -bike.group.rotation.y, halfLength: 0.5, halfWidth: 0.05, strength: 0.6 });
        if (plan.lights) headlights.push(headlight(now, 0.6, plan.lights * 22));
      });
    },
    /** Insects in the light of a lamp or before an infrared camera: `box` is [centre, reach] in metres. */
    moths(count, centre, reach, glow, random, size = 0.02) {
      for (let i = 0; i < count; i++) {
        const group = new THREE.Group();
        maker.solid(group, new THREE.OctahedronGeometry(size * random.range(0.6, 1.3)), '#ffffff', { glow });
        scene.add(group);
        const turns = [0, 1, 2, 3, 4, 5].map(() => [Math.round(random.range(1, 7)), random.range(0, 6.28)]);
        parts.push((seconds) => {
          const angle = (seconds / LOOP_SECONDS) * Math.PI * 2;
          const swing = (k) => Math.sin(turns[k][0] * angle + turns[k][1]) * 0.65 + Math.sin(turns[k + 1][0] * 3 * angle + turns[k + 1][1]) * 0.35;
          group.position.set(centre[0] + swing(0) * reach[0], centre[1] + swing(2) * reach[1], centre[2] + swing(4) * reach[2]);
        });
      }
    },
    /** Anything else: `step(seconds)`. */
    act(step) {
      parts.push(step);
    },
    perform(seconds) {
      blobs.length = 0;
      headlights.length = 0;
      for (const part of parts) part(seconds);
      return { blobs, headlights };
    },
  };
}

function headlight({ at, heading }, ahead, strength) {
  const aim = heading.clone();
  aim.y = -0.13;
  return {
    position: at
      .clone()
      .addScaledVector(heading, ahead)
      .setY(at.y + 0.75),
    aim: aim.normalize(),
    colour: new THREE.Color('#fff3d8').multiplyScalar(strength),
  };
}

/** Smooth way through [seconds, metres] points: cubic, flat where it stands still; before the first −1, after the last off. */
export function smoothAlong(timing, seconds) {
  if (seconds < timing[0][0]) return -1;
  for (let i = 0; i + 1 < timing.length; i++) {
    const [t0, s0] = timing[i];
    const [t1, s1] = timing[i + 1];
    if (seconds > t1) continue;
    const slope = (k) => {
      const before = timing[k - 1] ? (timing[k][1] - timing[k - 1][1]) / (timing[k][0] - timing[k - 1][0]) : null;
      const after = timing[k + 1] ? (timing[k + 1][1] - timing[k][1]) / (timing[k + 1][0] - timing[k][0]) : null;
      if (before === 0 || after === 0) return 0;
      return before === null ? after : after === null ? before : (before + after) / 2;
    };
    const h = t1 - t0;
    const u = (seconds - t0) / h;
    return (
      (2 * u ** 3 - 3 * u ** 2 + 1) * s0 +
      (u ** 3 - 2 * u ** 2 + u) * h * slope(i) +
      (-2 * u ** 3 + 3 * u ** 2) * s1 +
      (u ** 3 - u ** 2) * h * slope(i + 1)
    );
  }
  return 1e9;
}
