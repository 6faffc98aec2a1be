import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextStreamState, reportStreamState, STABLE_AFTER_MS } from '../../../media/stream/stream-state.ts';
import type { StreamEffect, StreamInput, StreamState } from '../../../media/stream/stream-state.ts';

const nowMs = 100_000;
const states: StreamState[] = [
  { kind: 'idle' },
  { kind: 'queued', failures: 2, reason: 'no-answer' },
  { kind: 'connecting', failures: 2, reason: 'no-answer' },
  { kind: 'streaming', failures: 2, reason: null, sinceMonotonicMs: nowMs - 1000 },
  { kind: 'waiting', failures: 2, reason: 'no-answer', failedAtMonotonicMs: nowMs - 3000, retryAtMonotonicMs: nowMs + 1000 },
];
const inputs: StreamInput[] = [
  { kind: 'wanted' },
  { kind: 'unwanted' },
  { kind: 'address-changed' },
  { kind: 'slot-granted' },
  { kind: 'picture' },
  { kind: 'judged', reason: null },
  { kind: 'judged', reason: 'no-packets' },
  { kind: 'source-ended', reason: 'closed-by-camera', chance: 0.5 },
  { kind: 'retry-due' },
  { kind: 'asked-again' },
];

function describeEffect(effect: StreamEffect): string {
  if (effect.kind === 'request-slot') return `request slot (${effect.failures})`;
  return effect.kind === 'start-retry-timer' ? `retry in ${effect.delayMs}` : effect.kind;
}

/** `=`: stays as it is. */
const table: Record<StreamState['kind'], string[]> = {
  idle: ['queued null: request slot (0)', '=', '=', '=', '=', '=', '=', '=', '=', '='],
  queued: [
    '=',
    'idle: release-slot',
    'queued null: release-slot, request slot (0)',
    'connecting no-answer: open-source',
    '=',
    '=',
    '=',
    '=',
    '=',
    '=',
  ],
  connecting: [
    '=',
    'idle: close-source, interrupt, release-slot',
    'queued null: close-source, interrupt, release-slot, request slot (0)',
    '=',
    'streaming null: release-slot',
    '=',
    'connecting no-packets: ',
    'waiting closed-by-camera: close-source, interrupt, release-slot, retry in 4000',
    '=',
    '=',
  ],
  streaming: [
    '=',
    'idle: close-source, interrupt',
    'queued null: close-source, interrupt, request slot (0)',
    '=',
    '=',
    '=',
    'streaming no-packets: ',
    'waiting closed-by-camera: close-source, interrupt, retry in 4000',
    '=',
    '=',
  ],
  waiting: [
    '=',
    'idle: cancel-retry-timer',
    'queued null: cancel-retry-timer, request slot (0)',
    '=',
    '=',
    '=',
    '=',
    '=',
    'queued no-answer: request slot (2)',
    'queued no-answer: cancel-retry-timer, request slot (2)',
  ],
};

describe('nextStreamState', () => {
  it.each(states)('$kind with every input', (state) => {
    const rows = inputs.map((input) => {
      const next = nextStreamState(state, input, nowMs);
      if (next.state === state && next.effects.length === 0) return '=';
      const reason = 'reason' in next.state ? ` ${next.state.reason}` : '';
      return `${next.state.kind}${reason}: ${next.effects.map(describeEffect).join(', ')}`;
    });
    expect(rows).toEqual(table[state.kind]);
  });

  it.each([
    ['is tried at once when the last attempt is long over', 'no-answer', 20_000, 10_000, 'queued 0: cancel-retry-timer, request slot (5)'],
    ['is tried a second after the last attempt at the earliest', 'no-answer', 400, 30_000, 'waiting 600: cancel-retry-timer, retry in 600'],
    ['is not put off', 'no-answer', 400, 500, 'waiting 500: '],
    ['is spared when its account may be locked', 'unauthorized', 10_000, 200_000, 'waiting 20000: cancel-retry-timer, retry in 20000'],
  ] as const)('somebody asks for: %s', (_name, reason, failedAgoMs, retryInMs, expected) => {
    const state: StreamState = {
      kind: 'waiting',
      failures: 5,
      reason,
      failedAtMonotonicMs: nowMs - failedAgoMs,
      retryAtMonotonicMs: nowMs + retryInMs,
    };
    const next = nextStreamState(state, { kind: 'asked-again' }, nowMs);
    const inMs = next.state.kind === 'waiting' ? next.state.retryAtMonotonicMs - nowMs : 0;
    expect(`${next.state.kind} ${inMs}: ${next.effects.map(describeEffect).join(', ')}`).toBe(expected);
  });

  it('forgets earlier failures only when the stream ran for a while', () => {
    const ended: StreamInput = { kind: 'source-ended', reason: 'closed-by-camera', chance: 0.5 };
    const ran = (ms: number): StreamState =>
      nextStreamState({ kind: 'streaming', failures: 5, reason: null, sinceMonotonicMs: nowMs - ms }, ended, nowMs).state;
    expect([ran(STABLE_AFTER_MS - 1), ran(STABLE_AFTER_MS)]).toMatchObject([{ failures: 6 }, { failures: 1 }]);
  });

  it('holds one source, one slot and one timer at most, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...inputs), { maxLength: 80 }), (row) => {
        let state: StreamState = { kind: 'idle' };
        let [sources, slots, timers] = [0, 0, 0];
        for (const input of row) {
          const next = nextStreamState(state, input, nowMs);
          state = next.state;
          for (const { kind } of next.effects) {
            if (kind === 'open-source') sources += 1;
            if (kind === 'close-source') sources -= 1;
            if (kind === 'request-slot') slots += 1;
            if (kind === 'release-slot') slots -= 1;
            if (kind === 'start-retry-timer') timers += 1;
            if (kind === 'cancel-retry-timer') timers -= 1;
          }
          if (input.kind === 'retry-due' && state.kind === 'queued' && timers === 1) timers = 0;
          expect([sources, slots, timers]).toEqual([
            state.kind === 'connecting' || state.kind === 'streaming' ? 1 : 0,
            state.kind === 'queued' || state.kind === 'connecting' ? 1 : 0,
            state.kind === 'waiting' ? 1 : 0,
          ]);
        }
      }),
    );
  });
});

describe('reportStreamState', () => {
  it('keeps the reason of the attempt before until there is a picture', () => {
    expect(states.map(reportStreamState)).toEqual([
      { phase: 'idle', reason: null },
      { phase: 'connecting', reason: 'no-answer' },
      { phase: 'connecting', reason: 'no-answer' },
      { phase: 'streaming', reason: null },
      { phase: 'waiting', reason: 'no-answer' },
    ]);
    expect(reportStreamState({ kind: 'queued', failures: 0, reason: null })).toEqual({ phase: 'connecting', reason: 'waiting-for-budget' });
  });
});
