import { expect, it } from 'vitest';
import { nextLiveEdgeStep } from '../../../web/player/live-edge.ts';

it.each([
  ['nothing is buffered', 0, [], 1, { kind: 'play', playbackRate: 1 }],
  ['the first group is there, somewhere in the day', 0, [[3600, 3602]], 1, { kind: 'jump', toSeconds: 3601.8 }],
  ['the first group is one frame', 0, [[3600, 3600.04]], 1, { kind: 'jump', toSeconds: 3600 }],
  ['near the edge', 9.7, [[0, 10]], 1, { kind: 'play', playbackRate: 1 }],
  ['a little late', 9.3, [[0, 10]], 1, { kind: 'play', playbackRate: 1.08 }],
  ['catching up', 9.5, [[0, 10]], 1.08, { kind: 'play', playbackRate: 1.08 }],
  ['caught up', 9.75, [[0, 10]], 1.08, { kind: 'play', playbackRate: 1 }],
  ['far behind', 8.4, [[0, 10]], 1, { kind: 'jump', toSeconds: 9.8 }],
  [
    'frames are missing and newer ones are there',
    5,
    [
      [0, 5],
      [6, 6.1],
    ],
    1,
    { kind: 'jump', toSeconds: 6 },
  ],
] as const)('%s', (_what, currentSeconds, ranges, playbackRate, expected) => {
  const step = nextLiveEdgeStep({ currentSeconds, ranges: ranges.map(([start, end]) => ({ start, end })), playbackRate });
  expect(step).toEqual(expected);
});
