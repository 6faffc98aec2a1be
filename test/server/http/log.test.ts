import { expect, it } from 'vitest';
import { createLog, loggableUrl } from '../../../server/http/log.ts';

it('removes secrets, wherever they sit', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', name: 'test', destination: { write: (line) => void lines.push(line) } });
  log.info(
    {
      password: 'geheim',
      body: { token: 'geheim', ticket: 'geheim' },
      stream: { credentials: { username: 'u', password: 'geheim' } },
      kept: 'shown',
    },
    'x',
  );
  expect(lines.join('')).not.toContain('geheim');
  expect(lines.join('')).toContain('shown');
});

it('cuts queries, which hold tickets and names, out of addresses', () => {
  expect(loggableUrl('/live/1/index.m3u8?ticket=abc')).toBe('/live/1/index.m3u8?…');
  expect(loggableUrl('/wall')).toBe('/wall');
});
