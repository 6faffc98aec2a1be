/**
 * When a camera that is offline becomes an alarm, and when that alarm is cleared. Pure.
 *
 * The camera's status is one of four inputs: *gone* (offline, or removed), *here* (online, degraded), *unsure* (connecting,
 * unknown: our own node or link is down), *idle* (on demand and not watched).
 *
 * | state    | gone                                   | here                         | unsure      | idle    |
 * |----------|----------------------------------------|------------------------------|-------------|---------|
 * | quiet    | → pending                              | ·                            | ·           | ·       |
 * | pending  | debounce over: raise → active          | → quiet                      | → paused    | → quiet |
 * | paused   | → pending, counting on                 | → quiet                      | ·           | → quiet |
 * | active   | another reason: tell                   | → clearing                   | ·           | ·       |
 * | clearing | → active                               | 5 s over: clear → quiet      | → active    | ·       |
 *
 * `removed` clears an active alarm at once and quiets everything else. Only time known to be offline counts towards the
 * debounce, so that a lost node raises nothing and hides nothing.
 */
import type { NoPictureReason } from '../../media/contract/streams.ts';
import type { CameraStatus } from '../contract/cameras.ts';

export type OfflineAlarmState =
  | { readonly kind: 'quiet' }
  | {
      readonly kind: 'pending';
      readonly beganAtMs: number;
      readonly reason: NoPictureReason | null;
      /** Offline time known before the present stretch. */
      readonly countedMs: number;
      readonly countingSinceMs: number;
    }
  | { readonly kind: 'paused'; readonly beganAtMs: number; readonly reason: NoPictureReason | null; readonly countedMs: number }
  | { readonly kind: 'active'; readonly beganAtMs: number; readonly reason: NoPictureReason | null }
  | { readonly kind: 'clearing'; readonly beganAtMs: number; readonly reason: NoPictureReason | null; readonly backSinceMs: number };

/** The camera's present status, as its open status interval says. */
export interface OfflineAlarmFacts {
  readonly status: CameraStatus | 'removed';
  readonly reason: NoPictureReason | null;
  readonly sinceMs: number;
  /** Offline only: the last picture, a little earlier than `sinceMs`. */
  readonly pictureLostAtMs: number | null;
}

export interface OfflineAlarmRules {
  readonly debounceMs: number;
}

export type OfflineAlarmEffect =
  | { readonly kind: 'raise'; readonly beganAtMs: number; readonly reason: NoPictureReason | null }
  | { readonly kind: 'change-reason'; readonly reason: NoPictureReason | null }
  | { readonly kind: 'clear'; readonly clearedAtMs: number };

export interface OfflineAlarmStep {
  readonly state: OfflineAlarmState;
  readonly effect: OfflineAlarmEffect | null;
  /** When time alone changes the state; null when only news can. */
  readonly dueAtMs: number | null;
}

/** How long a camera must be back before its alarm is cleared; a camera that reboots shows single pictures in between. */
export const CLEAR_AFTER_MS = 5_000;

export const QUIET: OfflineAlarmState = { kind: 'quiet' };

export function nextOfflineAlarm(state: OfflineAlarmState, facts: OfflineAlarmFacts, rules: OfflineAlarmRules, nowMs: number): OfflineAlarmStep {
  switch (facts.status) {
    case 'offline':
      return whenGone(state, facts, rules, nowMs);
    case 'online':
    case 'degraded':
      return whenHere(state, facts, nowMs);
    case 'connecting':
    case 'unknown':
      return whenUnsure(state, facts);
    case 'idle':
      return state.kind === 'active' || state.kind === 'clearing' ? step(state) : step(QUIET);
    case 'removed':
      return state.kind === 'active' || state.kind === 'clearing'
        ? { state: QUIET, effect: { kind: 'clear', clearedAtMs: facts.sinceMs }, dueAtMs: null }
        : step(QUIET);
  }
}

/**
 * The state after a restart: what the intervals since the camera was last seen well amount to. Effects are left to the first
 * step with the present facts, which follows.
 */
export function recallOfflineAlarm(
  activeAlarm: { readonly beganAtMs: number; readonly reason: NoPictureReason | null } | null,
  pastIntervals: readonly OfflineAlarmFacts[],
): OfflineAlarmState {
  if (activeAlarm !== null) return { kind: 'active', ...activeAlarm };
  // Without a debounce nothing is raised on the way; the offline time is only added up.
  const rules = { debounceMs: Number.POSITIVE_INFINITY };
  return pastIntervals.reduce<OfflineAlarmState>((state, past) => nextOfflineAlarm(state, past, rules, past.sinceMs).state, QUIET);
}

function whenGone(state: OfflineAlarmState, facts: OfflineAlarmFacts, rules: OfflineAlarmRules, nowMs: number): OfflineAlarmStep {
  switch (state.kind) {
    case 'quiet': {
      const beganAtMs = facts.pictureLostAtMs ?? facts.sinceMs;
      return count({ kind: 'pending', beganAtMs, reason: facts.reason, countedMs: 0, countingSinceMs: beganAtMs }, rules, nowMs);
    }
    case 'pending':
      return count({ ...state, reason: facts.reason }, rules, nowMs);
    case 'paused':
      return count({ ...state, kind: 'pending', reason: facts.reason, countingSinceMs: facts.sinceMs }, rules, nowMs);
    case 'active':
    case 'clearing': {
      const active: OfflineAlarmState = { kind: 'active', beganAtMs: state.beganAtMs, reason: facts.reason };
      return { state: active, effect: facts.reason === state.reason ? null : { kind: 'change-reason', reason: facts.reason }, dueAtMs: null };
    }
  }
}

function count(pending: Extract<OfflineAlarmState, { kind: 'pending' }>, rules: OfflineAlarmRules, nowMs: number): OfflineAlarmStep {
  const dueAtMs = pending.countingSinceMs + rules.debounceMs - pending.countedMs;
  if (nowMs < dueAtMs) return { state: pending, effect: null, dueAtMs };
  const { beganAtMs, reason } = pending;
  return { state: { kind: 'active', beganAtMs, reason }, effect: { kind: 'raise', beganAtMs, reason }, dueAtMs: null };
}

function whenHere(state: OfflineAlarmState, facts: OfflineAlarmFacts, nowMs: number): OfflineAlarmStep {
  switch (state.kind) {
    case 'quiet':
    case 'pending':
    case 'paused':
      return step(QUIET);
    case 'active':
    case 'clearing': {
      // online → degraded is a new interval of the same presence.
      const backSinceMs = state.kind === 'clearing' ? Math.min(state.backSinceMs, facts.sinceMs) : facts.sinceMs;
      const dueAtMs = backSinceMs + CLEAR_AFTER_MS;
      if (nowMs >= dueAtMs) return { state: QUIET, effect: { kind: 'clear', clearedAtMs: backSinceMs }, dueAtMs: null };
      return { state: { kind: 'clearing', beganAtMs: state.beganAtMs, reason: state.reason, backSinceMs }, effect: null, dueAtMs };
    }
  }
}

function whenUnsure(state: OfflineAlarmState, facts: OfflineAlarmFacts): OfflineAlarmStep {
  switch (state.kind) {
    case 'quiet':
    case 'paused':
    case 'active':
      return step(state);
    case 'pending':
      return step({
        kind: 'paused',
        beganAtMs: state.beganAtMs,
        reason: state.reason,
        countedMs: state.countedMs + Math.max(0, facts.sinceMs - state.countingSinceMs),
      });
    case 'clearing':
      return step({ kind: 'active', beganAtMs: state.beganAtMs, reason: state.reason });
  }
}

function step(state: OfflineAlarmState): OfflineAlarmStep {
  return { state, effect: null, dueAtMs: null };
}
