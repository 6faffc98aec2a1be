/** The views under the sky by night, with lamps or in infrared. */
import { infrared, night } from './atmosphere.js';
import { barrierArm, SHUT } from './barrier.js';
import { alleySet, courtyardSet, entranceSet, gateSet, PALETTES, parkingSet, roadSet, wallSet } from './sets.js';

/** A lamp in a street lamp's place, shining down. */
const below = (lamp, power, extra = {}) => ({ position: lamp.toArray(), target: [lamp.x, 0, lamp.z], angle: 1.2, power, ...extra });

/** Each view: its eye, its place, its lamps, and who passes by. */
export const VIEWS_BY_NIGHT = [
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
];
