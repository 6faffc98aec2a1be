/** The places under a roof: a stairwell and a lift lobby. */
import * as THREE from 'three';

import { ball, box, floor, glow, matt, panel, rod } from './solids.js';
import { paintTexture, plaster, sign, stains, tiles } from './textures.js';

/** A wall of white plaster above a green-painted dado (绿墙裙), as stairwells of the nineties have. */
function dadoWall(seed, upper, lower, metres) {
  const texture = paintTexture(seed, 1024, 512, [metres, 2.9], (c, w, h, random) => {
    c.fillStyle = upper;
    c.fillRect(0, 0, w, h);
    stains(c, w, h, random, 7, '96,88,74', 0.14);
    c.fillStyle = lower;
    c.fillRect(0, h * 0.56, w, h * 0.44);
    c.fillStyle = 'rgba(30,30,28,0.5)';
    c.fillRect(0, h * 0.557, w, 5);
    c.fillStyle = 'rgba(60,52,44,0.16)';
    for (let i = 0; i < 60; i++) c.fillRect(random.next() * w, h * random.range(0.58, 0.98), random.range(2, 60), random.range(1, 3));
    c.font = '600 17px "Noto Sans CJK SC"';
    for (let i = 0; i < 5; i++) {
      c.fillStyle = random.pick(['rgba(40,60,140,0.5)', 'rgba(150,40,36,0.5)', 'rgba(40,40,40,0.45)']);
      c.fillText(random.pick(['管道疏通', '专业开锁', '家电维修', '搬家保洁']), random.range(0.02, 0.85) * w, random.range(0.3, 0.85) * h);
    }
  });
  return matt(texture);
}

/** A flight of stairs up to a landing with a window, a flat's door on either side, meters on the wall. */
export function stairwellSet(scene, random, { seed, isNight, upper = '#d3cfc2', lower = '#5f8a72', floorNumber }) {
  const wall = dadoWall(seed, upper, lower, 6);
  const stone = matt(tiles(seed + 1, '#9b968c', '#8a857c', 0.6, 4, 9));
  const tread = matt(plaster(seed + 2, '#a29d93', 0.25));
  floor(scene, stone, 3.6, 9.4, 0, 0, -0.1);
  const wide = 3.6;
  const wallAt = (x, z, w, turn, h = 5.8, y = 0) => {
    const mesh = box(scene, wall, w, h, 0.12, x, y, z, turn);
    return mesh;
  };
  wallAt(-wide / 2 - 0.06, 0, 13, Math.PI / 2);
  wallAt(wide / 2 + 0.06, 0, 13, Math.PI / 2);
  wallAt(0, 4.66, wide, 0);
  // Up on the right, to the landing; down on the left.
  const [steps, rise, run] = [10, 0.155, 0.28];
  for (let i = 0; i < steps; i++) {
    box(scene, tread, 1.6, rise * (i + 1), run, 0.95, 0, -0.14 - i * run);
    box(scene, matt('#6f6a61'), 1.6, 0.03, 0.04, 0.95, rise * (i + 1) - 0.025, -0.01 - i * run);
  }
  const landing = steps * rise;
  const back = -steps * run;
  box(scene, stone, wide, 0.14, 1.7, 0, landing - 0.14, back - 0.85);
  for (let i = 0; i < 8; i++) box(scene, tread, 1.5, 0.155, run, -1.0, landing - 0.155 + (i + 1) * rise, back + 0.14 + i * run - 0.0);
  for (let i = 0; i < 8; i++) box(scene, tread, 1.5, 0.1, run, -1.0, landing - 0.3 + (i + 1) * rise, back + 0.14 + i * run);
  box(scene, wall, wide, 5.8, 0.12, 0, 0, back - 1.76);
  // Window of the landing.
  panel(scene, isNight ? matt('#10151c') : glow('#dfe8f2', 1.9), 1.3, 1.15, 0, landing + 1.0, back - 1.69);
  for (const x of [-0.68, 0, 0.68]) box(scene, matt('#c9ccce'), 0.06, 1.25, 0.06, x, landing + 0.95, back - 1.67);
  for (const y of [0.95, 1.62, 2.15]) box(scene, matt('#c9ccce'), 1.42, 0.06, 0.06, 0, landing + y, back - 1.67);
  // Rails: iron bars with a wooden hand rail.
  const iron = matt('#3c4a45');
  const wood = matt('#6b4228');
  for (let i = 0; i < steps; i++) {
    rod(scene, iron, [0.12, rise * (i + 1), -0.14 - i * run], [0.12, rise * (i + 1) + 0.86, -0.14 - i * run], 0.014, 6);
    if (i < 8)
      rod(
        scene,
        iron,
        [-0.2, landing + (i + 1) * rise, back + 0.14 + i * run],
        [-0.2, landing + (i + 1) * rise + 0.86, back + 0.14 + i * run],
        0.014,
        6,
      );
  }
  rod(scene, wood, [0.12, rise + 0.88, -0.1], [0.12, landing + 0.9, back], 0.034);
  rod(scene, wood, [-0.2, landing + 0.9, back], [-0.2, landing + 8 * rise + 0.9, back + 8 * run], 0.034);
  rod(scene, wood, [0.12, landing + 0.9, back], [-0.2, landing + 0.9, back], 0.034);
  ball(scene, wood, 0.06, 0.12, rise + 0.92, -0.02);
  // Doors of the flats with spring couplets and a blessing.
  const door = (x, turn, colour) => {
    const group = new THREE.Group();
    group.position.set(x, 0, 2.4);
    group.rotation.y = turn;
    scene.add(group);
    box(group, matt('#4a4038'), 1.14, 2.16, 0.1, 0, 0, 0.02);
    box(group, matt(colour), 0.98, 2.06, 0.08, 0, 0, 0.06);
    for (const y of [0.25, 1.15]) box(group, matt('#50332a'), 0.66, 0.7, 0.03, 0, y, 0.1);
    box(group, matt('#b7b2a4'), 0.05, 0.2, 0.08, 0.4, 0.98, 0.13);
    const red = (text) =>
      matt(
        sign(
          96,
          620,
          '#a8161a',
          [...text].map((char, i) => ({ text: char, size: 0.12, y: 0.14 + i * 0.145, colour: '#efcf72' })),
        ),
      );
    panel(group, red('岁岁平安福满'), 0.16, 1.3, -0.68, 0.75, 0.03);
    panel(group, red('年年如意春常'), 0.16, 1.3, 0.68, 0.75, 0.03);
    const blessing = panel(
      group,
      matt(sign(160, 160, '#a8161a', [{ text: '福', size: 0.66, y: 0.54, colour: '#efcf72' }])),
      0.34,
      0.34,
      0,
      1.34,
      0.13,
    );
    blessing.rotation.z = Math.PI / 4;
    box(group, matt('#73624a'), 0.7, 0.015, 0.42, 0, 0, 0.42);
  };
  door(-wide / 2, Math.PI / 2, '#5d2f24');
  door(wide / 2, -Math.PI / 2, '#6c4a30');
  // Meters, fire box, floor number, pipes.
  box(scene, matt('#b9bcb8'), 0.12, 0.7, 0.9, -wide / 2 + 0.08, 1.25, 0.7);
  for (let i = 0; i < 6; i++) box(scene, matt('#2f3538'), 0.02, 0.17, 0.14, -wide / 2 + 0.15, 1.36 + (i % 2) * 0.3, 0.42 + Math.floor(i / 2) * 0.28);
  box(scene, matt('#a9231d'), 0.2, 0.7, 0.5, wide / 2 - 0.08, 0.3, 0.9);
  panel(scene, matt(sign(150, 150, '#a9231d', [{ text: '灭火器', size: 0.28, y: 0.5 }])), 0.42, 0.42, wide / 2 - 0.185, 0.44, 0.9, -Math.PI / 2);
  panel(
    scene,
    matt(sign(150, 150, upper, [{ text: floorNumber, size: 0.74, y: 0.53, colour: '#a8281f' }])),
    0.6,
    0.6,
    0.95,
    landing + 1.7,
    back - 1.692,
  );
  rod(scene, matt('#b9b9b2'), [-wide / 2 + 0.1, 0, 3.6], [-wide / 2 + 0.1, 5.8, 3.6], 0.05);
  rod(scene, matt('#8b2c25'), [wide / 2 - 0.1, 0, -0.3], [wide / 2 - 0.1, 5.8, -0.3], 0.045);
  // A bike under the stairs' side and a few boxes: what the fire inspection always finds.
  box(scene, matt('#a98756'), 0.42, 0.34, 0.4, -1.45, 0, -0.5, 0.2);
  box(scene, matt('#b2925f'), 0.36, 0.28, 0.34, -1.42, 0.34, -0.52, -0.15);
  box(scene, matt('#a98756'), 0.5, 0.4, 0.44, -1.3, 0, -1.1);
  box(scene, matt('#d4d1c6'), wide, 0.14, 5, 0, 2.9, 2.4);
  box(scene, matt('#d4d1c6'), wide, 0.1, 9, 0, 5.8, -0.5);
  const lampMesh = ball(scene, isNight ? glow('#fff1d4', 5) : matt('#eeeae0'), 0.12, 0, 2.86, 1.9);
  lampMesh.scale.y = 0.6;
  return { landing, back, run, rise };
}

/** A lift lobby: two lifts, polished tiles, a fire box, an advertisement. The left lift's doors are actors. */
export function lobbySet(scene, random, { seed }) {
  const ground = matt(tiles(seed, '#c9c2b3', '#b1aa9b', 0.8, 4, 5));
  const wall = matt(tiles(seed + 1, '#cdc8bc', '#b9b4a8', 0.6, 4, 4));
  floor(scene, ground, 6.4, 9, 0, 0, 2.5);
  const [w, h] = [6.4, 2.8];
  for (const side of [-1, 1]) box(scene, wall, 0.12, h, 9, side * (w / 2 + 0.06), 0, 2.5);
  box(scene, wall, w, h, 0.12, 0, 0, 7.06);
  // The wall with the lifts, around two openings of 1.1 × 2.15.
  const lifts = [-1.35, 1.35];
  box(scene, wall, 1.3, h, 0.3, -2.55, 0, -2);
  box(scene, wall, 1.6, h, 0.3, 0, 0, -2);
  box(scene, wall, 1.3, h, 0.3, 2.55, 0, -2);
  const steel = matt('#9da2a5');
  for (const x of lifts) {
    box(scene, wall, 1.1, h - 2.15, 0.3, x, 2.15, -2);
    for (const side of [-1, 1]) box(scene, steel, 0.12, 2.2, 0.36, x + side * 0.61, 0, -1.98);
    box(scene, steel, 1.34, 0.14, 0.36, x, 2.15, -1.98);
    box(scene, matt('#15181a'), 0.42, 0.16, 0.03, x, 2.36, -1.84);
  }
  panel(scene, glow('#ff5a34', 1.1), 0.05, 0.09, -1.42, 2.395, -1.82);
  panel(scene, glow('#ff5a34', 1.1), 0.1, 0.09, 1.35, 2.395, -1.82);
  // The right lift stands shut; the left one's cabin can be seen when it opens.
  for (const side of [-1, 1]) box(scene, matt('#aeb3b6'), 0.55, 2.15, 0.04, 1.35 + side * 0.276, 0, -2.03);
  floor(scene, matt('#6a625a'), 1.5, 1.5, -1.35, 0.01, -2.9);
  box(scene, matt('#b4aea2'), 1.5, 2.3, 0.06, -1.35, 0, -3.66);
  for (const side of [-1, 1]) box(scene, matt('#a8a59c'), 0.06, 2.3, 1.5, -1.35 + side * 0.75, 0, -2.9);
  box(scene, glow('#fff3e0', 2.2), 1.2, 0.04, 1.2, -1.35, 2.26, -2.9);
  // Call buttons, floor sign, fire box, advertisement, bin, plant, mat.
  box(scene, matt('#83898c'), 0.13, 0.36, 0.03, 0, 1.05, -1.84);
  for (const y of [1.13, 1.27]) panel(scene, glow('#ffb347', 1.3), 0.045, 0.045, 0, y, -1.82);
  panel(
    scene,
    matt(
      sign(220, 220, '#1f4f8f', [
        { text: '1', size: 0.6, y: 0.42 },
        { text: 'FLOOR', size: 0.15, y: 0.82 },
      ]),
    ),
    0.5,
    0.5,
    0,
    1.75,
    -1.845,
  );
  box(scene, matt('#a9231d'), 0.14, 1.0, 0.8, 3.14, 0.75, 0.4);
  panel(
    scene,
    matt(
      sign(
        240,
        300,
        '#b3261f',
        [
          { text: '消火栓', size: 0.2, y: 0.3 },
          { text: '火警 119', size: 0.14, y: 0.62 },
        ],
        '#f2dfd6',
      ),
    ),
    0.7,
    0.88,
    3.065,
    0.81,
    0.4,
    -Math.PI / 2,
  );
  const frame = matt('#3a3d40');
  for (const [z, background, lines] of [
    [
      -0.6,
      '#20603f',
      [
        { text: '反诈宣传', size: 0.13, y: 0.2 },
        { text: '陌生来电不轻信', size: 0.08, y: 0.45 },
        { text: '不转账 不汇款', size: 0.08, y: 0.6 },
      ],
    ],
    [
      1.0,
      '#b0512a',
      [
        { text: '邻里节', size: 0.16, y: 0.26 },
        { text: '共建共治共享', size: 0.08, y: 0.55 },
        { text: '重阳敬老活动', size: 0.08, y: 0.7 },
      ],
    ],
  ]) {
    box(scene, frame, 0.05, 1.3, 0.9, -3.15, 0.85, z);
    panel(scene, matt(sign(300, 440, background, lines)), 0.82, 1.22, -3.12, 0.89, z, Math.PI / 2);
  }
  box(scene, matt('#6f7679'), 0.32, 0.72, 0.32, 0.55, 0, -1.6);
  floor(scene, matt('#5b2b29'), 1.5, 0.9, -1.35, 0.012, -1.1);
  floor(scene, matt('#4b4f4e'), 2.4, 1.2, 0, 0.012, 5.6);
  const pot = new THREE.Mesh(new THREE.CylinderGeometry(0.26, 0.2, 0.5, 22), matt('#dcd9d2'));
  pot.position.set(2.7, 0.25, -1.35);
  scene.add(pot);
  // Ceiling with panel lamps.
  box(scene, matt('#dddad2'), w, 0.1, 9, 0, h, 2.5);
  for (const z of [-0.6, 2.6]) {
    for (const x of [-1.6, 1.6]) box(scene, glow('#fff6e8', 4.2), 0.9, 0.02, 0.5, x, h - 0.02, z);
  }
  return { doorsAt: -1.35 };
}
