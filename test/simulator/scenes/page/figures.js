/**
 * People, cars and bikes, made of a few rounded solids each. Every solid has its colour and shine in its vertices, so that
 * one material draws them all: `createFigure` with a Lambert material for what stands still, with the actor material
 * for what moves.
 */
import * as THREE from 'three';

/** A tool that hangs solids on groups with one material. */
export function createFigureMaker(material) {
  const solid = (parent, geometry, colour, { gloss = 0, glow = 0 } = {}) => {
    const count = geometry.getAttribute('position').count;
    const value = new THREE.Color(colour);
    const colours = new Float32Array(count * 3);
    const shine = new Float32Array(count * 2);
    for (let i = 0; i < count; i++) {
      colours.set([value.r, value.g, value.b], i * 3);
      shine.set([gloss, glow], i * 2);
    }
    geometry.setAttribute('color', new THREE.BufferAttribute(colours, 3));
    geometry.setAttribute('shine', new THREE.BufferAttribute(shine, 2));
    const mesh = new THREE.Mesh(geometry, material);
    parent.add(mesh);
    return mesh;
  };
  const limb = (parent, length, top, bottom, colour) => {
    const geometry = new THREE.CylinderGeometry(top, bottom, length, 10, 1);
    geometry.translate(0, -length / 2, 0);
    const mesh = solid(parent, geometry, colour);
    solid(parent, new THREE.SphereGeometry(top, 10, 8), colour);
    return mesh;
  };
  return { material, solid, limb };
}

/** A person of 1.7 m facing +z, with `walk(phase, swing)` and `sit()`; `look` has coat, trousers, hair, skin, shoes, skirt, bag, cap. */
export function createPerson(maker, look) {
  const { solid, limb } = maker;
  const group = new THREE.Group();
  const body = new THREE.Group();
  body.position.y = 0.88;
  group.add(body);
  const scale = look.height ? look.height / 1.7 : 1;
  group.scale.setScalar(scale);

  const torso = new THREE.Group();
  body.add(torso);
  const chest = new THREE.CylinderGeometry(0.185, 0.155, 0.52, 14, 3);
  chest.scale(1, 1, 0.66);
  chest.translate(0, 0.3, 0);
  solid(torso, chest, look.coat);
  const shoulders = new THREE.SphereGeometry(0.19, 14, 10);
  shoulders.scale(1.02, 0.42, 0.68);
  shoulders.translate(0, 0.555, 0);
  solid(torso, shoulders, look.coat);
  const hips = new THREE.SphereGeometry(0.165, 12, 8);
  hips.scale(1.02, 0.72, 0.76);
  solid(torso, hips, look.skirt ?? look.trousers);
  if (look.skirt) {
    const skirt = new THREE.CylinderGeometry(0.16, 0.25, 0.5, 14, 1);
    skirt.scale(1, 1, 0.8);
    skirt.translate(0, -0.24, 0);
    solid(torso, skirt, look.skirt);
  }
  const neck = new THREE.CylinderGeometry(0.052, 0.06, 0.12, 8);
  neck.translate(0, 0.66, 0);
  solid(torso, neck, look.skin);
  const head = new THREE.Group();
  head.position.set(0, 0.79, 0.015);
  torso.add(head);
  const skull = new THREE.SphereGeometry(0.105, 16, 12);
  skull.scale(0.88, 1.14, 1);
  solid(head, skull, look.skin);
  const hair = new THREE.SphereGeometry(0.114, 16, 12, 0, Math.PI * 2, 0, look.longHair ? 2.1 : 1.65);
  hair.scale(0.92, 1.12, 1.04);
  hair.rotateX(-0.42);
  hair.translate(0, 0.014, -0.008);
  solid(head, hair, look.hair);
  if (look.cap) {
    const cap = new THREE.CylinderGeometry(0.125, 0.112, 0.075, 16);
    cap.translate(0, 0.1, 0);
    solid(head, cap, look.cap);
    const peak = new THREE.BoxGeometry(0.15, 0.015, 0.1);
    peak.translate(0, 0.07, 0.13);
    solid(head, peak, look.cap);
  }
  if (look.bag) {
    const bag = new THREE.BoxGeometry(0.27, 0.36, 0.14);
    bag.translate(0, 0.36, -0.19);
    solid(torso, bag, look.bag);
  }

  const joint = (parent, x, y, z) => {
    const group_ = new THREE.Group();
    group_.position.set(x, y, z);
    parent.add(group_);
    return group_;
  };
  const sides = [-1, 1].map((side) => {
    const shoulder = joint(torso, side * 0.215, 0.54, 0);
    limb(shoulder, 0.29, 0.055, 0.046, look.coat);
    const elbow = joint(shoulder, 0, -0.29, 0);
    limb(elbow, 0.25, 0.045, 0.036, look.shortSleeves ? look.skin : look.coat);
    const hand = new THREE.SphereGeometry(0.045, 8, 8);
    hand.translate(0, -0.28, 0);
    solid(elbow, hand, look.skin);
    if (look.shopping && side === 1) {
      const sack = new THREE.BoxGeometry(0.13, 0.3, 0.24);
      sack.translate(0, -0.5, 0.02);
      solid(elbow, sack, look.shopping);
    }
    const hip = joint(body, side * 0.088, -0.02, 0);
    limb(hip, 0.42, 0.084, 0.06, look.skirt ? look.skin : look.trousers);
    const knee = joint(hip, 0, -0.42, 0);
    limb(knee, 0.4, 0.058, 0.043, look.skirt ? look.skin : look.trousers);
    const shoe = new THREE.BoxGeometry(0.085, 0.07, 0.25);
    shoe.translate(0, -0.41, 0.05);
    solid(knee, shoe, look.shoes ?? '#26262a');
    return { side, shoulder, elbow, hip, knee };
  });

  const walk = (phase, swing = 1) => {
    for (const { side, shoulder, elbow, hip, knee } of sides) {
      const step = Math.sin(phase + (side > 0 ? Math.PI : 0));
      const lift = Math.max(0, Math.cos(phase + (side > 0 ? Math.PI : 0)));
      hip.rotation.x = -step * 0.5 * swing;
      knee.rotation.x = (lift * 0.95 + 0.08) * swing;
      shoulder.rotation.x = step * 0.42 * swing;
      shoulder.rotation.z = side * 0.07;
      elbow.rotation.x = -(0.24 + Math.max(0, -step) * 0.3) * swing;
    }
    body.position.y = 0.88 - Math.abs(Math.sin(phase)) * 0.03 * swing;
    torso.rotation.y = Math.sin(phase) * 0.08 * swing;
    torso.rotation.x = 0.05 * swing;
  };
  const sit = () => {
    body.position.y = 0.52;
    for (const { side, shoulder, elbow, hip, knee } of sides) {
      hip.rotation.set(-1.45, 0, side * 0.08);
      knee.rotation.x = 1.4;
      shoulder.rotation.set(-0.62, 0, side * 0.1);
      elbow.rotation.x = -0.75;
    }
  };
  walk(0.6, 0.12);
  return { group, walk, sit, sides, torso, head };
}

/** A body made of rings of points along x: `stations` of [x, halfWidth, bottom, top, roundness]. */
function loft(stations, sidesPerRing = 20) {
  const positions = [];
  const index = [];
  for (const [x, halfWidth, bottom, top, exponent] of stations) {
    for (let i = 0; i < sidesPerRing; i++) {
      const angle = (i / sidesPerRing) * Math.PI * 2;
      const rounded = (value) => Math.sign(value) * Math.abs(value) ** (2 / exponent);
      positions.push(x, (top + bottom) / 2 + ((top - bottom) / 2) * rounded(Math.sin(angle)), halfWidth * rounded(Math.cos(angle)));
    }
  }
  for (let s = 0; s + 1 < stations.length; s++) {
    for (let i = 0; i < sidesPerRing; i++) {
      const a = s * sidesPerRing + i;
      const b = s * sidesPerRing + ((i + 1) % sidesPerRing);
      index.push(a, a + sidesPerRing, b, b, a + sidesPerRing, b + sidesPerRing);
    }
  }
  for (const [station, flip] of [
    [0, false],
    [stations.length - 1, true],
  ]) {
    for (let i = 1; i + 1 < sidesPerRing; i++) {
      const base = station * sidesPerRing;
      index.push(base, ...(flip ? [base + i, base + i + 1] : [base + i + 1, base + i]));
    }
  }
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute('position', new THREE.Float32BufferAttribute(positions, 3));
  geometry.setIndex(index.reverse());
  geometry.computeVertexNormals();
  return geometry;
}

/** A car facing +x. `kind`: saloon, suv, van. `lights` 0 or 1 switches head and tail lights. Returns its wheels, too. */
export function createCar(maker, colour, kind = 'saloon', lights = 0) {
  const { solid } = maker;
  const group = new THREE.Group();
  const tall = kind === 'suv' ? 0.2 : kind === 'van' ? 0.42 : 0;
  const belt = 0.92 + tall * 0.45;
  const roof = 1.45 + tall;
  const lower = loft([
    [-2.28, 0.66, 0.42, 0.86 + tall * 0.3, 4],
    [-2.2, 0.8, 0.3, 0.95 + tall * 0.4, 5],
    [-1.7, 0.88, 0.24, belt + 0.06, 6],
    [-0.9, 0.9, 0.23, belt + 0.03, 6],
    [0.3, 0.9, 0.23, belt, 6],
    [1.0, 0.9, 0.23, belt - 0.01, 6],
    [1.6, 0.88, 0.24, 0.86 + tall * 0.4, 5],
    [2.05, 0.82, 0.28, 0.76 + tall * 0.35, 5],
    [2.24, 0.66, 0.36, 0.66 + tall * 0.2, 4],
  ]);
  solid(group, lower, colour, { gloss: 0.9 });
  const rear = kind === 'saloon' ? -1.72 : -2.16;
  const glass = loft([
    [rear, 0.74, belt - 0.1, belt + 0.02, 4],
    [rear + (kind === 'saloon' ? 0.75 : 0.16), 0.7, belt - 0.1, roof - 0.06, 5],
    [-0.2, 0.7, belt - 0.1, roof, 5],
    [0.25, 0.7, belt - 0.1, roof - 0.03, 5],
    [kind === 'van' ? 1.55 : 1.18, 0.76, belt - 0.12, belt, 4],
  ]);
  solid(group, glass, '#11161b', { gloss: 1.6 });
  const top = loft([
    [rear + (kind === 'saloon' ? 0.8 : 0.18), 0.6, roof - 0.1, roof - 0.02, 5],
    [-0.6, 0.665, roof - 0.06, roof + 0.025, 5],
    [0.0, 0.665, roof - 0.06, roof + 0.02, 5],
    [0.3, 0.62, roof - 0.1, roof - 0.01, 5],
  ]);
  solid(group, top, colour, { gloss: 0.9 });
  for (const x of [-0.42, 0.3]) {
    const pillar = new THREE.BoxGeometry(0.09, roof - belt + 0.02, 1.46);
    pillar.translate(x - 0.1, (roof + belt) / 2 - 0.03, 0);
    solid(group, pillar, colour, { gloss: 0.9 });
  }
  const wheels = [];
  for (const x of [-1.38, 1.38]) {
    for (const z of [-0.8, 0.8]) {
      const wheel = new THREE.Group();
      wheel.position.set(x, 0.33, z);
      const tyre = new THREE.CylinderGeometry(0.33, 0.33, 0.23, 22);
      tyre.rotateX(Math.PI / 2);
      solid(wheel, tyre, '#17181a');
      for (let spoke = 0; spoke < 5; spoke++) {
        const bar = new THREE.BoxGeometry(0.36, 0.075, 0.245);
        bar.rotateZ((spoke / 5) * Math.PI);
        solid(wheel, bar, '#9aa0a6', { gloss: 0.6 });
      }
      group.add(wheel);
      wheels.push(wheel);
    }
  }
  const lamp = (x, y, z, w, h, shown, strength) => {
    const geometry = new THREE.BoxGeometry(0.08, h, w);
    geometry.translate(x, y, z);
    solid(group, geometry, shown, { gloss: 1, glow: strength });
  };
  for (const z of [-0.6, 0.6]) {
    lamp(2.1, 0.68 + tall * 0.3, z, 0.3, 0.12, '#f4f1e4', lights * 9);
    lamp(-2.22, 0.8 + tall * 0.3, z, 0.3, 0.13, lights ? '#ff2a1a' : '#8d1512', lights * 2.4);
  }
  for (const x of [2.23, -2.27]) lamp(x, 0.5, 0, 0.46, 0.14, '#1d4fa8', lights * 0.12);
  lamp(2.2, 0.42, 0, 1.0, 0.1, '#15171a', 0);
  const mirror = new THREE.BoxGeometry(0.14, 0.12, 2.02);
  mirror.translate(0.78, belt + 0.08, 0);
  solid(group, mirror, colour, { gloss: 0.9 });
  return { group, wheels };
}

/** A light electric two-wheeler (电动车) facing +x, with its rider unless `look` is null. */
export function createScooter(maker, colour, look, box = null, lights = 0) {
  const { solid } = maker;
  const group = new THREE.Group();
  const wheels = [-0.58, 0.6].map((x) => {
    const wheel = new THREE.Group();
    wheel.position.set(x, 0.24, 0);
    const tyre = new THREE.TorusGeometry(0.2, 0.05, 8, 20);
    solid(wheel, tyre, '#18191b');
    const hub = new THREE.CylinderGeometry(0.12, 0.12, 0.06, 12);
    hub.rotateX(Math.PI / 2);
    solid(wheel, hub, '#8d9297');
    group.add(wheel);
    return wheel;
  });
  solid(
    group,
    loft(
      [
        [-0.75, 0.1, 0.5, 0.72, 3],
        [-0.5, 0.15, 0.34, 0.76, 4],
        [-0.1, 0.15, 0.3, 0.7, 4],
        [0.02, 0.13, 0.26, 0.42, 4],
      ],
      12,
    ),
    colour,
    { gloss: 0.7 },
  );
  const deck = new THREE.BoxGeometry(0.5, 0.08, 0.26);
  deck.translate(0.18, 0.27, 0);
  solid(group, deck, '#26282b');
  const shield = new THREE.BoxGeometry(0.08, 0.6, 0.34);
  shield.rotateZ(0.22);
  shield.translate(0.46, 0.58, 0);
  solid(group, shield, colour, { gloss: 0.7 });
  const seat = new THREE.BoxGeometry(0.62, 0.09, 0.25);
  seat.translate(-0.4, 0.77, 0);
  solid(group, seat, '#1d1e20');
  const bar = new THREE.BoxGeometry(0.05, 0.05, 0.62);
  bar.translate(0.38, 0.98, 0);
  solid(group, bar, '#222326');
  const head = new THREE.SphereGeometry(0.08, 10, 8);
  head.translate(0.53, 0.84, 0);
  solid(group, head, '#f3efe0', { gloss: 1, glow: lights * 8 });
  const tail = new THREE.BoxGeometry(0.04, 0.06, 0.2);
  tail.translate(-0.77, 0.66, 0);
  solid(group, tail, lights ? '#ff2a1a' : '#8d1512', { glow: lights * 2 });
  if (box !== null) {
    const trunk = new THREE.BoxGeometry(0.44, 0.42, 0.46);
    trunk.translate(-0.78, 1.02, 0);
    solid(group, trunk, box, { gloss: 0.2 });
  }
  if (look !== null) {
    const rider = createPerson(maker, look);
    rider.sit();
    rider.group.rotation.y = Math.PI / 2;
    rider.group.position.set(-0.3, 0.27, 0);
    for (const { shoulder, elbow } of rider.sides) {
      shoulder.rotation.x = -0.95;
      elbow.rotation.x = -0.35;
    }
    const helmet = new THREE.SphereGeometry(0.135, 14, 10, 0, Math.PI * 2, 0, 1.75);
    helmet.translate(0, 0.03, 0);
    solid(rider.head, helmet, look.helmet ?? colour, { gloss: 0.8 });
    group.add(rider.group);
  }
  return { group, wheels };
}

/** A small dog facing +z with `walk(phase)`. */
export function createDog(maker, colour) {
  const { solid, limb } = maker;
  const group = new THREE.Group();
  const body = new THREE.CapsuleGeometry(0.1, 0.3, 6, 10);
  body.rotateX(Math.PI / 2);
  body.translate(0, 0.32, 0);
  solid(group, body, colour);
  const head = new THREE.SphereGeometry(0.09, 10, 8);
  head.translate(0, 0.46, 0.28);
  solid(group, head, colour);
  const tail = new THREE.CylinderGeometry(0.02, 0.03, 0.2, 6);
  tail.rotateX(-0.7);
  tail.translate(0, 0.46, -0.28);
  solid(group, tail, colour);
  const legs = [
    [-0.06, 0.16],
    [0.06, 0.16],
    [-0.06, -0.16],
    [0.06, -0.16],
  ].map(([x, z]) => {
    const leg = new THREE.Group();
    leg.position.set(x, 0.28, z);
    limb(leg, 0.27, 0.035, 0.026, colour);
    group.add(leg);
    return leg;
  });
  const walk = (phase) => legs.forEach((leg, i) => (leg.rotation.x = Math.sin(phase + (i % 3 === 0 ? 0 : Math.PI)) * 0.55));
  return { group, walk };
}
