import { expect, it } from 'vitest';
import { judgeRegisterCover } from '../../../server/recordings/register-cover.ts';
import type { PlaybackWish, RegisterEntryFacts } from '../../../server/recordings/register-cover.ts';

const entry: RegisterEntryFacts = { accountId: 'officer', cameraIds: ['gate', 'road'], fromMs: 1000, toMs: 9000 };
const wish: PlaybackWish = { accountId: 'officer', cameraId: 'gate', fromMs: 1000, toMs: 9000 };

it.each<[string, RegisterEntryFacts | null, PlaybackWish, ReturnType<typeof judgeRegisterCover>]>([
  ['camera and whole span', entry, wish, 'covers'],
  ['another camera and a part', entry, { ...wish, cameraId: 'road', fromMs: 2000, toMs: 3000 }, 'covers'],
  ['no entry', null, wish, 'register-entry-required'],
  ["somebody else's entry", entry, { ...wish, accountId: 'other' }, 'register-entry-required'],
  ['a camera that is not named', entry, { ...wish, cameraId: 'stairs' }, 'register-entry-does-not-cover'],
  ['a millisecond before', entry, { ...wish, fromMs: 999 }, 'register-entry-does-not-cover'],
  ['a millisecond after', entry, { ...wish, toMs: 9001 }, 'register-entry-does-not-cover'],
  ['an empty span', entry, { ...wish, toMs: 1000 }, 'register-entry-does-not-cover'],
])('%s', (_, given, wished, verdict) => {
  expect(judgeRegisterCover(given, wished)).toBe(verdict);
});
