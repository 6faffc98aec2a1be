/** What stands about in a compound: barriers, lamps, bins, benches, fences, signs, parked cars and bikes. */
import * as THREE from 'three';

import { createCar, createFigureMaker, createScooter } from './figures.js';
import { ball, box, floor, glow, matt, panel, rod } from './solids.js';
import { concrete, paintTexture, sign } from './textures.js';

/** Cars and bikes that stay where they are. */
export function createParking() {
  const maker = createFigureMaker(new THREE.MeshLambertMaterial({ vertexColors: true, side: THREE.DoubleSide }));
  const place = (parent, { group }, x, z, turn) => {
    group.position.set(x, 0, z);
    group.rotation.y = turn;
    parent.add(group);
    return group;
  };
  return {
    car: (parent, colour, kind, x, z, turn) => place(parent, createCar(maker, colour, kind), x, z, turn),
    scooter: (parent, colour, x, z, turn, trunk = null) => place(parent, createScooter(maker, colour, null, trunk), x, z, turn),
  };
}

/** A street lamp with its arm along +x; returns where its light is. */
export function streetLamp(parent, x, z, turn, height, isLit, colour = '#ffd7a0') {
  const group = new THREE.Group();
  group.position.set(x, 0, z);
  group.rotation.y = turn;
  parent.add(group);
  const metal = matt('#5d6468');
  rod(group, metal, [0, 0, 0], [0, height, 0], 0.06);
  rod(group, metal, [0, height - 0.1, 0], [1.1, height + 0.1, 0], 0.035);
  box(group, metal, 0.62, 0.09, 0.24, 1.25, height + 0.08, 0);
  box(group, isLit ? glow(colour, 14) : matt('#d8d8d0'), 0.5, 0.02, 0.18, 1.25, height + 0.06, 0);
  group.updateMatrixWorld(true);
  return group.localToWorld(new THREE.Vector3(1.25, height, 0));
}

/** A garden lamp: a glowing globe on a post. */
export function gardenLamp(parent, x, z, isLit) {
  rod(parent, matt('#3b4043'), [x, 0, z], [x, 2.5, z], 0.045);
  ball(parent, isLit ? glow('#ffe2b0', 7) : matt('#e2dfd6'), 0.19, x, 2.65, z);
  return new THREE.Vector3(x, 2.65, z);
}

/** Four bins for sorted waste (分类垃圾桶) under their board, facing +z. */
export function bins(parent, x, z, turn) {
  const group = new THREE.Group();
  group.position.set(x, 0, z);
  group.rotation.y = turn;
  parent.add(group);
  [
    ['#2f6fb5', '可回收物'],
    ['#3c8a45', '厨余垃圾'],
    ['#b8332b', '有害垃圾'],
    ['#4c5154', '其他垃圾'],
  ].forEach(([colour, text], i) => {
    const at = -1.2 + i * 0.8;
    box(group, matt(colour), 0.58, 0.86, 0.6, at, 0.1, 0);
    box(group, matt(colour), 0.62, 0.09, 0.66, at, 0.97, 0);
    panel(group, matt(sign(160, 80, colour, [{ text, size: 0.4, y: 0.5 }])), 0.46, 0.23, at, 0.5, 0.31);
  });
  rod(group, matt('#70777a'), [-1.6, 0, -0.4], [-1.6, 2.2, -0.4], 0.04);
  rod(group, matt('#70777a'), [1.6, 0, -0.4], [1.6, 2.2, -0.4], 0.04);
  panel(group, matt(sign(640, 130, '#2b7a55', [{ text: '垃圾分类 从我做起', size: 0.56, y: 0.53 }])), 3.2, 0.6, 0, 1.55, -0.38);
}

/** A bench facing +z. */
export function bench(parent, x, z, turn) {
  const group = new THREE.Group();
  group.position.set(x, 0, z);
  group.rotation.y = turn;
  parent.add(group);
  const wood = matt('#7d5638');
  for (let i = 0; i < 4; i++) box(group, wood, 1.7, 0.045, 0.1, 0, 0.43, -0.18 + i * 0.125);
  for (let i = 0; i < 3; i++) box(group, wood, 1.7, 0.1, 0.035, 0, 0.56 + i * 0.14, -0.27);
  for (const side of [-0.7, 0.7]) box(group, matt('#34373a'), 0.06, 0.84, 0.46, side, 0, -0.05);
}

/** Iron railing on a low wall along x. */
export function railing(parent, x, z, length, turn, height = 1.9) {
  const group = new THREE.Group();
  group.position.set(x, 0, z);
  group.rotation.y = turn;
  parent.add(group);
  const iron = matt('#2e3c3a');
  box(group, matt(concrete(71, '#a59c8d')), length, 0.5, 0.26, 0, 0, 0);
  for (const y of [0.7, height - 0.2]) box(group, iron, length, 0.05, 0.04, 0, y, 0);
  for (let at = -length / 2; at <= length / 2; at += 0.16) box(group, iron, 0.024, height - 0.5, 0.024, at, 0.5, 0);
  for (let at = -length / 2; at <= length / 2 + 0.01; at += length / Math.round(length / 3.2)) {
    box(group, matt(concrete(72, '#b3a897')), 0.36, height + 0.15, 0.36, at, 0, 0);
    box(group, matt('#8d8578'), 0.46, 0.1, 0.46, at, height + 0.15, 0);
  }
  return group;
}

/** Paint on the ground: a canvas over w × d metres. */
export function marking(parent, w, d, x, z, turn, paint, y = 0.012) {
  const texture = paintTexture(5, Math.min(2048, Math.round(w * 96)), Math.min(2048, Math.round(d * 96)), 1, (c, width, height, random) => {
    paint(c, width, height);
    c.globalCompositeOperation = 'destination-out';
    for (let i = 0; i < width * height * 0.0035; i++) {
      c.fillStyle = `rgba(0,0,0,${random.range(0.2, 0.9)})`;
      c.fillRect(random.next() * width, random.next() * height, random.range(1, 5), random.range(1, 5));
    }
  });
  const material = matt(texture, { alphaTest: 0.5 });
  material.map.userData = null;
  const mesh = floor(parent, material, w, d, x, y, z, turn);
  return mesh;
}

/** White lines around parking bays of 2.5 × 5.2 m along x, with numbers. */
export function parkingBays(parent, x, z, count, first, turn = 0) {
  marking(parent, count * 2.5 + 0.1, 5.3, x, z, turn, (c, w, h) => {
    c.strokeStyle = c.fillStyle = '#e4e2da';
    c.lineWidth = 11;
    const bay = (w - 12) / count;
    c.font = `700 ${h * 0.085}px "Noto Sans CJK SC"`;
    c.textAlign = 'center';
    for (let i = 0; i <= count; i++) {
      c.beginPath();
      c.moveTo(6 + i * bay, 0);
      c.lineTo(6 + i * bay, h);
      c.stroke();
      if (i < count) c.fillText(String(first + i).padStart(3, '0'), 6 + (i + 0.5) * bay, h - 14);
    }
    c.beginPath();
    c.moveTo(0, 6);
    c.lineTo(w, 6);
    c.stroke();
  });
}

/** Yellow hatching with words, as before gates and fire lanes. */
export function hatching(parent, w, d, x, z, text) {
  marking(parent, w, d, x, z, 0, (c, width, height) => {
    c.strokeStyle = '#d8a92c';
    c.lineWidth = 12;
    c.strokeRect(6, 6, width - 12, height - 12);
    for (let at = -height; at < width; at += 95) {
      c.beginPath();
      c.moveTo(at, height);
      c.lineTo(at + height, 0);
      c.stroke();
    }
    c.fillStyle = '#d8a92c';
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    c.font = `900 ${height * 0.5}px "Noto Sans CJK SC"`;
    c.clearRect(width * 0.14, height * 0.2, width * 0.72, height * 0.6);
    c.fillText(text, width / 2, height * 0.52, width * 0.7);
  });
}

/** A board on two posts facing +z. */
export function board(parent, x, z, turn, w, h, lift, texture) {
  const group = new THREE.Group();
  group.position.set(x, 0, z);
  group.rotation.y = turn;
  parent.add(group);
  for (const side of [-1, 1]) rod(group, matt('#7c8386'), [side * (w / 2 - 0.1), 0, -0.03], [side * (w / 2 - 0.1), lift + h, -0.03], 0.035);
  box(group, matt('#5a6063'), w + 0.06, h + 0.06, 0.04, 0, lift - 0.03, -0.02);
  panel(group, matt(texture), w, h, 0, lift, 0.004);
}

/** The sign that says where cameras watch. */
export const CAMERA_SIGN = () =>
  sign(
    420,
    300,
    '#1c4f9e',
    [
      { text: '视频监控区域', size: 0.2, y: 0.42 },
      { text: '您已进入公共安全视频监控范围', size: 0.1, y: 0.72 },
    ],
    '#e9eef7',
  );
