/** The places under the open sky. Each function builds one into a scene; x is to the right, z towards the camera. */
import * as THREE from 'three';

import { buildBlock, neighbourPalette, PALETTES } from './buildings.js';
import { bench, bins, board, CAMERA_SIGN, createParking, gardenLamp, hatching, marking, parkingBays, railing, streetLamp } from './furniture.js';
import { bush, hedge, lawn, leafMaterial, tree } from './greenery.js';
import { box, fitTexture, floor, glow, matt, panel, rod } from './solids.js';
import { asphalt, concrete, paving, plaster, sign } from './textures.js';

const CAR_COLOURS = ['#d9dadb', '#e8e8e6', '#24272b', '#7d858c', '#3a4a63', '#7c1f1d', '#b9b3a5', '#4e5a50'];

function block(scene, options, x, z, turn) {
  const group = buildBlock(scene, options);
  group.position.set(x, 0, z);
  group.rotation.y = turn;
  return group;
}

/** The gate: two lanes with barriers, the guard's booth between them, a pedestrian gate, the street outside. */
export function gateSet(scene, random, { isNight, palette, name, seed }) {
  const road = matt(asphalt(seed));
  floor(scene, road, 60, 60, 0, 0, -8);
  floor(scene, matt(paving(seed + 1)), 9, 26, 9.2, 0.1, 8);
  floor(scene, matt(paving(seed + 1)), 6, 26, -9.6, 0.1, 8);
  box(scene, matt('#b6b1a6'), 0.14, 0.13, 26, 4.66, 0, 8);
  box(scene, matt('#b6b1a6'), 0.14, 0.13, 26, -6.55, 0, 8);
  // Island and booth.
  box(scene, matt(concrete(seed + 2)), 2, 0.16, 6.4, -0.6, 0, -0.4);
  const wall = matt(plaster(seed + 3, '#d9d6cd', 0.08));
  box(scene, wall, 1.7, 1.0, 2.2, -0.6, 0.16, 0);
  box(scene, isNight ? glow('#ffe6bd', 0.42) : matt('#39464f'), 1.6, 1.05, 2.1, -0.6, 1.16, 0);
  for (const [x, z] of [
    [-1.4, -1.05],
    [0.2, -1.05],
    [-1.4, 1.05],
    [0.2, 1.05],
    [-0.6, 1.08],
    [-0.6, -1.08],
  ])
    box(scene, matt('#c7c9c8'), 0.09, 1.1, 0.09, x, 1.16, z);
  box(scene, matt('#2f5f8f'), 2.3, 0.28, 2.8, -0.6, 2.24, 0);
  panel(scene, matt(sign(360, 90, '#2f5f8f', [{ text: '门 卫 室', size: 0.6, y: 0.53 }])), 1.4, 0.26, -0.6, 2.25, 1.41);
  for (let i = 0; i < 3; i++) box(scene, matt(i % 2 ? '#e9e4d6' : '#d0a726'), 0.14, 0.24, 0.14, -0.6 + (i - 1) * 0.7, 0.16, 2.6);
  // Gate frame over the lanes.
  const stone = matt(concrete(seed + 4, palette.base));
  for (const x of [-7.1, 5.2]) {
    box(scene, stone, 1.0, 5.4, 1.0, x, 0, -4.2);
    box(scene, matt(palette.trim), 1.2, 0.25, 1.2, x, 5.4, -4.2);
  }
  box(scene, matt(palette.trim), 11.6, 1.0, 0.7, -0.95, 4.6, -4.2);
  panel(scene, matt(sign(1200, 150, '#7c2a22', [{ text: name, size: 0.66, y: 0.53, colour: '#f0d58c' }])), 7.4, 0.8, -0.95, 4.7, -3.84);
  panel(scene, matt(sign(900, 130, '#234f7f', [{ text: '车辆慢行  出入平安', size: 0.56, y: 0.53 }])), 4.2, 0.42, -3.6, 4.02, -3.84);
  for (const x of [-3.9, 2.4]) {
    box(scene, isNight ? glow('#fff1d6', 7) : matt('#e9e7df'), 0.9, 0.06, 0.3, x, 4.54, -4.0);
  }
  // Barrier boxes; the arms are actors.
  for (const [x, z] of [
    [-1.35, -1.9],
    [0.15, -1.9],
  ]) {
    box(scene, matt('#c8641f'), 0.34, 1.0, 0.3, x, 0.16, z);
    box(scene, matt('#33373a'), 0.4, 0.08, 0.36, x, 1.16, z);
  }
  // Plate reader posts.
  for (const x of [-1.4, 0.2]) {
    rod(scene, matt('#dcdcd8'), [x, 0.16, 2.3], [x, 1.75, 2.3], 0.07);
    box(scene, matt('#1d2124'), 0.16, 0.14, 0.34, x, 1.7, 2.3);
    box(scene, isNight ? glow('#e84a3a', 1.4) : matt('#641d18'), 0.24, 0.42, 0.05, x, 1.15, 2.46);
  }
  hatching(scene, 3.4, 1.7, -3.9, 4.6, '禁止停车');
  marking(scene, 1.1, 3.4, 2.6, 5.6, 0, (c, w, h) => {
    c.fillStyle = '#dfddd4';
    c.fillRect(w * 0.44, h * 0.3, w * 0.12, h * 0.7);
    c.beginPath();
    c.moveTo(w / 2, 0);
    c.lineTo(w * 0.9, h * 0.36);
    c.lineTo(w * 0.1, h * 0.36);
    c.fill();
  });
  for (const x of [-3.9, 2.5]) box(scene, matt('#d2a62a'), 3.6, 0.05, 0.36, x, 0, -6.2);
  for (let x = -5.6; x < 4.2; x += 0.9) box(scene, matt('#2a2b2c'), 0.45, 0.055, 0.37, x, 0, -6.2);
  // Pedestrian gate and fences.
  const steel = matt('#a9aeb0');
  for (const x of [6.0, 7.0, 8.0]) box(scene, steel, 0.2, 1.05, 1.3, x, 0.1, -4.2);
  for (const x of [6.5, 7.5]) rod(scene, steel, [x - 0.4, 0.85, -4.2], [x + 0.4, 0.85, -4.2], 0.03);
  box(scene, isNight ? glow('#64d08a', 1.1) : matt('#3f9a60'), 0.14, 0.08, 0.1, 6.0, 1.16, -3.6);
  box(scene, stone, 0.7, 3.0, 0.7, 8.9, 0, -4.2);
  box(scene, matt(palette.trim), 4.2, 0.3, 1.6, 7.1, 3.0, -4.2);
  railing(scene, 14.6, -4.2, 11, 0, 2.0);
  railing(scene, -13.2, -4.2, 11.2, 0, 2.0);
  board(scene, 10.6, -1.6, -0.5, 1.5, 1.05, 1.3, CAMERA_SIGN());
  const leaf = leafMaterial(seed + 5, 98);
  for (const [x, z, h] of [
    [-10.2, 1.5, 6.2],
    [-10.4, 8.2, 6.8],
    [11.6, 3.4, 6.4],
  ])
    tree(scene, leaf, x, z, h, seed + Math.round(x * 7));
  hedge(scene, leafMaterial(seed + 6, 105, 0.25), -7.6, 4.4, 10, Math.PI / 2, seed + 8);
  // The street outside: kerb, shops, trees.
  floor(scene, matt(paving(seed + 9, ['#a39a90', '#988f86', '#b0a79c'])), 70, 4.2, 0, 0.1, -18);
  box(scene, matt('#b6b1a6'), 70, 0.14, 0.14, 0, 0, -15.9);
  marking(scene, 60, 0.16, 0, -12.2, 0, (c, w, h) => {
    c.fillStyle = '#d7b23c';
    c.fillRect(0, 0, w, h);
  });
  const shopSigns = [
    ['#b32b24', '鲜果时光'],
    ['#1f6a4c', '邻里便利店'],
    ['#1d4f96', '惠民大药房'],
    ['#d07a1e', '老资中牛肉面'],
    ['#6a3a7c', '剪艺理发'],
    ['#27707c', '洗衣·家政'],
  ];
  for (let i = 0; i < 6; i++) {
    const x = -19 + i * 7.4;
    box(scene, matt(plaster(seed + 20 + i, '#c8bfae')), 7.4, 9.5, 8, x, 0, -24.4);
    panel(scene, isNight && i % 2 === 0 ? glow('#f4e3bd', 0.75) : matt('#2d3134'), 6.2, 2.5, x, 0.2, -20.36);
    const face = sign(700, 110, shopSigns[i][0], [{ text: shopSigns[i][1], size: 0.68, y: 0.53, colour: '#fff4dc' }]);
    const material = isNight ? new THREE.MeshBasicMaterial({ map: face, color: new THREE.Color(0.55, 0.55, 0.55) }) : matt(face);
    panel(scene, material, 6.8, 1.05, x, 2.9, -20.3);
    for (const dx of [-1.8, 1.8]) {
      for (const y of [4.6, 7.2]) panel(scene, matt('#3a444c'), 1.7, 1.4, x + dx, y, -20.36);
    }
    tree(scene, leaf, x + 3.2, -17.4, 5.6, seed + 60 + i);
  }
  return {
    arms: [
      { x: -1.35, z: -1.9, side: -1 },
      { x: 0.15, z: -1.9, side: 1 },
    ],
  };
}

/** The garden between the blocks: paths, lawns, trees, benches, gymnastic apparatus. */
export function courtyardSet(scene, random, { isNight, palette, seed }) {
  floor(scene, matt(paving(seed, ['#b09f8b', '#a8927c', '#bfae9a'])), 50, 44, 0, 0, -6);
  lawn(scene, -8.6, -3.5, 10.5, 9, seed + 1);
  lawn(scene, 9.2, -5, 11, 12, seed + 2);
  lawn(scene, -10.5, -15, 14, 5.5, seed + 3);
  lawn(scene, 8.5, 6.5, 10, 5.5, seed + 12);
  const round = new THREE.Mesh(new THREE.CircleGeometry(4.1, 48).rotateX(-Math.PI / 2), matt(paving(seed + 4, ['#8f7566', '#a08575', '#7f6a5e'])));
  fitTexture(round.geometry, round.material);
  round.position.set(0.2, 0.02, -6.2);
  scene.add(round);
  const ring = new THREE.Mesh(new THREE.RingGeometry(4.1, 4.35, 48).rotateX(-Math.PI / 2), matt('#c9c2b4'));
  ring.position.set(0.2, 0.025, -6.2);
  scene.add(ring);
  // A flower bed in the middle.
  const bed = new THREE.Mesh(new THREE.CylinderGeometry(1.15, 1.25, 0.45, 36), matt(concrete(seed + 5, '#b3a998')));
  bed.position.set(0.2, 0.22, -6.2);
  scene.add(bed);
  bush(scene, leafMaterial(seed + 6, 100, 0.5), 0.2, -6.2, 0.95, seed + 6);
  bush(scene, leafMaterial(seed + 7, 345, 0.4), 0.0, -5.6, 0.5, seed + 7);
  const leaf = leafMaterial(seed + 8, 96);
  const yellowish = leafMaterial(seed + 9, 72);
  for (const [x, z, h, kind] of [
    [-11.6, -5.6, 7.2, 0],
    [-6.2, -1.8, 5.6, 1],
    [12.2, -8.5, 7.6, 0],
    [6.8, -2.4, 5.2, 1],
    [-13.5, -14.8, 6.6, 0],
    [-6.2, -15.4, 6.0, 1],
    [13, 5.8, 5.4, 0],
  ])
    tree(scene, kind ? yellowish : leaf, x, z, h, seed + Math.round(x * 13 + 200));
  const clipped = leafMaterial(seed + 10, 108, 0.25);
  hedge(scene, clipped, -8.6, 1.25, 10, 0, seed + 11, 0.6);
  hedge(scene, clipped, 9.2, 1.3, 10.6, 0, seed + 13, 0.6);
  hedge(scene, clipped, 3.4, -5, 11, Math.PI / 2, seed + 14, 0.55);
  bench(scene, -4.3, -8.6, 0.9);
  bench(scene, 3.2, -9.6, -0.5);
  bench(scene, -4.6, -4.2, 2.2);
  // Gymnastic apparatus in the usual blue and yellow.
  const blue = matt('#2b6fae');
  const yellow = matt('#d6a927');
  for (const x of [-2.6, -1.2]) {
    rod(scene, blue, [x, 0, -13.2], [x, 2.2, -13.2], 0.06);
    rod(scene, yellow, [x - 0.45, 2.0, -13.2], [x + 0.45, 2.0, -13.2], 0.035);
  }
  const wheel = new THREE.Mesh(new THREE.TorusGeometry(0.42, 0.04, 8, 28), yellow);
  wheel.position.set(1.4, 1.35, -13.1);
  scene.add(wheel);
  rod(scene, blue, [1.4, 0, -13.2], [1.4, 2.0, -13.2], 0.06);
  for (const x of [3.0, 4.4]) rod(scene, blue, [x, 0, -13.4], [x, 1.3, -13.4], 0.05);
  rod(scene, yellow, [3.0, 1.3, -13.4], [4.4, 1.3, -13.4], 0.035);
  block(scene, { bays: 13, floors: 6, palette, seed: seed + 20, isNight, door: { bay: 6, number: '2栋2单元' }, windowGlow: 1 }, -1, -20, 0);
  block(scene, { bays: 8, floors: 6, palette: neighbourPalette(palette, 6), seed: seed + 21, isNight }, -19, -8, Math.PI / 2);
  block(scene, { bays: 8, floors: 6, palette: neighbourPalette(palette, -6), seed: seed + 22, isNight }, 20, -8, -Math.PI / 2);
  bins(scene, 13.2, -1.2, -0.9);
  board(
    scene,
    -2.8,
    -17.2,
    0.1,
    2.6,
    1.2,
    1.0,
    sign(640, 300, '#e7e2d2', [
      { text: '社区公告栏', size: 0.17, y: 0.17, colour: '#a32a22' },
      { text: '文明养犬  垃圾分类  邻里互助', size: 0.1, y: 0.45, colour: '#333' },
      { text: '网格员电话见楼栋公示牌', size: 0.1, y: 0.7, colour: '#333' },
    ]),
  );
  return { lamps: [gardenLamp(scene, -3.9, -2.2, isNight), gardenLamp(scene, 4.3, -10.8, isNight), gardenLamp(scene, -4.6, -11.6, isNight)] };
}

/** The road through a compound: a block with its doors on the right, parked cars, trees on the left. */
export function roadSet(scene, random, { isNight, palette, seed }) {
  floor(scene, matt(concrete(seed, '#a19d95')), 60, 90, 0, -0.01, -22);
  floor(scene, matt(asphalt(seed + 1)), 6.4, 90, 0, 0.0, -22);
  for (const x of [-3.25, 3.25]) box(scene, matt('#bab5aa'), 0.16, 0.14, 90, x, 0, -22);
  floor(scene, matt(paving(seed + 2)), 2.2, 90, 7.2, 0.06, -22);
  floor(scene, matt(paving(seed + 3, ['#8b8f86', '#989c92', '#7f8379'], 1.6)), 2.75, 90, 4.7, 0.05, -22);
  lawn(scene, -6.2, -20, 5.4, 70, seed + 4);
  hedge(scene, leafMaterial(seed + 5, 106, 0.25), -3.75, -14, 40, Math.PI / 2, seed + 5, 0.65);
  const leaf = leafMaterial(seed + 6, 97);
  for (let i = 0; i < 6; i++) tree(scene, leaf, -6 + random.range(-0.5, 0.5), 1 - i * 7, random.range(6.2, 7.6), seed + 30 + i);
  for (let i = 0; i < 3; i++) tree(scene, leafMaterial(seed + 7 + i, 85), 8.8, -7 - i * 11, random.range(5, 5.8), seed + 40 + i);
  // Speed bump, arrows, words.
  for (let i = 0; i < 12; i++) box(scene, matt(i % 2 ? '#2a2b2c' : '#d2a62a'), 0.53, 0.055, 0.36, -2.92 + i * 0.53, 0, -3.6);
  marking(scene, 1.1, 3.6, 1.6, 2.0, Math.PI, (c, w, h) => {
    c.fillStyle = '#dddbd2';
    c.textAlign = 'center';
    c.font = `900 ${w * 0.86}px "Noto Sans CJK SC"`;
    c.save();
    c.translate(w / 2, h / 2);
    c.rotate(Math.PI);
    c.fillText('慢', 0, -h * 0.16);
    c.fillText('行', 0, h * 0.3);
    c.restore();
  });
  marking(scene, 0.16, 70, 0, -22, 0, (c, w, h) => {
    c.fillStyle = '#d9d6cc';
    for (let y = 0; y < h; y += h / 14) c.fillRect(0, y, w, h / 30);
  });
  const parking = createParking();
  const kinds = ['saloon', 'suv', 'saloon', 'van', 'saloon', 'suv', 'saloon'];
  for (let i = 0; i < 7; i++) {
    if (i === 2) continue;
    parking.car(
      scene,
      CAR_COLOURS[(i * 3 + seed) % CAR_COLOURS.length],
      kinds[(i + seed) % kinds.length],
      4.75,
      -2.2 - i * 5.9,
      Math.PI / 2 + random.range(-0.03, 0.03),
    );
  }
  block(scene, { bays: 12, floors: 6, palette, seed: seed + 20, isNight, door: { bay: 3, number: '5栋1单元' } }, 10.2, -20, -Math.PI / 2);
  block(scene, { bays: 12, floors: 6, palette: neighbourPalette(palette, -8), seed: seed + 21, isNight }, -15, -22, Math.PI / 2);
  block(scene, { bays: 10, floors: 6, palette: neighbourPalette(palette, 7), seed: seed + 22, isNight }, 0, -58, 0);
  bins(scene, -5.2, -8.3, Math.PI / 2);
  board(scene, 3.75, 2.4, 0.1, 1.1, 0.8, 1.6, CAMERA_SIGN());
  const lamps = [-1.5, -17, -32].map((z) => streetLamp(scene, -3.6, z, 0, 5.4, isNight));
  return { lamps };
}

/** A unit's door seen from the other side of the path. */
export function entranceSet(scene, random, { isNight, palette, seed, number }) {
  floor(scene, matt(paving(seed, ['#a79a8b', '#9c8f81', '#b3a697'])), 30, 9, 0, 0, 3.5);
  floor(scene, matt(concrete(seed + 1)), 30, 6, 0, -0.005, 10);
  block(scene, { bays: 7, floors: 4, palette, seed: seed + 2, isNight, door: { bay: 3, number }, windowGlow: 0.8 }, 0, 0, 0);
  lawn(scene, -6.6, 1.4, 8.2, 1.9, seed + 3);
  lawn(scene, 6.9, 1.4, 7.6, 1.9, seed + 4);
  const clipped = leafMaterial(seed + 5, 104, 0.35);
  hedge(scene, clipped, -6.6, 2.1, 7.8, 0, seed + 6, 0.55, 0.5);
  hedge(scene, clipped, 7.0, 2.1, 7.2, 0, seed + 7, 0.55, 0.5);
  bush(scene, leafMaterial(seed + 8, 92, 0.7), -3.6, 1.1, 0.6, seed + 8);
  bush(scene, leafMaterial(seed + 8, 92, 0.7), 4.3, 1.1, 0.7, seed + 9);
  tree(scene, leafMaterial(seed + 9, 95), 8.2, 4.6, 5.6, seed + 10);
  // Ramp with a rail, letter boxes, bikes.
  const rail = matt('#a9aeb0');
  rod(scene, rail, [1.7, 0.95, 0.4], [1.7, 0.95, 1.7], 0.03);
  for (const z of [0.45, 1.65]) rod(scene, rail, [1.7, 0, z], [1.7, 0.95, z], 0.025);
  box(scene, matt('#3f6b54'), 1.5, 1.15, 0.22, -2.6, 0.75, 0.14);
  for (let i = 0; i < 12; i++) box(scene, matt('#55836b'), 0.32, 0.24, 0.03, -3.12 + (i % 4) * 0.35, 0.86 + Math.floor(i / 4) * 0.32, 0.26);
  const parking = createParking();
  parking.scooter(scene, '#9c2b25', -4.6, 3.3, 1.2);
  parking.scooter(scene, '#2e4f7d', -5.5, 3.3, 1.3, '#31353a');
  parking.scooter(scene, '#d4d4d0', -6.4, 3.3, 1.25);
  parking.scooter(scene, '#3b3f42', 4.3, 3.3, 1.9);
  parking.scooter(scene, '#4f8a80', 5.2, 3.35, 1.95);
  panel(
    scene,
    matt(
      sign(
        300,
        380,
        '#f0ede4',
        [
          { text: '楼栋公示牌', size: 0.11, y: 0.1, colour: '#a32a22' },
          { text: '网格员  警务助理', size: 0.075, y: 0.3, colour: '#333' },
          { text: '联系电话', size: 0.075, y: 0.45, colour: '#333' },
          { text: '平安楼栋 你我共建', size: 0.08, y: 0.8, colour: '#1d5c9c' },
        ],
        '#1d5c9c',
      ),
    ),
    0.75,
    0.95,
    2.3,
    1.25,
    0.06,
  );
  box(scene, matt('#b1261f'), 0.6, 0.75, 0.2, 3.05, 0.5, 0.1);
  panel(scene, matt(sign(160, 160, '#b1261f', [{ text: '消火栓', size: 0.3, y: 0.5 }])), 0.5, 0.5, 3.05, 0.62, 0.21);
  const cover = new THREE.Mesh(new THREE.CircleGeometry(0.36, 28).rotateX(-Math.PI / 2), matt('#55575a'));
  cover.position.set(1.8, 0.012, 4.6);
  scene.add(cover);
  return {};
}

/** A yard full of parked cars. */
export function parkingSet(scene, random, { isNight, palette, seed }) {
  floor(scene, matt(asphalt(seed)), 60, 60, 0, 0, -10);
  parkingBays(scene, 0.5, -8.2, 8, 12);
  parkingBays(scene, 0.5, -17.2, 8, 20);
  parkingBays(scene, 0.5, 2.6, 8, 4, Math.PI);
  const parking = createParking();
  const kinds = ['saloon', 'suv', 'van', 'saloon', 'suv', 'saloon'];
  const row = (z, turn, skipped) => {
    for (let i = 0; i < 8; i++) {
      if (skipped.includes(i)) continue;
      parking.car(
        scene,
        CAR_COLOURS[Math.floor(random.next() * CAR_COLOURS.length)],
        kinds[Math.floor(random.next() * kinds.length)],
        -8.25 + i * 2.5 + random.range(-0.12, 0.12),
        z + random.range(-0.2, 0.2),
        turn + random.range(-0.03, 0.03),
      );
    }
  };
  row(-8.1, Math.PI / 2, [2, 6]);
  row(-17.1, -Math.PI / 2, [4]);
  row(2.5, -Math.PI / 2, [0, 3, 4]);
  for (let i = 0; i < 9; i++) box(scene, matt('#d1a727'), 1.4, 0.12, 0.15, -9.5 + 1.25 + i * 2.5 - 0.0, 0, -10.4);
  lawn(scene, -13.6, -9, 3.6, 26, seed + 3);
  lawn(scene, 14.5, -9, 4.0, 26, seed + 4);
  const leaf = leafMaterial(seed + 5, 96);
  for (let i = 0; i < 4; i++) {
    tree(scene, leaf, -13.6, -1 - i * 6.4, random.range(5.6, 7.2), seed + 50 + i);
    tree(scene, leaf, 14.4, -2 - i * 6.2, random.range(5.6, 7.4), seed + 60 + i);
  }
  hedge(scene, leafMaterial(seed + 6, 106, 0.25), 0.5, -20.6, 24, 0, seed + 7, 0.8);
  block(scene, { bays: 14, floors: 6, palette, seed: seed + 20, isNight, door: { bay: 8, number: '7栋2单元' } }, 0, -24, 0);
  block(scene, { bays: 8, floors: 6, palette: neighbourPalette(palette, 7), seed: seed + 21, isNight }, -21, -10, Math.PI / 2);
  marking(scene, 1.2, 2.6, -10.9, -3.0, -Math.PI / 2, (c, w, h) => {
    c.fillStyle = '#dddbd2';
    c.fillRect(w * 0.44, h * 0.34, w * 0.12, h * 0.66);
    c.beginPath();
    c.moveTo(w / 2, 0);
    c.lineTo(w * 0.95, h * 0.4);
    c.lineTo(w * 0.05, h * 0.4);
    c.fill();
  });
  // Charging posts for the electric cars.
  for (const x of [-5.7, -3.2, -0.7]) {
    box(scene, matt('#dfe3e4'), 0.42, 1.5, 0.3, x - 1.0, 0, -5.3);
    box(scene, isNight ? glow('#5fe08f', 1.3) : matt('#2f9a58'), 0.3, 0.18, 0.03, x - 1.0, 1.15, -5.14);
  }
  const lamps = [streetLamp(scene, -11.4, -4, 0, 5.8, isNight, '#eef2ff'), streetLamp(scene, 12.2, -13, Math.PI, 5.8, isNight, '#eef2ff')];
  return { lamps };
}

/** An alley between the backs of blocks and a wall. */
export function alleySet(scene, random, { isNight, palette, seed }) {
  floor(scene, matt(concrete(seed, '#9a968d')), 12, 70, 0, 0, -20);
  for (let z = 6; z > -44; z -= 1.1) box(scene, matt('#6d6a64'), 0.42, 0.02, 0.9, -2.45, 0, z);
  block(scene, { bays: 14, floors: 5, palette, seed: seed + 1, isNight, balcony: false, windowGlow: 0.8 }, 2.9, -18, -Math.PI / 2);
  // The wall on the left: brick, capped, with glass lamps and painted slogans.
  box(scene, matt(plaster(seed + 2, '#b3a48f', 0.3)), 0.3, 2.5, 70, -3.1, 0, -20);
  box(scene, matt('#8d8578'), 0.5, 0.12, 70, -3.1, 2.5, -20);
  box(scene, matt('#6f7f86'), 0.02, 0.9, 70, -2.94, 0, -20);
  panel(
    scene,
    matt(sign(1500, 180, '#b7a994', [{ text: '平安小区 人人共建 人人共享', size: 0.72, y: 0.53, colour: '#8e2a22' }])),
    9,
    1.08,
    -2.935,
    1.15,
    -8,
    Math.PI / 2,
  );
  panel(scene, matt(sign(420, 160, '#b12a22', [{ text: '消防通道 严禁占用', size: 0.36, y: 0.52 }])), 1.9, 0.7, -2.93, 1.3, -1.2, Math.PI / 2);
  const leaf = leafMaterial(seed + 3, 96);
  for (let i = 0; i < 5; i++) tree(scene, leaf, -5.6 - random.range(0, 0.8), -2 - i * 8, random.range(6, 7.5), seed + 30 + i);
  block(scene, { bays: 10, floors: 6, palette: neighbourPalette(palette, -9), seed: seed + 4, isNight }, -16, -20, Math.PI / 2);
  block(scene, { bays: 6, floors: 6, palette: neighbourPalette(palette, 5), seed: seed + 5, isNight }, 0, -50, 0);
  const parking = createParking();
  parking.scooter(scene, '#8d2a27', 2.1, -4.2, 1.9);
  parking.scooter(scene, '#325a8c', 2.15, -5.2, 1.8, '#2b2f33');
  parking.scooter(scene, '#d0d0cb', 2.1, -6.15, 1.95);
  parking.scooter(scene, '#3a3e41', 2.1, -13.4, 1.8);
  for (const [x, z, h] of [
    [2.35, -9.2, 0.5],
    [2.3, -9.9, 0.35],
    [-2.3, -14.2, 0.45],
  ]) {
    const pot = new THREE.Mesh(new THREE.CylinderGeometry(0.24, 0.17, h, 18), matt('#8a5138'));
    pot.position.set(x, h / 2, z);
    scene.add(pot);
    bush(scene, leafMaterial(seed + 9, 100, 0.6), x, z, 0.42, seed + Math.round(z * -10));
  }
  box(scene, matt('#5f6b70'), 0.5, 1.4, 0.9, 2.5, 0.2, -1.6);
  for (let i = 0; i < 5; i++) rod(scene, matt('#22262a'), [-3.1, 4.4 + i * 0.07, 4 - i], [2.7, 5.2 + i * 0.05, -30 - i * 2], 0.012, 5);
  const lamps = [0, 1].map((i) => {
    const z = -6.5 - i * 14;
    rod(scene, matt('#5d6468'), [2.85, 3.7, z], [2.0, 3.95, z], 0.03);
    box(scene, isNight ? glow('#ffd29a', 12) : matt('#d9d6cc'), 0.3, 0.1, 0.2, 1.95, 3.86, z);
    return new THREE.Vector3(1.95, 3.8, z);
  });
  return { lamps };
}

/** The boundary fence by the river path. */
export function wallSet(scene, random, { palette, seed }) {
  floor(scene, matt(paving(seed, ['#9d968c', '#928b81', '#a8a196'])), 5, 60, 1.2, 0.02, -16);
  floor(scene, matt(concrete(seed + 1, '#8f8c84')), 40, 70, 0, 0, -18);
  lawn(scene, 6.2, -16, 4.6, 58, seed + 2);
  const fence = railing(scene, -2.6, -16, 58, Math.PI / 2, 2.3);
  for (let at = -29; at < 29; at += 3.2) {
    for (let i = 0; i < 3; i++) box(fence, matt('#3a4442'), 0.02, 0.35, 0.02, at + 0.6 + i * 0.9, 2.3, 0);
  }
  const leaf = leafMaterial(seed + 3, 98);
  for (let i = 0; i < 5; i++) tree(scene, leaf, 6.6 + random.range(-0.5, 0.6), 0 - i * 7.5, random.range(5.4, 7), seed + 20 + i);
  for (let i = 0; i < 7; i++) bush(scene, leaf, -4.6 - random.range(0, 1.6), -1 - i * 4.6, random.range(0.8, 1.4), seed + 40 + i);
  hedge(scene, leafMaterial(seed + 4, 104, 0.3), 4.1, -15, 34, Math.PI / 2, seed + 5, 0.6);
  block(scene, { bays: 10, floors: 6, palette, seed: seed + 6, isNight: true, windowGlow: 0.6 }, 12, -18, -Math.PI / 2);
  board(scene, -1.9, -4.5, 0.5, 1.2, 0.85, 1.3, CAMERA_SIGN());
  bench(scene, 3.2, -8, -Math.PI / 2);
  box(scene, matt('#3f7a4d'), 0.5, 0.85, 0.5, 3.3, 0, -10);
  return {};
}

export { PALETTES };
