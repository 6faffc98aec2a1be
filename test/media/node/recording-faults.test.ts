import { expect, it } from 'vitest';
import { RecordingFaults } from '../../../media/node/recording-faults.ts';

it('sums up faults by the longest lasting, and forgets what is over', () => {
  const faults = new RecordingFaults();
  expect(faults.current).toBeNull();
  faults.set('a/main', { sinceMs: 20, detail: 'EIO' });
  expect(faults.current).toBe('EIO');
  faults.set('b/main', { sinceMs: 10, detail: 'ENOSPC' });
  expect(faults.current).toBe('ENOSPC (2 streams)');
  faults.set('b/main', null);
  faults.set('a/main', null);
  expect(faults.current).toBeNull();
});
