/** The views under a roof. */
import * as THREE from 'three';

import { room } from './atmosphere.js';
import { bush, leafMaterial } from './greenery.js';
import { lobbySet, stairwellSet } from './rooms.js';
import { smoothAlong } from './troupe.js';

/** Each view: its eye, its room, its lamps, and who passes by. */
export const VIEWS_INDOORS = [
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
];
