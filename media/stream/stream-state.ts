/**
 * Where a stream stands: wanted or not, waiting for its turn, connecting, streaming, or waiting for the next attempt. Pure.
 *
 *     state      | input         | next        | effects
 *     -----------+---------------+-------------+------------------------------------------------
 *     idle       | wanted        | queued      | request slot
 *     queued     | slot granted  | connecting  | open source
 *     connecting | picture       | streaming   | release slot
 *     connecting | source ended  | waiting     | close source, release slot, start retry timer
 *     streaming  | source ended  | waiting     | close source, interrupt, start retry timer
 *     connecting, streaming | judged      | same, with the verdict as its reason | –
 *     connecting, streaming | given up    | as source ended                      | as source ended
 *     waiting    | retry due     | queued      | request slot
 *     waiting    | asked again   | queued, or waiting for less     | cancel retry timer; request slot, or start retry timer
 *     queued, connecting, streaming, waiting | unwanted | idle   | undo what was begun
 *     the same   | address changed | queued    | undo what was begun, request slot
 *     else       | –             | same        | –
 */
import type { NoPictureReason, StreamPhase } from '../contract/streams.ts';
import { decideRetryDelay, shortestRetryDelayMs } from './reconnect-policy.ts';

export type StreamState =
  | { readonly kind: 'idle' }
  /** `reason`: why the attempt before failed, or null for the first. `failures` in a row. */
  | { readonly kind: 'queued'; readonly failures: number; readonly reason: NoPictureReason | null }
  | { readonly kind: 'connecting'; readonly failures: number; readonly reason: NoPictureReason | null }
  | { readonly kind: 'streaming'; readonly failures: number; readonly reason: NoPictureReason | null; readonly sinceMonotonicMs: number }
  | {
      readonly kind: 'waiting';
      readonly failures: number;
      readonly reason: NoPictureReason;
      readonly failedAtMonotonicMs: number;
      readonly retryAtMonotonicMs: number;
    };

export type StreamInput =
  | { readonly kind: 'wanted' }
  | { readonly kind: 'unwanted' }
  /** URL, credentials or device are other ones. */
  | { readonly kind: 'address-changed' }
  | { readonly kind: 'slot-granted' }
  /** The first whole frame of a connection. */
  | { readonly kind: 'picture' }
  /** What the measurements say of a running source. */
  | { readonly kind: 'judged'; readonly reason: NoPictureReason | null }
  /** The source ended by itself, or (with the verdict) is given up. `chance` from 0 to under 1. */
  | { readonly kind: 'source-ended'; readonly reason: NoPictureReason; readonly chance: number }
  | { readonly kind: 'retry-due' }
  /** Somebody wants to see it now, or has changed something: a long wait is cut short. */
  | { readonly kind: 'asked-again' };

export type StreamEffect =
  | { readonly kind: 'request-slot'; readonly failures: number }
  | { readonly kind: 'release-slot' }
  | { readonly kind: 'open-source' }
  | { readonly kind: 'close-source' }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'start-retry-timer'; readonly delayMs: number }
  | { readonly kind: 'cancel-retry-timer' };

export interface StreamTransition {
  readonly state: StreamState;
  readonly effects: readonly StreamEffect[];
}

/** A stream that ran for less counts as another failure: else a camera that hangs up after each key frame is called once a second. */
export const STABLE_AFTER_MS = 10_000;

/** The next state. */
export function nextStreamState(state: StreamState, input: StreamInput, nowMonotonicMs: number): StreamTransition {
  switch (input.kind) {
    case 'wanted':
      return state.kind === 'idle' ? queue(0, null, []) : stay(state);
    case 'unwanted':
      return state.kind === 'idle' ? stay(state) : { state: { kind: 'idle' }, effects: undo(state) };
    case 'address-changed':
      return state.kind === 'idle' ? stay(state) : queue(0, null, undo(state));
    case 'slot-granted':
      return state.kind === 'queued' ? { state: { ...state, kind: 'connecting' }, effects: [{ kind: 'open-source' }] } : stay(state);
    case 'picture':
      if (state.kind !== 'connecting') return stay(state);
      return {
        state: { kind: 'streaming', failures: state.failures, reason: null, sinceMonotonicMs: nowMonotonicMs },
        effects: [{ kind: 'release-slot' }],
      };
    case 'judged':
      return judge(state, input.reason);
    case 'source-ended':
      return fail(state, input.reason, input.chance, nowMonotonicMs);
    case 'retry-due':
      return state.kind === 'waiting' ? queue(state.failures, state.reason, []) : stay(state);
    case 'asked-again':
      return state.kind === 'waiting' ? hasten(state, nowMonotonicMs) : stay(state);
  }
}

/** Phase and reason as reported: the reason of a failed attempt stands until there is a picture. */
export function reportStreamState(state: StreamState): { readonly phase: StreamPhase; readonly reason: NoPictureReason | null } {
  switch (state.kind) {
    case 'idle':
      return { phase: 'idle', reason: null };
    case 'queued':
      return { phase: 'connecting', reason: state.reason ?? 'waiting-for-budget' };
    case 'connecting':
    case 'streaming':
    case 'waiting':
      return { phase: state.kind, reason: state.reason };
  }
}

function stay(state: StreamState): StreamTransition {
  return { state, effects: [] };
}

function queue(failures: number, reason: NoPictureReason | null, before: readonly StreamEffect[]): StreamTransition {
  return { state: { kind: 'queued', failures, reason }, effects: [...before, { kind: 'request-slot', failures }] };
}

function undo(state: StreamState): StreamEffect[] {
  switch (state.kind) {
    case 'idle':
      return [];
    case 'queued':
      return [{ kind: 'release-slot' }];
    case 'connecting':
      return [{ kind: 'close-source' }, { kind: 'interrupt' }, { kind: 'release-slot' }];
    case 'streaming':
      return [{ kind: 'close-source' }, { kind: 'interrupt' }];
    case 'waiting':
      return [{ kind: 'cancel-retry-timer' }];
  }
}

function judge(state: StreamState, reason: NoPictureReason | null): StreamTransition {
  if (state.kind === 'streaming') return stay(state.reason === reason ? state : { ...state, reason });
  // While connecting, no verdict yet does not wipe out why the attempt before failed.
  if (state.kind === 'connecting' && reason !== null) return stay({ ...state, reason });
  return stay(state);
}

function fail(state: StreamState, reason: NoPictureReason, chance: number, nowMonotonicMs: number): StreamTransition {
  if (state.kind !== 'connecting' && state.kind !== 'streaming') return stay(state);
  const wasStable = state.kind === 'streaming' && nowMonotonicMs - state.sinceMonotonicMs >= STABLE_AFTER_MS;
  const failures = wasStable ? 1 : state.failures + 1;
  const delayMs = decideRetryDelay(reason, failures, chance);
  return {
    state: { kind: 'waiting', failures, reason, failedAtMonotonicMs: nowMonotonicMs, retryAtMonotonicMs: nowMonotonicMs + delayMs },
    effects: [...undo(state), { kind: 'start-retry-timer', delayMs }],
  };
}

/** Failures stay counted: the scheduler lets others go first, and the wait after the next failure is a long one again. */
function hasten(state: Extract<StreamState, { readonly kind: 'waiting' }>, nowMonotonicMs: number): StreamTransition {
  const retryAtMonotonicMs = Math.max(nowMonotonicMs, state.failedAtMonotonicMs + shortestRetryDelayMs(state.reason));
  if (retryAtMonotonicMs >= state.retryAtMonotonicMs) return stay(state);
  if (retryAtMonotonicMs === nowMonotonicMs) return queue(state.failures, state.reason, undo(state));
  const effects: readonly StreamEffect[] = [...undo(state), { kind: 'start-retry-timer', delayMs: retryAtMonotonicMs - nowMonotonicMs }];
  return { state: { ...state, retryAtMonotonicMs }, effects };
}
