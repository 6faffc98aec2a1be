import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLEAR_AFTER_MS, nextOfflineAlarm, QUIET, recallOfflineAlarm } from '../../../server/alarms/offline-alarm.ts';
import type { OfflineAlarmEffect, OfflineAlarmFacts, OfflineAlarmState } from '../../../server/alarms/offline-alarm.ts';

const T = 1_800_000_000_000;
const DEBOUNCE = 90_000;
const rules = { debounceMs: DEBOUNCE };

const states: Record<OfflineAlarmState['kind'], OfflineAlarmState> = {
  quiet: QUIET,
  pending: { kind: 'pending', beganAtMs: T - 10_000, reason: 'no-packets', countedMs: 0, countingSinceMs: T - 10_000 },
  paused: { kind: 'paused', beganAtMs: T - 60_000, reason: 'no-packets', countedMs: 40_000 },
  active: { kind: 'active', beganAtMs: T - 100_000, reason: 'no-packets' },
  clearing: { kind: 'clearing', beganAtMs: T - 100_000, reason: 'no-packets', backSinceMs: T - 2000 },
};

function input(status: OfflineAlarmFacts['status'], over: Partial<OfflineAlarmFacts> = {}): OfflineAlarmFacts {
  return { status, reason: status === 'offline' ? 'no-packets' : null, sinceMs: T, pictureLostAtMs: null, ...over };
}

type Row = [OfflineAlarmState['kind'], OfflineAlarmFacts['status'], OfflineAlarmState['kind'], OfflineAlarmEffect['kind'] | null];

describe('nextOfflineAlarm', () => {
  const table: Row[] = [
    ['quiet', 'offline', 'pending', null],
    ['quiet', 'online', 'quiet', null],
    ['quiet', 'degraded', 'quiet', null],
    ['quiet', 'connecting', 'quiet', null],
    ['quiet', 'unknown', 'quiet', null],
    ['quiet', 'idle', 'quiet', null],
    ['quiet', 'removed', 'quiet', null],
    ['pending', 'offline', 'pending', null],
    ['pending', 'online', 'quiet', null],
    ['pending', 'degraded', 'quiet', null],
    ['pending', 'connecting', 'paused', null],
    ['pending', 'unknown', 'paused', null],
    ['pending', 'idle', 'quiet', null],
    ['pending', 'removed', 'quiet', null],
    ['paused', 'offline', 'pending', null],
    ['paused', 'online', 'quiet', null],
    ['paused', 'degraded', 'quiet', null],
    ['paused', 'connecting', 'paused', null],
    ['paused', 'unknown', 'paused', null],
    ['paused', 'idle', 'quiet', null],
    ['paused', 'removed', 'quiet', null],
    ['active', 'offline', 'active', null],
    ['active', 'online', 'clearing', null],
    ['active', 'degraded', 'clearing', null],
    ['active', 'connecting', 'active', null],
    ['active', 'unknown', 'active', null],
    ['active', 'idle', 'active', null],
    ['active', 'removed', 'quiet', 'clear'],
    ['clearing', 'offline', 'active', null],
    ['clearing', 'online', 'clearing', null],
    ['clearing', 'degraded', 'clearing', null],
    ['clearing', 'connecting', 'active', null],
    ['clearing', 'unknown', 'active', null],
    ['clearing', 'idle', 'clearing', null],
    ['clearing', 'removed', 'quiet', 'clear'],
  ];

  it.each(table)('%s + %s → %s, effect %s', (from, status, to, effect) => {
    const step = nextOfflineAlarm(states[from], input(status), rules, T);
    expect([step.state.kind, step.effect?.kind ?? null]).toEqual([to, effect]);
  });

  it('walks every state with every input', () => {
    expect(new Set(table.map(([state, status]) => `${state} ${status}`)).size).toBe(5 * 7);
  });

  it('raises at the debounce to the millisecond, dated from the last picture', () => {
    const offline = input('offline', { pictureLostAtMs: T - 4000 });
    const pending = nextOfflineAlarm(QUIET, offline, rules, T);
    expect(pending.dueAtMs).toBe(T - 4000 + DEBOUNCE);
    const dueAtMs = pending.dueAtMs ?? 0;
    expect(nextOfflineAlarm(pending.state, offline, rules, dueAtMs - 1).effect).toBeNull();
    expect(nextOfflineAlarm(pending.state, offline, rules, dueAtMs)).toEqual({
      state: { kind: 'active', beganAtMs: T - 4000, reason: 'no-packets' },
      effect: { kind: 'raise', beganAtMs: T - 4000, reason: 'no-packets' },
      dueAtMs: null,
    });
  });

  it('follows a shorter debounce for the same camera at once', () => {
    expect(nextOfflineAlarm(states.pending, input('offline'), { debounceMs: 10_000 }, T).effect?.kind).toBe('raise');
  });

  it('does not count the time in which the node was lost', () => {
    const lost = nextOfflineAlarm(states.pending, input('unknown', { sinceMs: T }), rules, T + 30_000);
    expect(lost.state).toMatchObject({ kind: 'paused', countedMs: 10_000 });
    expect(lost.dueAtMs).toBeNull();
    const back = nextOfflineAlarm(lost.state, input('offline', { sinceMs: T + 3_600_000 }), rules, T + 3_600_000);
    expect(back.dueAtMs).toBe(T + 3_600_000 + DEBOUNCE - 10_000);
    expect(back.state).toMatchObject({ beganAtMs: T - 10_000 });
  });

  it('clears after the camera was back for a while, dated from when it came back', () => {
    const online = input('online', { sinceMs: T });
    const clearing = nextOfflineAlarm(states.active, online, rules, T + 100);
    expect(clearing.dueAtMs).toBe(T + CLEAR_AFTER_MS);
    expect(nextOfflineAlarm(clearing.state, input('degraded', { sinceMs: T + 2000 }), rules, T + CLEAR_AFTER_MS)).toEqual({
      state: QUIET,
      effect: { kind: 'clear', clearedAtMs: T },
      dueAtMs: null,
    });
  });

  it('tells of a new reason once', () => {
    const first = nextOfflineAlarm(states.active, input('offline', { reason: 'unauthorized' }), rules, T);
    expect(first.effect).toEqual({ kind: 'change-reason', reason: 'unauthorized' });
    expect(nextOfflineAlarm(first.state, input('offline', { reason: 'unauthorized' }), rules, T).effect).toBeNull();
  });
});

describe('recallOfflineAlarm', () => {
  it('adds up the known offline time before the restart', () => {
    const past = [input('offline', { sinceMs: T, pictureLostAtMs: T - 3000 }), input('unknown', { sinceMs: T + 40_000 })];
    const state = recallOfflineAlarm(null, past);
    expect(state).toEqual({ kind: 'paused', beganAtMs: T - 3000, reason: 'no-packets', countedMs: 43_000 });
    const step = nextOfflineAlarm(state, input('offline', { sinceMs: T + 60_000 }), rules, T + 60_000);
    expect(step.dueAtMs).toBe(T + 60_000 + DEBOUNCE - 43_000);
  });

  it('starts from the active alarm when there is one', () => {
    expect(recallOfflineAlarm({ beganAtMs: T, reason: 'no-answer' }, [])).toEqual({ kind: 'active', beganAtMs: T, reason: 'no-answer' });
  });

  it('is the same as never having restarted, for any history', () => {
    const history = fc.array(
      fc.tuple(
        fc.constantFrom<OfflineAlarmFacts['status']>('offline', 'connecting', 'unknown', 'idle', 'online'),
        fc.integer({ min: 1, max: 60_000 }),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(history, (stretches) => {
        let atMs = T;
        const intervals = stretches.map(([status, lengthMs]) => {
          const interval = input(status, { sinceMs: atMs });
          atMs += lengthMs;
          return interval;
        });
        const endless = { debounceMs: 1e12 };
        const lived = intervals.reduce<OfflineAlarmState>((state, facts) => nextOfflineAlarm(state, facts, endless, facts.sinceMs).state, QUIET);
        expect(recallOfflineAlarm(null, intervals)).toEqual(lived);
      }),
    );
  });
});

it('raises at most once between two clearings, and clears only what was raised', () => {
  const statuses = fc.array(
    fc.tuple(
      fc.constantFrom<OfflineAlarmFacts['status']>('offline', 'connecting', 'unknown', 'idle', 'online', 'degraded'),
      fc.integer({ min: 1, max: 200_000 }),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(statuses, (stretches) => {
      let state: OfflineAlarmState = QUIET;
      let atMs = T;
      let isRaised = false;
      for (const [status, lengthMs] of stretches) {
        const facts = input(status, { sinceMs: atMs });
        for (const nowMs of [atMs, atMs + lengthMs / 2, atMs + lengthMs]) {
          const step = nextOfflineAlarm(state, facts, rules, nowMs);
          if (step.effect?.kind === 'raise') {
            expect(isRaised).toBe(false);
            expect(nowMs - step.effect.beganAtMs).toBeGreaterThanOrEqual(DEBOUNCE);
            isRaised = true;
          }
          if (step.effect?.kind === 'clear') {
            expect(isRaised).toBe(true);
            isRaised = false;
          }
          state = step.state;
        }
        atMs += lengthMs;
      }
    }),
  );
});
