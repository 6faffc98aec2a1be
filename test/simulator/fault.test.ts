import { describe, expect, it } from 'vitest';

import { decideFault, scheduledFault } from './fault.ts';
import type { Fault, ScheduledFault } from './fault.ts';

const START_MS = 1_000_000;
const reboot: ScheduledFault = { kind: 'reboot', everySeconds: 300, offsetSeconds: 60, seconds: 40 };
const black: ScheduledFault = { kind: 'black', everySeconds: 100, offsetSeconds: 0, seconds: 10 };

describe('a schedule of faults', () => {
  it.each([
    [0, null],
    [59.9, null],
    [60, { sinceSeconds: 60 }],
    [99.9, { sinceSeconds: 60 }],
    [100, null],
    [359, null],
    [361.3, { sinceSeconds: 360 }],
  ])('at %d s', (seconds, expected) => {
    const fault = scheduledFault([reboot], START_MS, START_MS + seconds * 1000);
    expect(fault).toEqual(
      expected === null
        ? null
        : {
            kind: 'reboot',
            sinceMs: START_MS + expected.sinceSeconds * 1000,
            untilMs: START_MS + (expected.sinceSeconds + 40) * 1000,
          },
    );
  });

  it('lets the first entry win', () => {
    expect(scheduledFault([reboot, black], START_MS, START_MS + 5000)?.kind).toBe('black');
    expect(scheduledFault([black, reboot], START_MS, START_MS + 361_000)?.kind).toBe('reboot');
  });
});

describe('the fault that counts', () => {
  const asked: Fault = { kind: 'stall', sinceMs: START_MS, untilMs: START_MS + 61_000 };

  it('is the one asked for while it lasts', () => {
    expect(decideFault(asked, [reboot], START_MS, START_MS + 60_500)?.kind).toBe('stall');
  });

  it('is the scheduled one afterwards', () => {
    expect(decideFault(asked, [reboot], START_MS, START_MS + 61_000)?.kind).toBe('reboot');
  });

  it('lasts until it is taken back when it has no end', () => {
    const endless: Fault = { ...asked, untilMs: null };
    expect(decideFault(endless, [], START_MS, START_MS + 1e9)).toBe(endless);
  });
});
