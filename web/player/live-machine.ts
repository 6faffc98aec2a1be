/**
 * How one picture gets on screen and back on screen. Pure: state, input and time in, state and effects out.
 *
 *   state        input            next
 *   off          plan             opening (first candidate) | unplayable
 *   opening      first-frame      playing
 *   opening      failed           by kind, see below
 *   playing      failed           by kind
 *   waiting      due, source-back opening (next candidate)
 *   any          stop             off
 *   any          plan             opening when the way in use is no longer the best of the plan, else as it was
 *
 *   playing      due              opening (best) when a stream that was too much for the path may be tried again, else as it was
 *
 * Kinds of failure: `candidate` strikes this way out for good (codec); `transport` goes on to the next way at once, and
 * waits when all have failed; `source` (the camera gives no picture) waits and begins again with the best way; `bandwidth` (the path
 * does not carry this stream) prefers the other stream for some minutes, and goes on to the next way where there is none.
 */
import { backoffDelayMs } from './backoff.ts';
import { isSameCandidate, type PlayCandidate, type StreamRole } from './stream-plan.ts';

/** Why a way of playing failed; `code` is for the text. */
export interface PlayFailure {
  readonly kind: 'candidate' | 'transport' | 'source' | 'bandwidth';
  readonly code: PlayFailureCode;
}

export type PlayFailureCode =
  | 'codec-not-offered'
  | 'reordering-not-supported'
  | 'stream-unavailable'
  | 'stalled'
  | 'timed-out'
  | 'connection-lost'
  /** This way never reached the node: a firewall, a proxy. */
  | 'not-connected'
  | 'too-many-viewers'
  /** The network or this machine does not keep up with the stream. */
  | 'too-slow'
  | 'transcoding-limit-reached'
  | 'transcoding-unavailable'
  | 'transcoding-failed'
  | 'media-error'
  | 'ticket-refused'
  | 'no-media-node'
  | 'server-unreachable'
  | 'not-allowed';

export type LiveState =
  | { readonly kind: 'off' }
  | { readonly kind: 'opening'; readonly plan: Plan; readonly candidate: PlayCandidate }
  | { readonly kind: 'playing'; readonly plan: Plan; readonly candidate: PlayCandidate }
  | { readonly kind: 'waiting'; readonly plan: Plan; readonly failure: PlayFailure; readonly retryAtMs: number }
  | { readonly kind: 'unplayable'; readonly plan: Plan; readonly code: 'no-stream' | 'h265' | PlayFailureCode };

export type LiveInput =
  | { readonly kind: 'plan'; readonly candidates: readonly PlayCandidate[]; readonly unplayable: 'no-stream' | 'h265' | null }
  | { readonly kind: 'stop' }
  | { readonly kind: 'first-frame' }
  | { readonly kind: 'failed'; readonly failure: PlayFailure }
  | { readonly kind: 'due' }
  | { readonly kind: 'source-back' };

export type LiveEffect =
  | { readonly kind: 'open'; readonly candidate: PlayCandidate }
  | { readonly kind: 'close' }
  | { readonly kind: 'wake-at'; readonly atMs: number };

/** What survives from one attempt to the next. */
interface Plan {
  readonly candidates: readonly PlayCandidate[];
  readonly struckOut: readonly PlayCandidate[];
  /** Failures in a row since the last picture. */
  readonly failureCount: number;
  /** Ways tried in this round without waiting. */
  readonly triedInRound: readonly PlayCandidate[];
  /** Streams that were too much for the path, until when; null when none is known. */
  readonly heavy: { readonly roles: readonly StreamRole[]; readonly untilMs: number } | null;
}

/** A full line is often full for the length of somebody's download; trying more often would break the picture for nothing. */
const heavyForMs = 5 * 60_000;

export interface LiveStep {
  readonly state: LiveState;
  readonly effects: readonly LiveEffect[];
}

/** `random` in 0–1 spreads the retries of a whole wall. */
export function nextLiveState(state: LiveState, input: LiveInput, nowMs: number, random: number): LiveStep {
  switch (input.kind) {
    case 'stop':
      return state.kind === 'off' ? stay(state) : { state: { kind: 'off' }, effects: [{ kind: 'close' }] };
    case 'plan':
      return onPlan(state, input);
    case 'first-frame':
      if (state.kind !== 'opening') return stay(state);
      return { state: { kind: 'playing', candidate: state.candidate, plan: { ...state.plan, failureCount: 0, triedInRound: [] } }, effects: [] };
    case 'failed':
      return state.kind === 'opening' || state.kind === 'playing' ? onFailure(state, input.failure, nowMs, random) : stay(state);
    case 'due':
    case 'source-back':
      if (input.kind === 'due' && state.kind === 'playing') return onHeavyOver(state, nowMs);
      if (state.kind !== 'waiting' || (input.kind === 'due' && nowMs < state.retryAtMs)) return stay(state);
      return openAndWake({
        ...state.plan,
        triedInRound: [],
        failureCount: input.kind === 'source-back' ? 0 : state.plan.failureCount,
        heavy: stillHeavy(state.plan.heavy, nowMs),
      });
  }
}

function onPlan(state: LiveState, input: Extract<LiveInput, { kind: 'plan' }>): LiveStep {
  if (input.candidates.length === 0) {
    const plan: Plan = { candidates: [], struckOut: [], failureCount: 0, triedInRound: [], heavy: null };
    if (state.kind === 'unplayable' && state.code === input.unplayable) return stay(state);
    return { state: { kind: 'unplayable', plan, code: input.unplayable ?? 'no-stream' }, effects: state.kind === 'off' ? [] : [{ kind: 'close' }] };
  }
  if (state.kind === 'off') return openBest({ candidates: input.candidates, struckOut: [], failureCount: 0, triedInRound: [], heavy: null });
  if (isSamePlan(state.plan.candidates, input.candidates)) return stay(state);
  // New facts (a stream's codec got known, the person chose): what was struck out stays so only while it is still offered.
  const plan: Plan = {
    ...state.plan,
    candidates: input.candidates,
    struckOut: state.plan.struckOut.filter((struck) => input.candidates.some((candidate) => isSameCandidate(candidate, struck))),
    triedInRound: [],
    // Another stream is wanted: it may be tried.
    heavy: input.candidates[0]?.role === state.plan.candidates[0]?.role ? state.plan.heavy : null,
  };
  if (state.kind === 'waiting') return { state: { ...state, plan }, effects: [] };
  const best = bestOf(plan);
  if ((state.kind === 'playing' || state.kind === 'opening') && best !== null && isSameCandidate(best, state.candidate)) {
    return { state: { ...state, plan }, effects: [] };
  }
  const opened = openBest(plan);
  return { state: opened.state, effects: [{ kind: 'close' }, ...opened.effects] };
}

function onFailure(state: Extract<LiveState, { candidate: PlayCandidate }>, failure: PlayFailure, nowMs: number, random: number): LiveStep {
  const { candidate } = state;
  const plan: Plan = {
    ...state.plan,
    failureCount: state.plan.failureCount + 1,
    struckOut: failure.kind === 'candidate' ? [...state.plan.struckOut, candidate] : state.plan.struckOut,
    triedInRound: [...state.plan.triedInRound, candidate],
    heavy: nextHeavy(state.plan.heavy, candidate, failure, nowMs),
  };
  const isEverythingStruckOut = plan.candidates.every((one) => plan.struckOut.some((struck) => isSameCandidate(struck, one)));
  if (isEverythingStruckOut) return { state: { kind: 'unplayable', plan, code: failure.code }, effects: [{ kind: 'close' }] };
  if (failure.kind !== 'source' && bestOf(plan) !== null) {
    const opened = openAndWake(plan);
    return { state: opened.state, effects: [{ kind: 'close' }, ...opened.effects] };
  }
  const retryAtMs = nowMs + backoffDelayMs(plan.failureCount, random);
  return { state: { kind: 'waiting', plan, failure, retryAtMs }, effects: [{ kind: 'close' }, { kind: 'wake-at', atMs: retryAtMs }] };
}

function nextHeavy(before: Plan['heavy'], { role }: PlayCandidate, failure: PlayFailure, nowMs: number): Plan['heavy'] {
  const still = stillHeavy(before, nowMs);
  if (failure.kind !== 'bandwidth') return still;
  return { roles: [...new Set([...(still?.roles ?? []), role])], untilMs: nowMs + heavyForMs };
}

function stillHeavy(heavy: Plan['heavy'], nowMs: number): Plan['heavy'] {
  return heavy !== null && nowMs < heavy.untilMs ? heavy : null;
}

/** Opens the best way, and wakes up when a stream that is too much may be tried again. */
function openAndWake(plan: Plan): LiveStep {
  const opened = openBest(plan);
  return plan.heavy === null ? opened : { state: opened.state, effects: [...opened.effects, { kind: 'wake-at', atMs: plan.heavy.untilMs }] };
}

/** A stream that was too much may be tried again. */
function onHeavyOver(state: Extract<LiveState, { kind: 'playing' }>, nowMs: number): LiveStep {
  const { heavy } = state.plan;
  if (heavy === null || nowMs < heavy.untilMs) return stay(state);
  const plan: Plan = { ...state.plan, heavy: null };
  const best = bestOf(plan);
  if (best === null || isSameCandidate(best, state.candidate)) return { state: { ...state, plan }, effects: [] };
  const opened = openBest(plan);
  return { state: opened.state, effects: [{ kind: 'close' }, ...opened.effects] };
}

/** Whether `role` is left alone at the moment because the path did not carry it. */
export function isTooHeavy(state: LiveState, role: StreamRole): boolean {
  return state.kind !== 'off' && state.plan.heavy?.roles.includes(role) === true;
}

function openBest(plan: Plan): LiveStep {
  const candidate = bestOf(plan) ?? plan.candidates.find((one) => !plan.struckOut.some((struck) => isSameCandidate(struck, one)));
  if (!candidate) return { state: { kind: 'unplayable', plan, code: 'media-error' }, effects: [] };
  return { state: { kind: 'opening', plan, candidate }, effects: [{ kind: 'open', candidate }] };
}

/** The best way neither struck out nor tried in this round; those of a stream that is too much for the path come last. */
function bestOf(plan: Plan): PlayCandidate | null {
  const isOut = (one: PlayCandidate) => [...plan.struckOut, ...plan.triedInRound].some((other) => isSameCandidate(other, one));
  const left = plan.candidates.filter((one) => !isOut(one));
  return left.find((one) => plan.heavy?.roles.includes(one.role) !== true) ?? left[0] ?? null;
}

function isSamePlan(a: readonly PlayCandidate[], b: readonly PlayCandidate[]): boolean {
  return a.length === b.length && a.every((one, index) => b[index] !== undefined && isSameCandidate(one, b[index]));
}

function stay(state: LiveState): LiveStep {
  return { state, effects: [] };
}
