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
 * does not carry this stream) leaves main streams alone for some minutes: a main stream gives way to the sub stream, a sub stream goes
 * on to its next way, and where there is no way left the picture stays as it is, slow. The node is asked to transcode only when every
 * way that plays as the camera sends it is struck out: transcoding helps against codecs, not against a broken path.
 */
import { backoffDelayMs } from './backoff.ts';
import { isSameCandidate, type PlannedInstead, type PlayCandidate, type StreamPlan, type StreamRole, type UnplayableCode } from './stream-plan.ts';

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
  | { readonly kind: 'unplayable'; readonly plan: Plan; readonly code: UnplayableCode | PlayFailureCode };

export type LiveInput =
  | { readonly kind: 'plan'; readonly plan: StreamPlan }
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
  /** Ways that were too much for the path, until when; null when none is known. Main streams are all left alone then. */
  readonly heavy: { readonly ways: readonly PlayCandidate[]; readonly untilMs: number } | null;
  /** As the plan has them: the wanted stream, and why it begins with the other. */
  readonly wantedRole: StreamRole | null;
  readonly instead: PlannedInstead | null;
}

/** Why another stream than the wanted one plays. `slow`: too much for the path; `failed`: it did not open, for reasons that may pass. */
export type StreamCause = PlannedInstead | 'slow' | 'failed';

const nothingKnown: Plan = { candidates: [], struckOut: [], failureCount: 0, triedInRound: [], heavy: null, wantedRole: null, instead: null };

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
      return onPlan(state, input.plan, nowMs);
    case 'first-frame':
      return state.kind === 'opening' ? onFirstFrame(state) : stay(state);
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

function onFirstFrame({ candidate, plan }: Extract<LiveState, { kind: 'opening' }>): LiveStep {
  return {
    state: { kind: 'playing', candidate, plan: { ...plan, failureCount: 0, triedInRound: [] } },
    // What was due while this way was being opened went unheard.
    effects: plan.heavy === null ? [] : [{ kind: 'wake-at', atMs: plan.heavy.untilMs }],
  };
}

function onPlan(state: LiveState, planned: StreamPlan, nowMs: number): LiveStep {
  if ('unplayable' in planned) {
    if (state.kind === 'unplayable' && state.code === planned.unplayable) return stay(state);
    return { state: { kind: 'unplayable', plan: nothingKnown, code: planned.unplayable }, effects: state.kind === 'off' ? [] : [{ kind: 'close' }] };
  }
  const { candidates, wantedRole, instead } = planned;
  if (state.kind === 'off') return openBest({ ...nothingKnown, candidates, wantedRole, instead });
  if (isSamePlan(state.plan.candidates, candidates)) {
    if (state.plan.wantedRole === wantedRole && state.plan.instead === instead) return stay(state);
    return { state: { ...state, plan: { ...state.plan, wantedRole, instead } }, effects: [] };
  }
  // New facts (a stream's codec got known, the person chose): what was struck out stays so only while it is still offered.
  const plan: Plan = {
    ...state.plan,
    candidates,
    wantedRole,
    instead,
    struckOut: state.plan.struckOut.filter((struck) => candidates.some((candidate) => isSameCandidate(candidate, struck))),
    triedInRound: [],
    // Another stream is wanted: it may be tried.
    heavy: candidates[0]?.role === state.plan.candidates[0]?.role ? stillHeavy(state.plan.heavy, nowMs) : null,
  };
  if (state.kind === 'waiting') return { state: { ...state, plan }, effects: [] };
  const best = bestOf(plan);
  if ((state.kind === 'playing' || state.kind === 'opening') && best !== null && isSameCandidate(best, state.candidate)) {
    return { state: { ...state, plan }, effects: [] };
  }
  const opened = openAndWake(plan);
  return { state: opened.state, effects: [{ kind: 'close' }, ...opened.effects] };
}

function onFailure(state: Extract<LiveState, { candidate: PlayCandidate }>, failure: PlayFailure, nowMs: number, random: number): LiveStep {
  if (failure.kind === 'bandwidth') return onTooSlow(state, nowMs);
  const { candidate } = state;
  const plan: Plan = {
    ...state.plan,
    failureCount: state.plan.failureCount + 1,
    struckOut: failure.kind === 'candidate' ? [...state.plan.struckOut, candidate] : state.plan.struckOut,
    triedInRound: [...state.plan.triedInRound, candidate],
    heavy: stillHeavy(state.plan.heavy, nowMs),
  };
  const isEverythingStruckOut = plan.candidates.every((one) => isStruckOut(plan, one));
  if (isEverythingStruckOut) return { state: { kind: 'unplayable', plan, code: failure.code }, effects: [{ kind: 'close' }] };
  if (failure.kind !== 'source' && bestOf(plan) !== null) {
    const opened = openAndWake(plan);
    return { state: opened.state, effects: [{ kind: 'close' }, ...opened.effects] };
  }
  const retryAtMs = nowMs + backoffDelayMs(plan.failureCount, random);
  return { state: { kind: 'waiting', plan, failure, retryAtMs }, effects: [{ kind: 'close' }, { kind: 'wake-at', atMs: retryAtMs }] };
}

/** A picture that comes slowly is worth more than none: it is closed only for a way that may do better. */
function onTooSlow(state: Extract<LiveState, { candidate: PlayCandidate }>, nowMs: number): LiveStep {
  const { candidate } = state;
  const ways = [...(stillHeavy(state.plan.heavy, nowMs)?.ways ?? []).filter((way) => !isSameCandidate(way, candidate)), candidate];
  const heavy = { ways, untilMs: nowMs + heavyForMs };
  const wake: LiveEffect = { kind: 'wake-at', atMs: heavy.untilMs };
  const next = leftOf({ ...state.plan, heavy }).filter((one) => !ways.some((way) => isSameCandidate(way, one)));
  // Never up to a main stream.
  const best = next.find(({ role }) => role === 'sub') ?? next.find(({ role }) => role === candidate.role);
  if (best === undefined) return { state: { ...state, plan: { ...state.plan, heavy } }, effects: [wake] };
  const plan: Plan = {
    ...state.plan,
    heavy,
    failureCount: state.plan.failureCount + 1,
    triedInRound: [...state.plan.triedInRound, candidate],
  };
  return { state: { kind: 'opening', plan, candidate: best }, effects: [{ kind: 'close' }, { kind: 'open', candidate: best }, wake] };
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

/** Why another stream than the wanted one plays; null while the wanted one does, or nothing. */
export function whyOtherStream(state: LiveState): StreamCause | null {
  if (state.kind !== 'playing') return null;
  const { candidate, plan } = state;
  if (plan.wantedRole === null || candidate.role === plan.wantedRole) return null;
  if (plan.instead !== null) return plan.instead;
  if (plan.heavy !== null && plan.wantedRole === 'main') return 'slow';
  const wanted = plan.candidates.filter(({ role, video }) => role === plan.wantedRole && video === null);
  return wanted.every((one) => isStruckOut(plan, one)) ? 'unable' : 'failed';
}

/** Those of `ways` that may still come to play. */
export function reachableOf(state: LiveState, ways: readonly PlayCandidate[]): readonly PlayCandidate[] {
  if (state.kind === 'off') return ways;
  return ways.filter((way) => !isStruckOut(state.plan, way) && (way.video === null || isTranscodingDue(state.plan)));
}

function openBest(plan: Plan): LiveStep {
  const candidate = bestOf(plan) ?? plan.candidates.find((one) => !isStruckOut(plan, one));
  if (!candidate) return { state: { kind: 'unplayable', plan, code: 'media-error' }, effects: [] };
  return { state: { kind: 'opening', plan, candidate }, effects: [{ kind: 'open', candidate }] };
}

/** The best way neither struck out nor tried in this round; main streams and ways that are too much for the path come last. */
function bestOf(plan: Plan): PlayCandidate | null {
  const left = leftOf(plan);
  const { heavy } = plan;
  if (heavy === null) return left[0] ?? null;
  const isNew = (one: PlayCandidate) => !heavy.ways.some((way) => isSameCandidate(way, one));
  return left.find((one) => one.role === 'sub' && isNew(one)) ?? left.find(({ role }) => role === 'sub') ?? left.find(isNew) ?? left[0] ?? null;
}

function leftOf(plan: Plan): readonly PlayCandidate[] {
  const isTried = (one: PlayCandidate) => plan.triedInRound.some((other) => isSameCandidate(other, one));
  return plan.candidates.filter((one) => !isStruckOut(plan, one) && !isTried(one) && (one.video === null || isTranscodingDue(plan)));
}

/** Whether no way is left that plays as the camera sends it. */
function isTranscodingDue(plan: Plan): boolean {
  return plan.candidates.every((one) => one.video !== null || isStruckOut(plan, one));
}

function isStruckOut(plan: Plan, way: PlayCandidate): boolean {
  return plan.struckOut.some((struck) => isSameCandidate(struck, way));
}

function isSamePlan(a: readonly PlayCandidate[], b: readonly PlayCandidate[]): boolean {
  return a.length === b.length && a.every((one, index) => b[index] !== undefined && isSameCandidate(one, b[index]));
}

function stay(state: LiveState): LiveStep {
  return { state, effects: [] };
}
