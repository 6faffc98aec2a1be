import { expect, it } from 'vitest';
import { homePathOf, sectionsFor } from '../../../web/frame/sections.ts';

it('shows a person only what he may see, in the order of the bar', () => {
  expect(sectionsFor(['system.read', 'live.watch', 'alarms.read']).map(({ name }) => name)).toEqual(['wall', 'alarms', 'system']);
  expect(sectionsFor([])).toEqual([]);
});

it('lands each role on its main job', () => {
  expect((['operator', 'administrator', 'officer', 'auditor'] as const).map(homePathOf)).toEqual(['/wall', '/wall', '/playback', '/coverage']);
});
