/** The views under the sky by day. */
import { day } from './atmosphere.js';
import { barrierArm, SHUT } from './barrier.js';
import { alleySet, courtyardSet, entranceSet, gateSet, PALETTES, parkingSet, roadSet } from './sets.js';

/** Each view: its eye, its place, its light, and who passes by. */
export const VIEWS_BY_DAY = [
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
];
