/** Residential blocks as compounds have them: tiled fronts, sliding windows, security grilles, air conditioners, balconies. */
import * as THREE from 'three';

import { createRandom } from './random.js';
import { box, glow, matt, panel, rod } from './solids.js';
import { concrete, mosaic, paintTexture, plaster, shade, sign } from './textures.js';

/** Window glass with a curtain behind it; lit from inside if `lit`. */
function windowTexture(seed, lit) {
  return paintTexture(seed, 256, 256, 1, (c, w, h, random) => {
    const gradient = c.createLinearGradient(0, 0, w * 0.6, h);
    if (lit) {
      const warm = random.pick(['#ffd9a0', '#fff0d0', '#ffe2b8', '#e8f0ff']);
      gradient.addColorStop(0, warm);
      gradient.addColorStop(1, '#b98d55');
    } else {
      gradient.addColorStop(0, '#5d6b78');
      gradient.addColorStop(0.5, '#39434c');
      gradient.addColorStop(1, '#20262b');
    }
    c.fillStyle = gradient;
    c.fillRect(0, 0, w, h);
    const curtain = random.pick(['170,160,150', '150,90,70', '190,180,160', '110,130,140']);
    for (const side of [0, 1]) {
      const width = w * random.range(0.08, 0.4);
      for (let x = 0; x < width; x += 10) {
        c.fillStyle = `rgba(${curtain},${lit ? 0.75 : 0.42 + 0.12 * Math.sin(x * 0.5)})`;
        c.fillRect(side ? w - x - 10 : x, 0, 10, h);
      }
    }
    c.strokeStyle = '#c9ccce';
    c.lineWidth = 9;
    c.strokeRect(4, 4, w - 8, h - 8);
    c.lineWidth = 7;
    c.beginPath();
    c.moveTo(w / 2, 0);
    c.lineTo(w / 2, h);
    c.moveTo(0, h * 0.26);
    c.lineTo(w, h * 0.26);
    c.stroke();
  });
}

/** Window materials to choose from: dark ones, and lit ones for the night. */
export function createWindows(seed, isNight, strength = 1) {
  const dark = [0, 1, 2, 3].map((i) => matt(windowTexture(seed + i, false)));
  if (!isNight) return (random) => random.pick(dark);
  const lit = [10, 11, 12].map((i) => {
    const material = new THREE.MeshBasicMaterial({ map: windowTexture(seed + i, true) });
    material.color.multiplyScalar(0.5 * strength);
    return material;
  });
  return (random) => (random.chance(0.3) ? random.pick(lit) : random.pick(dark));
}

/**
 * A block along x: front towards +z at z = 0, `bays` of 3.4 m, `floors` of 2.9 m, turned and placed as a group.
 * `palette`: {wall, base, trim}. `door`: bay in which the unit's door is, with its number.
 */
export function buildBlock(parent, { bays, floors, palette, seed, isNight = false, door = null, depth = 11, windowGlow = 1, balcony = true }) {
  const random = createRandom(seed);
  const group = new THREE.Group();
  parent.add(group);
  const bayWidth = 3.4;
  const storey = 2.9;
  const width = bays * bayWidth;
  const wall = matt(palette.tiled ? mosaic(seed, palette.wall) : plaster(seed, palette.wall));
  const base = matt(concrete(seed + 1, palette.base));
  const trim = matt(palette.trim);
  const metal = matt('#8f9498');
  const white = matt('#d5d3cc');
  const pickWindow = createWindows(seed + 20, isNight, windowGlow);
  box(group, wall, width, floors * storey, depth, 0, 0.9, -depth / 2);
  box(group, base, width + 0.1, 0.9, depth + 0.1, 0, 0, -depth / 2);
  box(group, trim, width + 0.7, 0.35, depth + 0.7, 0, floors * storey + 0.9, -depth / 2);
  for (let floor = 0; floor < floors; floor++) {
    const y = 0.9 + floor * storey;
    if (floor > 0) box(group, trim, width + 0.08, 0.12, 0.12, 0, y - 0.06, 0.02);
    for (let bay = 0; bay < bays; bay++) {
      const x = (bay + 0.5) * bayWidth - width / 2;
      if (door !== null && bay === door.bay) {
        if (floor > 0) {
          panel(group, pickWindow(random), 1.1, 1.0, x, y - 0.5, 0.03);
          box(group, white, 1.3, 0.06, 0.1, x, y - 0.56, 0.04);
        }
        continue;
      }
      const isBalcony = balcony && (bay + (seed % 2)) % 3 === 0;
      if (isBalcony) addBalcony(group, { x, y, width: bayWidth - 0.3, wall, trim, metal, random, pickWindow });
      else addWindow(group, { x, y: y + 0.85, random, metal, white, pickWindow, floor });
      if (random.chance(0.5)) addAirConditioner(group, x + (isBalcony ? 1.5 : 1.25), y + 0.3, random, white, metal);
    }
  }
  for (let bay = 0; bay <= bays; bay += 3) {
    rod(group, white, [bay * bayWidth - width / 2 + 0.12, 0.1, 0.08], [bay * bayWidth - width / 2 + 0.12, floors * storey, 0.08], 0.05);
  }
  if (door !== null) addUnitDoor(group, (door.bay + 0.5) * bayWidth - width / 2, door.number, base, isNight);
  return group;
}

function addWindow(group, { x, y, random, metal, white, pickWindow, floor }) {
  const [w, h] = [1.75, 1.45];
  panel(group, pickWindow(random), w, h, x, y, 0.02);
  box(group, white, w + 0.2, 0.07, 0.16, x, y - 0.07, 0.07);
  for (const side of [-1, 1]) box(group, white, 0.08, h, 0.1, x + side * (w / 2 + 0.04), y, 0.05);
  box(group, white, w + 0.16, 0.08, 0.1, x, y + h, 0.05);
  if (floor < 2 || random.chance(0.45)) {
    const out = floor < 2 ? 0.1 : 0.42;
    for (let i = 0; i <= 10; i++) {
      const bar = x - w / 2 - 0.05 + (i / 10) * (w + 0.1);
      box(group, metal, 0.022, h + 0.14, 0.022, bar, y - 0.07, out);
    }
    for (const height of [0, 0.5, 1]) box(group, metal, w + 0.14, 0.03, 0.03, x, y - 0.06 + height * (h + 0.1), out);
    if (out > 0.2) {
      box(group, metal, w + 0.14, 0.02, 0.42, x, y - 0.08, out / 2);
      if (random.chance(0.6)) {
        box(group, matt(random.pick(['#8a4b38', '#5b7a4a', '#a0784f'])), 0.3, 0.24, 0.24, x + random.range(-0.6, 0.6), y - 0.06, 0.25);
        box(group, matt('#4b6a35'), 0.34, 0.24, 0.28, x + random.range(-0.6, 0.6), y + 0.16, 0.25);
      }
    }
  }
}

function addBalcony(group, { x, y, width, wall, trim, metal, random, pickWindow }) {
  box(group, trim, width, 0.14, 1.2, x, y - 0.1, 0.6);
  box(group, wall, width, 0.95, 0.1, x, y, 1.15);
  for (const side of [-1, 1]) box(group, wall, 0.1, 0.95, 1.1, x + side * (width / 2 - 0.05), y, 0.6);
  panel(group, matt('#2a2e31'), width - 0.2, 1.7, x, y + 0.95, 0.03);
  if (random.chance(0.65)) {
    for (const part of [-0.25, 0.25]) panel(group, pickWindow(random), width / 2, 1.6, x + part * width, y + 0.97, 1.16);
    for (const side of [-1, 1]) panel(group, pickWindow(random), 1.05, 1.6, x + side * (width / 2), y + 0.97, 0.62, (side * Math.PI) / 2);
  } else {
    rod(group, metal, [x - width / 2, y + 1.9, 0.9], [x + width / 2, y + 1.9, 0.9], 0.02);
    for (let i = 0; i < 5; i++) {
      const cloth = matt(random.pick(['#d8d4cc', '#7d8ea6', '#a34c4c', '#c9b26b', '#50606e', '#e0d9e4']), { side: THREE.DoubleSide });
      panel(group, cloth, random.range(0.3, 0.6), random.range(0.5, 0.85), x - width / 2 + 0.4 + i * 0.52, y + 1.05, 0.9);
    }
  }
}

function addAirConditioner(group, x, y, random, white, metal) {
  box(group, metal, 0.8, 0.04, 0.4, x, y - 0.04, 0.2);
  box(group, white, 0.78, 0.54, 0.3, x, y, 0.2);
  const fan = new THREE.Mesh(new THREE.CircleGeometry(0.2, 20), matt('#3c4044'));
  fan.position.set(x - 0.12, y + 0.27, 0.36);
  group.add(fan);
}

/** The door of a unit (单元门): steps, canopy, steel door with a grille, intercom, notices, the unit's number. */
export function addUnitDoor(group, x, number, base, isNight) {
  const dark = matt('#3d4a44');
  const steel = matt('#9aa3a4');
  box(group, base, 2.9, 0.16, 1.7, x, 0, 0.85);
  box(group, base, 2.4, 0.16, 1.2, x, 0.16, 0.6);
  box(group, matt('#b9b4a8'), 3.3, 0.2, 1.7, x, 3.0, 0.85);
  for (const side of [-1, 1]) box(group, base, 0.34, 2.7, 0.4, x + side * 1.25, 0.32, 0.2);
  panel(group, matt('#1d211f'), 2.2, 2.5, x, 0.32, 0.06);
  for (const side of [-1, 1]) {
    box(group, dark, 1.02, 2.2, 0.06, x + side * 0.53, 0.32, 0.11);
    box(group, matt('#59675f'), 0.78, 0.72, 0.02, x + side * 0.53, 0.5, 0.15);
    for (let i = 0; i < 6; i++) box(group, steel, 0.025, 0.9, 0.03, x + side * 0.53 - 0.33 + i * 0.132, 1.42, 0.16);
  }
  rod(group, steel, [x - 0.08, 1.0, 0.2], [x - 0.08, 1.7, 0.2], 0.025);
  box(group, matt('#c8cccd'), 0.17, 0.34, 0.06, x + 1.25, 1.35, 0.43);
  panel(group, glow('#4c8bd0', isNight ? 0.5 : 0.35), 0.11, 0.09, x + 1.25, 1.54, 0.465);
  panel(group, matt(sign(512, 160, '#1f4f9c', [{ text: number, size: 0.62, y: 0.53 }], '#e8eef8')), 1.15, 0.36, x, 2.62, 0.14);
  const paper = sign(256, 360, '#eee7cf', [
    { text: '通 知', size: 0.16, y: 0.14, colour: '#a3231d' },
    { text: '请随手关门', size: 0.1, y: 0.38, colour: '#333' },
    { text: '注意防火防盗', size: 0.1, y: 0.56, colour: '#333' },
    { text: '社区居委会', size: 0.09, y: 0.84, colour: '#333' },
  ]);
  panel(group, matt(paper), 0.34, 0.48, x - 1.25, 1.4, 0.41);
  panel(group, matt('#d9cf9d'), 0.22, 0.3, x - 1.2, 1.02, 0.41);
  panel(
    group,
    matt(
      sign(128, 420, '#a4161a', [
        { text: '平', size: 0.16, y: 0.2, colour: '#f1d27a' },
        { text: '安', size: 0.16, y: 0.5, colour: '#f1d27a' },
        { text: '福', size: 0.16, y: 0.8, colour: '#f1d27a' },
      ]),
    ),
    0.2,
    1.5,
    x + 1.25,
    1.75,
    0.412,
  );
  const lamp = new THREE.Mesh(new THREE.SphereGeometry(0.11, 16, 12), isNight ? glow('#fff0cf', 9) : matt('#e6e3da'));
  lamp.position.set(x, 2.92, 0.8);
  group.add(lamp);
}

/** Palettes of fronts seen in compounds: tiled cream, pink, pale yellow; painted ochre and grey-blue after a renewal. */
export const PALETTES = {
  cream: { wall: '#cbbfa6', base: '#8d8880', trim: '#b3a68c', tiled: true },
  pink: { wall: '#c9a898', base: '#87817b', trim: '#d0c3b4', tiled: true },
  yellow: { wall: '#d2b981', base: '#8a6f57', trim: '#d9d3c4', tiled: false },
  brick: { wall: '#a86f56', base: '#77716a', trim: '#cfc6b6', tiled: true },
  grey: { wall: '#b4b8b8', base: '#6c6f70', trim: '#8e5a4a', tiled: false },
  white: { wall: '#cfccc3', base: '#7b7872', trim: '#9c9486', tiled: true },
};

/** A wall's colour a little different, for the block next door. */
export function neighbourPalette(palette, amount) {
  const colour = shade(palette.wall, amount);
  const [r, g, b] = colour.match(/\d+/g).map(Number);
  return { ...palette, wall: `#${((r << 16) | (g << 8) | b).toString(16).padStart(6, '0')}` };
}
