/** The sixteen views: what each shows, in which light, and who passes by. */
import * as THREE from 'three';

import { day, infrared, night, room } from './atmosphere.js';
import { bush, leafMaterial } from './greenery.js';
import { lobbySet, stairwellSet } from './rooms.js';
import { alleySet, courtyardSet, entranceSet, gateSet, PALETTES, parkingSet, roadSet, wallSet } from './sets.js';
import { smoothAlong } from './troupe.js';

/** A lamp in a street lamp's place, shining down. */
const below = (lamp, power, extra = {}) => ({ position: lamp.toArray(), target: [lamp.x, 0, lamp.z], angle: 1.2, power, ...extra });

/** The barrier's arm: red and white, rising about its box by `timing` of [seconds, degrees]. */
function barrierArm(troupe, maker, actors, { x, z, side }, timing) {
  const arm = new THREE.Group();
  arm.position.set(x, 1.12, z);
  for (let i = 0; i < 8; i++) {
    const piece = new THREE.BoxGeometry(0.42, 0.09, 0.05);
    piece.translate(side * (0.25 + i * 0.42), 0, 0.2);
    maker.solid(arm, piece, i % 2 ? '#e8e6df' : '#c0281f', { gloss: 0.2 });
  }
  actors.add(arm);
  troupe.act((seconds) => (arm.rotation.z = (side * Math.max(0, smoothAlong(timing, seconds)) * Math.PI) / 180));
}

const SHUT = [
  [0, 0],
  [16, 0],
];

export const VIEWS = [
  {
    id: 'gate-day',
    title: '南门出入口',
    english: 'South gate',
    place: 'gate',
    hours: 'day',
    seed: 11,
    eye: [2.2, 4.7, 11.2],
    target: [-0.9, 0.9, -2.5],
    build: (scene, random) => gateSet(scene, random, { isNight: false, palette: PALETTES.cream, name: '幸 福 里 小 区', seed: 101 }),
    light: () => day({ azimuth: 38, height: 44, centre: [0, 0, -4], haze: 0.12 }),
    cast: (troupe, { arms }, maker, actors) => {
      const arrival = [
        [0.2, 0],
        [4.2, 13.6],
        [6.6, 13.6],
        [11.4, 33],
        [12, 36],
      ];
      troupe.car(
        '#c9cccd',
        'suv',
        [
          [-17, -13.4],
          [-8.5, -13],
          [-4.6, -10.4],
          [-3.9, -6],
          [-3.9, 2],
          [-3.8, 9],
          [-3.7, 18],
        ],
        { timing: arrival.map(([t, s]) => [t, s * 1.06]) },
      );
      barrierArm(troupe, maker, actors, arms[0], [
        [0, 0],
        [5.2, 0],
        [6.8, 84],
        [10.2, 84],
        [11.8, 0],
        [16, 0],
      ]);
      barrierArm(troupe, maker, actors, arms[1], SHUT);
      troupe.car(
        '#6e1f1c',
        'saloon',
        [
          [24, -10.9],
          [10, -10.9],
          [-24, -11],
        ],
        { start: 10.5, speed: 9 },
      );
      troupe.car(
        '#2c3038',
        'suv',
        [
          [-24, -13.7],
          [24, -13.7],
        ],
        { start: 6.8, speed: 10 },
      );
      troupe.scooter(
        '#2f7a52',
        'yellow',
        [
          [22, -11.6],
          [6, -9.5],
          [3.2, -6],
          [2.9, 3],
          [3.0, 18],
        ],
        { start: 7.6, speed: 4.6, trunk: '#d8a81e' },
      );
      troupe.walker(
        'granny',
        [
          [7.0, -11],
          [7.0, -4],
          [7.3, 3],
          [8.2, 14],
        ],
        {
          start: 1,
          timing: [
            [0, 0],
            [14.5, 15.5],
            [15.9, 17],
          ],
        },
      );
      troupe.walker(
        'white',
        [
          [9.2, 16],
          [8.2, 6],
          [6.5, -4],
          [6.4, -9],
          [-4, -16.5],
        ],
        { start: 8, speed: 1.35 },
      );
      troupe.stander('guard', -2.2, 1.6, -2.3, 0, 0.25);
    },
  },
  {
    id: 'courtyard-day',
    title: '中心花园',
    english: 'Central garden',
    place: 'courtyard',
    hours: 'day',
    codec: 'h265',
    seed: 12,
    eye: [2.6, 5.6, 9.6],
    target: [-0.8, 0.4, -7.2],
    fov: 54,
    build: (scene, random) => courtyardSet(scene, random, { isNight: false, palette: PALETTES.pink, seed: 201 }),
    light: () => day({ azimuth: 128, height: 48, centre: [0, 0, -7], haze: 0.1 }),
    cast: (troupe) => {
      troupe.sitter('olive', -4.25, -8.55, 0.9);
      troupe.sitter('granny', 3.15, -9.6, -0.5);
      troupe.stander('green', 1.5, -11.6, 3.1, 0, 0.9);
      troupe.stander('grey', -1.2, -12.4, 3.14, 0, 1.2);
      troupe.walker(
        'red',
        [
          [-3, 4.5],
          [-1.9, 0],
          [-2.6, -5],
          [-2.2, -10],
          [-5, -12],
          [-15, -11.6],
        ],
        { start: 0.5, speed: 1.3 },
      );
      troupe.walker(
        'child',
        [
          [2.4, -16.5],
          [2.2, -10.6],
          [2.3, -4],
          [1.6, 2],
          [0.6, 10],
        ],
        { start: 4, speed: 1.9 },
      );
      troupe.walker(
        'skirt',
        [
          [3.0, -17],
          [2.8, -10.6],
          [2.9, -4],
          [2.2, 2],
          [1.2, 10],
        ],
        { start: 3.6, speed: 1.75 },
      );
      troupe.dog(
        '#b58a55',
        [
          [-16, 3.2],
          [-4, 2.6],
          [3, 2.4],
          [16, 2.6],
        ],
        { start: 9.2, speed: 2.2 },
      );
      troupe.walker(
        'navy',
        [
          [-17, 3.6],
          [-4, 3.1],
          [3, 2.9],
          [16, 3.1],
        ],
        { start: 9.4, speed: 2.2 },
      );
    },
  },
  {
    id: 'road-day',
    title: '东侧道路',
    english: 'East road',
    place: 'road',
    hours: 'day',
    seed: 13,
    eye: [-1.6, 4.4, 9.2],
    target: [1.1, 0.6, -9],
    fov: 50,
    build: (scene, random) => roadSet(scene, random, { isNight: false, palette: PALETTES.yellow, seed: 301 }),
    light: () => day({ azimuth: 160, height: 40, centre: [0, 0, -14], reach: 34, haze: 0.25 }),
    cast: (troupe) => {
      troupe.car(
        '#e4e4e2',
        'saloon',
        [
          [-1.5, -52],
          [-1.5, -10],
          [-1.4, 16],
        ],
        {
          start: 0,
          timing: [
            [0, 0],
            [7, 44],
            [8.6, 49],
            [10.2, 54],
            [12.5, 70],
          ],
        },
      );
      troupe.scooter(
        '#2c62a0',
        'blue',
        [
          [1.7, 16],
          [1.6, -4],
          [1.5, -50],
        ],
        { start: 3.2, speed: 5.6, trunk: '#2b68ae' },
      );
      troupe.walker(
        'green',
        [
          [2.6, -19],
          [2.5, -8],
          [2.5, 10],
        ],
        {
          start: 1,
          timing: [
            [0, 0],
            [14.8, 20.5],
            [15.9, 22],
          ],
        },
      );
      troupe.walker(
        'grey',
        [
          [7.2, 6],
          [7.0, -4],
          [7.3, -22],
        ],
        { start: 9, speed: 1.4 },
      );
      troupe.walker(
        'white',
        [
          [-2.6, 9],
          [-2.7, -4],
          [-2.6, -18],
        ],
        { start: 11.5, speed: 1.45 },
      );
    },
  },
  {
    id: 'entrance-day',
    title: '3栋1单元门',
    english: 'Building 3, unit 1',
    place: 'building-entrance',
    hours: 'day',
    seed: 14,
    eye: [-2.6, 3.5, 8.4],
    target: [0.3, 1.15, 0.4],
    fov: 48,
    build: (scene, random) => entranceSet(scene, random, { isNight: false, palette: PALETTES.white, seed: 401, number: '3栋1单元' }),
    light: () => day({ azimuth: 62, height: 46, centre: [0, 0, 2], reach: 18, haze: 0.1 }),
    cast: (troupe) => {
      troupe.walker(
        'granny',
        [
          [9, 5.0],
          [4, 4.2],
          [0.6, 2.6],
          [0.1, 1.5, 0.17],
          [0.1, 0.6, 0.33],
          [0.1, -0.5, 0.33],
        ],
        {
          start: 0.5,
          timing: [
            [0, 0],
            [8, 9.7],
            [10.8, 9.7],
            [12.2, 11],
          ],
        },
      );
      troupe.walker(
        'navy',
        [
          [0, -0.6, 0.33],
          [0, 0.5, 0.33],
          [0, 1.5, 0.16],
          [-0.8, 2.8],
          [-4.2, 5],
          [-10, 6],
        ],
        { start: 13.4, speed: 1.4 },
      );
      troupe.scooter(
        '#38506e',
        'yellow',
        [
          [-12, 5.6],
          [0, 5.2],
          [12, 5.6],
        ],
        { start: 5.2, speed: 3.8, trunk: '#d8a81e' },
      );
      troupe.walker(
        'child',
        [
          [-9, 4.6],
          [0, 4.3],
          [9, 4.9],
        ],
        { start: 9.2, speed: 1.7 },
      );
    },
  },
  {
    id: 'parking-day',
    title: '地面停车场',
    english: 'Car park',
    place: 'parking',
    hours: 'day',
    codec: 'h265',
    seed: 15,
    eye: [-7.6, 6.0, 9.0],
    target: [0.8, 0.2, -7.4],
    fov: 52,
    build: (scene, random) => parkingSet(scene, random, { isNight: false, palette: PALETTES.brick, seed: 501 }),
    light: () => day({ azimuth: 24, height: 52, centre: [0, 0, -8], haze: 0.18 }),
    cast: (troupe) => {
      troupe.car(
        '#2b3a52',
        'suv',
        [
          [-22, -3.0],
          [-10, -3.0],
          [2, -3.1],
          [12, -3],
          [24, -2.8],
        ],
        {
          start: 1,
          timing: [
            [0, 0],
            [4.6, 17],
            [7, 23],
            [9.2, 31],
            [12, 46],
          ],
        },
      );
      troupe.walker(
        'grey',
        [
          [7.2, -5.6],
          [5.6, -4.4],
          [-2, -4.2],
          [-8, -4.5],
          [-16, -5],
        ],
        { start: 8.2, speed: 1.5 },
      );
      troupe.walker(
        'skirt',
        [
          [-18, -12.7],
          [-6, -12.6],
          [6, -12.4],
        ],
        { start: 0, speed: 1.5 },
      );
      troupe.scooter(
        '#9d2b27',
        'red',
        [
          [20, -13.2],
          [6, -13.2],
          [-20, -13.4],
        ],
        { start: 10.6, speed: 4.6 },
      );
    },
  },
  {
    id: 'alley-day',
    title: '西侧巷道',
    english: 'West alley',
    place: 'alley',
    hours: 'day',
    seed: 16,
    eye: [-1.1, 3.9, 6.4],
    target: [0.1, 0.7, -8],
    fov: 50,
    build: (scene, random) => alleySet(scene, random, { isNight: false, palette: PALETTES.grey, seed: 601 }),
    light: () => day({ azimuth: 250, height: 62, centre: [0, 0, -10], reach: 26, haze: 0.35, exposure: 0.95 }),
    cast: (troupe) => {
      troupe.scooter(
        '#7b2b28',
        'grey',
        [
          [0.2, -44],
          [0.3, -12],
          [0.2, 10],
        ],
        { start: 0.5, speed: 5.2, trunk: '#2e3236' },
      );
      troupe.walker(
        'olive',
        [
          [-0.8, 9],
          [-0.9, 0],
          [-0.7, -12.5],
        ],
        {
          start: 6,
          timing: [
            [0, 0],
            [14, 17.5],
            [15.9, 20.2],
          ],
        },
      );
      troupe.walker(
        'red',
        [
          [0.9, -20],
          [0.8, -8],
          [0.9, 9],
        ],
        {
          start: 11,
          timing: [
            [0, 0],
            [15.9, 22],
          ],
        },
      );
    },
  },
  {
    id: 'lobby-day',
    title: '1栋电梯厅',
    english: 'Building 1, lift lobby',
    place: 'elevator-lobby',
    hours: 'day',
    seed: 17,
    eye: [2.65, 2.55, 5.6],
    target: [-0.75, 0.85, -2],
    fov: 56,
    build: (scene, random) => {
      const extras = lobbySet(scene, random, { seed: 701 });
      bush(scene, leafMaterial(702, 105, 0.0), 2.7, -1.35, 0.5, 703);
      return extras;
    },
    light: (scene) =>
      room(scene, {
        panels: [
          [-1.6, -0.6],
          [1.6, -0.6],
          [-1.6, 2.6],
          [1.6, 2.6],
        ].map(([x, z]) => ({ position: [x, 2.72, z], target: [x, 0, z], power: 3.3, radius: 0.36 })),
        bounces: 72,
        exposure: 2.5,
        ambient: 0.1,
        warmth: [1.03, 1, 0.95],
      }),
    cast: (troupe, { doorsAt }, maker, actors) => {
      const open = [
        [0, 0],
        [2, 0],
        [3.2, 0.53],
        [7.2, 0.53],
        [8.4, 0],
        [16, 0],
      ];
      for (const side of [-1, 1]) {
        const door = new THREE.Group();
        maker.solid(door, new THREE.BoxGeometry(0.55, 2.15, 0.04), '#aeb3b6', { gloss: 0.35 });
        actors.add(door);
        troupe.act((seconds) => door.position.set(doorsAt + side * (0.276 + Math.max(0, smoothAlong(open, seconds))), 1.075, -2.03));
      }
      troupe.walker(
        'navy',
        [
          [-1.35, -3.0],
          [-1.35, -1.4],
          [-0.6, 1.2],
          [0.3, 4.2],
          [0.4, 8],
        ],
        {
          start: 0,
          timing: [
            [0, 0],
            [3.3, 0],
            [10.4, 8.6],
            [12.2, 11.2],
          ],
        },
      );
      troupe.walker(
        'green',
        [
          [0.2, 8.5],
          [-0.2, 4],
          [-1.0, 0.4],
          [-1.35, -1.6],
          [-1.35, -2.8],
        ],
        {
          start: 15.2,
          timing: [
            [0, 0],
            [4.4, 5.4],
            [6.6, 9],
            [8.2, 11.25],
            [9.4, 11.25],
            [9.5, 12],
          ],
        },
      );
      troupe.stander('child', 1.35, -0.6, 3.1, 0, 0.35);
      troupe.stander('skirt', 1.9, -0.2, 2.9, 0, 0.5);
    },
  },
  {
    id: 'stairwell-day',
    title: '5栋2单元 2楼楼道',
    english: 'Building 5, unit 2, second floor',
    place: 'stairwell',
    hours: 'day',
    seed: 18,
    eye: [-1.45, 2.62, 4.3],
    target: [0.45, 1.0, -1.6],
    fov: 60,
    build: (scene, random) => stairwellSet(scene, random, { seed: 801, isNight: false, floorNumber: '2' }),
    light: (scene, { landing, back }) =>
      room(scene, {
        panels: [
          { position: [0, landing + 1.6, back - 1.5], target: [0.2, 0.4, 2], power: 9, radius: 0.45, angle: 1.3, colour: '#dfe9f6' },
          { position: [0, 2.75, 1.9], target: [0, 0, 1.9], power: 1.3, radius: 0.2, colour: '#ffe9c8' },
        ],
        bounces: 72,
        exposure: 3.1,
        ambient: 0.09,
      }),
    cast: (troupe, { landing, back }) => {
      const points = [
        [-0.9, back - 0.9, landing],
        [0.5, back - 1.0, landing],
        [0.95, back - 0.1, landing],
        [0.95, back * 0.75, landing * 0.75],
        [0.95, back * 0.5, landing * 0.5],
        [0.95, back * 0.25, landing * 0.25],
        [0.95, 0.1, 0],
        [0.5, 1.6, 0],
        [0.2, 3.2, 0],
        [0, 5.4, 0],
      ];
      troupe.walker('granny', points, {
        start: 1,
        timing: [
          [0, 0.1],
          [9, 6.4],
          [12.5, 11],
        ],
      });
    },
  },
  {
    id: 'gate-night',
    title: '北门出入口',
    english: 'North gate',
    place: 'gate',
    hours: 'night',
    seed: 21,
    eye: [-4.6, 4.5, 10.8],
    target: [-0.2, 0.9, -3],
    fov: 52,
    build: (scene, random) => gateSet(scene, random, { isNight: true, palette: PALETTES.grey, name: '沱 江 新 苑', seed: 111 }),
    light: () =>
      night({
        main: { position: [2.4, 4.45, -4.0], target: [2.2, 0, -1.5], angle: 1.3, power: 26, colour: '#ffe4bd' },
        others: [
          { position: [-3.9, 4.45, -4.0], target: [-3.9, 0, -1.5], angle: 1.3, power: 26, colour: '#ffe4bd' },
          { position: [-8, 6.2, 6], target: [-5, 0, 4], angle: 1.2, power: 38, colour: '#ffcd8e' },
          { position: [10, 6, 6], target: [6, 0, 2], angle: 1.2, power: 34, colour: '#ffcd8e' },
          { position: [-6, 6, -14], target: [-6, 0, -16], angle: 1.3, power: 36, colour: '#ffc27a' },
          { position: [9, 6, -14], target: [9, 0, -16], angle: 1.3, power: 36, colour: '#ffc27a' },
        ],
        exposure: 1.35,
      }),
    cast: (troupe, { arms }, maker, actors) => {
      troupe.car(
        '#b9bdc0',
        'saloon',
        [
          [3.0, 20],
          [2.6, 8],
          [2.5, 1],
          [2.6, -6],
          [4.5, -10.6],
          [10, -11],
          [26, -11],
        ],
        {
          start: 1,
          lights: 1,
          timing: [
            [0, 0],
            [4.2, 16.4],
            [6.6, 16.4],
            [9.8, 28],
            [13, 52],
          ],
        },
      );
      barrierArm(troupe, maker, actors, arms[0], SHUT);
      barrierArm(troupe, maker, actors, arms[1], [
        [0, 0],
        [6, 0],
        [7.4, 84],
        [11.4, 84],
        [13, 0],
        [16, 0],
      ]);
      troupe.car(
        '#3c4046',
        'suv',
        [
          [-26, -13.7],
          [26, -13.7],
        ],
        { start: 0, lights: 1, speed: 10 },
      );
      troupe.walker(
        'navy',
        [
          [7, -10],
          [7, -4],
          [7.2, 3],
          [7.8, 14],
        ],
        {
          start: 7,
          timing: [
            [0, 0],
            [15.8, 21],
          ],
        },
      );
      troupe.stander('guard', -2.0, 2.0, 1.2, 0, 0.2);
      troupe.scooter(
        '#c8a32a',
        'yellow',
        [
          [-20, -12.4],
          [-6, -12],
          [16, -12.3],
        ],
        { start: 11, lights: 1, speed: 5.5, trunk: '#d8a81e' },
      );
    },
  },
  {
    id: 'courtyard-night',
    title: '中心庭院',
    english: 'Courtyard',
    place: 'courtyard',
    hours: 'night',
    seed: 22,
    eye: [-3.6, 5.2, 9.4],
    target: [0.7, 0.4, -7.0],
    fov: 54,
    build: (scene, random) => courtyardSet(scene, random, { isNight: true, palette: PALETTES.yellow, seed: 211 }),
    light: (scene, { lamps }) =>
      night({
        main: below(lamps[0], 15, { colour: '#ffd9a3', angle: 1.45 }),
        others: [
          below(lamps[1], 15, { colour: '#ffd9a3', angle: 1.45 }),
          below(lamps[2], 15, { colour: '#ffd9a3', angle: 1.45 }),
          { position: [8, 7, 10], target: [4, 0, 2], power: 60, angle: 1.1, colour: '#ffc98c' },
          { position: [-10, 7, 8], target: [-5, 0, 0], power: 44, angle: 1.1, colour: '#ffc98c' },
          { position: [0, 3.2, -18.6], target: [0, 0, -17], power: 12, angle: 1.3, colour: '#fff0d4' },
        ],
        centre: [0, 0, -7],
        exposure: 2.7,
      }),
    cast: (troupe, extras, maker, actors, random) => {
      troupe.sitter('grey', -4.55, -4.2, 2.2);
      troupe.walker(
        'skirt',
        [
          [-1.6, -17],
          [-2.2, -10],
          [-2.5, -5],
          [-1.9, 0],
          [-0.9, 10],
        ],
        {
          start: 2,
          timing: [
            [0, 0],
            [15.9, 26],
          ],
        },
      );
      troupe.walker(
        'navy',
        [
          [16, 2.6],
          [4, 2.5],
          [-4, 2.5],
          [-16, 3],
        ],
        { start: 5, speed: 2.4 },
      );
      troupe.dog(
        '#d8d2c4',
        [
          [15, 3.1],
          [4, 3.0],
          [-4, 3.0],
          [-17, 3.4],
        ],
        { start: 5.2, speed: 2.4 },
      );
      troupe.stander('green', 1.9, -11.4, 2.6, 0, 0.8);
      for (const lamp of extras.lamps) troupe.moths(3, [lamp.x, lamp.y, lamp.z], [0.5, 0.4, 0.5], 2.2, random, 0.012);
    },
  },
  {
    id: 'road-night',
    title: '北区道路',
    english: 'North road',
    place: 'road',
    hours: 'night',
    codec: 'h265',
    seed: 23,
    eye: [1.6, 4.6, 9.4],
    target: [-0.2, 0.6, -9],
    fov: 50,
    build: (scene, random) => roadSet(scene, random, { isNight: true, palette: PALETTES.cream, seed: 311 }),
    light: (scene, { lamps }) =>
      night({
        main: below(lamps[0], 52, { angle: 1.25 }),
        others: [
          below(lamps[1], 52, { angle: 1.25 }),
          below(lamps[2], 52, { angle: 1.25 }),
          { position: [8.8, 3.2, -9.5], target: [7, 0, -9.5], angle: 1.3, power: 9, colour: '#fff0d0' },
          { position: [9.6, 6, 1], target: [5, 0, -4], angle: 1.2, power: 30, colour: '#ffcf94' },
        ],
        centre: [0, 0, -14],
        reach: 32,
        exposure: 2.1,
      }),
    cast: (troupe, { lamps }, maker, actors, random) => {
      troupe.car(
        '#7f868c',
        'saloon',
        [
          [-1.5, -54],
          [-1.5, -10],
          [-1.4, 18],
        ],
        {
          start: 1.5,
          lights: 1,
          timing: [
            [0, 0],
            [7, 46],
            [8.6, 51],
            [10.2, 57],
            [12.6, 73],
          ],
        },
      );
      troupe.walker(
        'red',
        [
          [2.5, 11],
          [2.6, 0],
          [2.6, -16],
        ],
        {
          start: 6,
          timing: [
            [0, 0],
            [15.9, 21.5],
          ],
        },
      );
      troupe.scooter(
        '#36588a',
        'blue',
        [
          [1.7, 16],
          [1.6, -4],
          [1.5, -50],
        ],
        { start: 12.6, lights: 1, speed: 6 },
      );
      troupe.moths(4, [lamps[0].x, lamps[0].y - 0.15, lamps[0].z], [0.6, 0.4, 0.5], 3, random, 0.014);
    },
  },
  {
    id: 'entrance-night',
    title: '6栋2单元门',
    english: 'Building 6, unit 2',
    place: 'building-entrance',
    hours: 'night',
    seed: 24,
    eye: [2.9, 3.4, 8.2],
    target: [-0.2, 1.15, 0.4],
    fov: 48,
    build: (scene, random) => entranceSet(scene, random, { isNight: true, palette: PALETTES.pink, seed: 411, number: '6栋2单元' }),
    light: () =>
      night({
        main: { position: [0, 2.85, 0.85], target: [0, 0, 1.6], angle: 1.45, power: 9, colour: '#ffeccb' },
        others: [
          { position: [-7.5, 5.2, 6], target: [-4, 0, 3], angle: 1.2, power: 34, colour: '#ffc98a' },
          { position: [9, 5.6, 7], target: [5, 0, 3], angle: 1.2, power: 22, colour: '#ffc98a' },
        ],
        centre: [0, 0, 2],
        reach: 18,
        exposure: 2.0,
      }),
    cast: (troupe, extras, maker, actors, random) => {
      troupe.walker(
        'navy',
        [
          [-10, 5.4],
          [-4, 4.4],
          [-0.8, 2.8],
          [-0.1, 1.5, 0.17],
          [0.1, 0.7, 0.33],
          [0.1, -0.6, 0.33],
        ],
        {
          start: 1,
          timing: [
            [0, 0],
            [7.6, 10.2],
            [10.6, 10.2],
            [12, 12],
          ],
        },
      );
      troupe.scooter(
        '#4c4f54',
        'grey',
        [
          [12, 5.6],
          [0, 5.3],
          [-12, 5.6],
        ],
        { start: 8.4, lights: 1, speed: 4 },
      );
      troupe.moths(5, [0, 2.75, 0.95], [0.45, 0.35, 0.4], 3, random, 0.009);
    },
  },
  {
    id: 'parking-night',
    title: '西区停车场',
    english: 'West car park',
    place: 'parking',
    hours: 'night',
    seed: 25,
    eye: [8.4, 5.8, 8.8],
    target: [-0.6, 0.2, -7.2],
    fov: 52,
    build: (scene, random) => parkingSet(scene, random, { isNight: true, palette: PALETTES.white, seed: 511 }),
    light: (scene, { lamps }) =>
      night({
        main: below(lamps[0], 88, { colour: '#e9efff', angle: 1.3 }),
        others: [
          below(lamps[1], 88, { colour: '#e9efff', angle: 1.3 }),
          { position: [9, 6.2, 6], target: [3, 0, 0], angle: 1.15, power: 62, colour: '#e4ebff' },
        ],
        centre: [0, 0, -8],
        exposure: 1.4,
      }),
    cast: (troupe) => {
      troupe.car(
        '#ddddda',
        'van',
        [
          [24, -3.0],
          [10, -3.0],
          [0, -3.1],
          [-12, -3],
          [-26, -2.8],
        ],
        {
          start: 2,
          lights: 1,
          timing: [
            [0, 0],
            [4.6, 18],
            [7, 24],
            [9.2, 32],
            [12, 50],
          ],
        },
      );
      troupe.walker(
        'grey',
        [
          [-16, -12.6],
          [-4, -12.5],
          [8, -12.7],
        ],
        { start: 8, speed: 1.5 },
      );
      troupe.walker(
        'navy',
        [
          [-1, 6],
          [-1.3, 0.5],
          [-1.6, -4.5],
          [-6, -5],
          [-16, -4.6],
        ],
        { start: 11, speed: 1.45 },
      );
    },
  },
  {
    id: 'alley-night',
    title: '后巷',
    english: 'Back alley',
    place: 'alley',
    hours: 'night',
    seed: 26,
    eye: [1.2, 3.8, 6.2],
    target: [-0.3, 0.8, -8],
    fov: 52,
    build: (scene, random) => alleySet(scene, random, { isNight: false, palette: PALETTES.brick, seed: 611 }),
    light: () => infrared({ eye: [1.2, 3.8, 6.2], target: [-0.2, 0.6, -7], power: 190, exposure: 1.35 }),
    cast: (troupe, extras, maker, actors, random) => {
      troupe.walker(
        'grey',
        [
          [-0.6, -22],
          [-0.7, -9],
          [-0.9, 6],
        ],
        {
          start: 2,
          timing: [
            [0, 0],
            [15.9, 23],
          ],
        },
      );
      troupe.scooter(
        '#8b8d90',
        'white',
        [
          [0.5, 10],
          [0.4, -10],
          [0.3, -46],
        ],
        { start: 10, lights: 0.6, speed: 5.4 },
      );
      troupe.moths(9, [0.9, 3.2, 4.2], [1.2, 0.8, 1.2], 1.3, random, 0.006);
    },
  },
  {
    id: 'wall-night',
    title: '东侧围墙',
    english: 'East boundary wall',
    place: 'boundary-wall',
    hours: 'night',
    seed: 27,
    eye: [2.4, 3.7, 6.4],
    target: [0.1, 0.7, -8],
    fov: 52,
    build: (scene, random) => wallSet(scene, random, { palette: PALETTES.grey, seed: 621 }),
    light: () => infrared({ eye: [2.4, 3.7, 6.4], target: [0.4, 0.6, -7], power: 250, exposure: 1.35 }),
    cast: (troupe, extras, maker, actors, random) => {
      troupe.walker(
        'navy',
        [
          [1.0, -24],
          [1.1, -10],
          [0.9, 7],
        ],
        {
          start: 0,
          timing: [
            [0, 0],
            [15.9, 25.5],
          ],
        },
      );
      troupe.dog(
        '#7a746a',
        [
          [-0.8, 6],
          [-0.6, -3],
          [-0.4, -20],
        ],
        { start: 9, speed: 2.6 },
      );
      troupe.moths(10, [2.0, 3.1, 4.4], [1.2, 0.8, 1.2], 1.3, random, 0.006);
    },
  },
  {
    id: 'stairwell-night',
    title: '8栋1单元 3楼楼道',
    english: 'Building 8, unit 1, third floor',
    place: 'stairwell',
    hours: 'night',
    seed: 28,
    eye: [-1.45, 2.62, 4.3],
    target: [0.5, 1.0, -1.6],
    fov: 60,
    build: (scene, random) => stairwellSet(scene, random, { seed: 811, isNight: true, upper: '#cfcabf', lower: '#6d86a0', floorNumber: '3' }),
    light: (scene, { landing, back }) =>
      room(scene, {
        panels: [
          { position: [0, 2.72, 1.9], target: [0, 0, 1.8], power: 3.6, radius: 0.12, angle: 1.45, colour: '#ffd9a0' },
          { position: [0, landing + 2.6, back - 0.8], target: [0, landing, back - 0.9], power: 1.6, radius: 0.12, angle: 1.4, colour: '#ffd9a0' },
        ],
        bounces: 64,
        exposure: 2.5,
        ambient: 0.05,
        grain: 0.011,
        warmth: [1.04, 1, 0.9],
        vignette: 0.45,
        fill: '#b9b2a4',
      }),
    cast: (troupe, { landing, back }) => {
      troupe.walker(
        'grey',
        [
          [0, 5.6, 0],
          [0.3, 3.0, 0],
          [0.6, 1.4, 0],
          [0.95, 0.1, 0],
          [0.95, back * 0.25, landing * 0.25],
          [0.95, back * 0.5, landing * 0.5],
          [0.95, back * 0.75, landing * 0.75],
          [0.95, back - 0.1, landing],
          [0.4, back - 1.0, landing],
          [-0.9, back - 0.9, landing],
        ],
        {
          start: 2,
          timing: [
            [0, 0],
            [4, 5],
            [12.5, 10.9],
            [12.6, 12],
          ],
        },
      );
    },
  },
].map((view) => ({ codec: 'h264', ...view }));
