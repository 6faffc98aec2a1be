import { expect, it } from 'vitest';
import { RecordingFaults } from '../../../media/node/recording-faults.ts';

it('sums up faults by the longest lasting, and forgets what is over', () => {
  const faults = new RecordingFaults();
  const all = (): boolean => true;
  expect(faults.current(all)).toBeNull();
  faults.set('a/main', { sinceMs: 20, detail: 'EIO' });
  expect(faults.current(all)).toBe('EIO');
  faults.set('b/main', { sinceMs: 10, detail: 'ENOSPC' });
  expect(faults.current(all)).toBe('ENOSPC (2 streams)');
  expect(faults.current((key) => key !== 'b/main')).toBe('EIO');
  expect(faults.current(all)).toBe('EIO');
  faults.set('a/main', null);
  expect(faults.current(all)).toBeNull();
});
