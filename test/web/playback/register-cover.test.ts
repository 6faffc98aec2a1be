import { expect, it } from 'vitest';
import { formatPlaybackQuery, parsePlaybackQuery, playbackLink } from '../../../web/playback/playback-url.ts';
import { entryCovering, proposeSpan } from '../../../web/playback/register-cover.ts';
import type { AccessRegisterEntry } from '../../../server/contract/cameras.ts';

const entry = (id: string, cameraIds: readonly string[], from: string, to: string) => ({ id, cameraIds, from, to }) as AccessRegisterEntry;
const entries = [
  entry('new', ['a'], '2026-11-21T12:00:00Z', '2026-11-21T12:30:00Z'),
  entry('old', ['a', 'b'], '2026-11-21T10:00:00Z', '2026-11-21T11:00:00Z'),
];
const ms = (time: string) => Date.parse(`2026-11-21T${time}Z`);

it('asks for a new entry as soon as one camera or the moment is not covered', () => {
  expect(entryCovering(entries, ['a'], ms('12:10:00'))?.id).toBe('new');
  expect(entryCovering(entries, ['b', 'a'], ms('10:10:00'))?.id).toBe('old');
  expect(entryCovering(entries, ['a', 'b'], ms('12:10:00'))).toBeNull();
  expect(entryCovering(entries, ['a'], ms('12:30:00'))).toBeNull();
});

it('proposes the time around the moment, never beyond now', () => {
  expect(proposeSpan(ms('12:00:00'), ms('20:00:00'))).toEqual({ fromMs: ms('11:50:00'), toMs: ms('12:20:00') });
  expect(proposeSpan(ms('12:00:00'), ms('12:05:00'))).toEqual({ fromMs: ms('11:50:00'), toMs: ms('12:05:00') });
});

it('brings cameras and moment back from the URL', () => {
  const playback = { cameraIds: ['a', 'b'], atMs: ms('12:00:00') };
  expect(parsePlaybackQuery(formatPlaybackQuery(playback))).toEqual(playback);
  expect(parsePlaybackQuery({ cameras: '', at: 'soon' })).toEqual({ cameraIds: [], atMs: null });
  expect(playbackLink(['a'], 0)).toEqual({ path: '/playback', query: { cameras: 'a', at: '1970-01-01T00:00:00.000Z' } });
});
