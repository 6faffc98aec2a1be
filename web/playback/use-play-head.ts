/** The play head that several cameras share: moves with the leader's video, keeps the others in step, tells of jumps. */
import { useIntervalFn } from '@vueuse/core';
import { ref, shallowRef, type Ref } from 'vue';
import type { RecordingGapReason } from '../../server/contract/cameras.ts';
import { follow, nextPlayHead } from './play-head.ts';
import { gapAt, isRecordedAt, nextRecordedMoment, nothingRecorded, type RecordedTime } from './recorded-time.ts';

/** One camera's video, as the play head drives it. */
export interface PlayerHandle {
  /** True time of the picture on screen; null while seeking or loading. */
  shownMs(): number | null;
  isSeeking(): boolean;
  seek(atMs: number): void;
  play(): void;
  pause(): void;
  setSpeed(speed: number): void;
  step(direction: 1 | -1): void;
}

export interface JumpNote {
  readonly lengthMs: number;
  readonly reason: RecordingGapReason;
}

export const speeds: readonly number[] = [0.5, 1, 2, 4, 8];

const lookEveryMs = 200;
/** How long the note of a jump stays in sight. */
const noteMs = 6000;

export function usePlayHead(options: {
  readonly startMs: number;
  readonly recorded: Readonly<Ref<ReadonlyMap<string, RecordedTime>>>;
  /** End of what may be watched, ms since 1970; null without a register entry. */
  readonly endMs: () => number | null;
}) {
  const atMs = ref(options.startMs);
  const isPlaying = ref(false);
  const hasEnded = ref(false);
  const speed = ref(1);
  const jump = shallowRef<JumpNote | null>(null);
  const handles = new Map<string, PlayerHandle>();
  let leaderId: string | null = null;
  let jumpTimer: ReturnType<typeof setTimeout> | undefined;

  const recordedOf = (cameraId: string) => options.recorded.value.get(cameraId) ?? nothingRecorded;

  function register(cameraId: string, handle: PlayerHandle): void {
    handles.set(cameraId, handle);
    handle.setSpeed(speed.value);
    if (isPlaying.value) handle.play();
  }

  function unregister(cameraId: string): void {
    handles.delete(cameraId);
    if (leaderId === cameraId) leaderId = null;
  }

  function seek(toMs: number): void {
    atMs.value = toMs;
    hasEnded.value = false;
    for (const handle of handles.values()) handle.seek(toMs);
  }

  function play(): void {
    isPlaying.value = true;
    hasEnded.value = false;
    for (const handle of handles.values()) handle.play();
  }

  function pause(): void {
    isPlaying.value = false;
    for (const handle of handles.values()) handle.pause();
  }

  function setSpeed(next: number): void {
    speed.value = next;
    for (const handle of handles.values()) handle.setSpeed(next);
  }

  /** One picture on or back, standing. */
  function step(direction: 1 | -1): void {
    pause();
    const leader = (leaderId === null ? undefined : handles.get(leaderId)) ?? handles.values().next().value;
    leader?.step(direction);
  }

  function tell(fromMs: number, toMs: number, cameraId: string): void {
    const gap = gapAt(recordedOf(cameraId), fromMs + 1) ?? gapAt(recordedOf(cameraId), (fromMs + toMs) / 2);
    jump.value = { lengthMs: toMs - fromMs, reason: gap?.reason ?? 'unexplained' };
    clearTimeout(jumpTimer);
    jumpTimer = setTimeout(() => (jump.value = null), noteMs);
  }

  function look(): void {
    if (handles.size === 0) return;
    const followers = [...handles].map(([cameraId, handle]) => ({
      cameraId,
      shownMs: handle.shownMs(),
      isRecordedNow: isRecordedAt(recordedOf(cameraId), atMs.value),
    }));
    if (!isPlaying.value) {
      // Standing, the leader's picture still is the true time: after a step or a seek into a gap.
      const shown = followers.find((one) => one.cameraId === leaderId)?.shownMs ?? followers.find((one) => one.shownMs !== null)?.shownMs ?? null;
      if (shown !== null && Math.abs(shown - atMs.value) < 2000) atMs.value = shown;
      return;
    }
    const next = nextPlayHead(atMs.value, leaderId, followers, speed.value);
    leaderId = next.leaderId;
    if (next.jumpedFromMs !== null && next.leaderId !== null) tell(next.jumpedFromMs, next.atMs, next.leaderId);
    atMs.value = next.atMs;
    const endMs = options.endMs();
    if (endMs !== null && atMs.value >= endMs - lookEveryMs * speed.value) {
      pause();
      hasEnded.value = true;
      return;
    }
    if (leaderId === null) jumpToNext();
    else for (const one of followers) if (one.cameraId !== leaderId) keepInStep(one.cameraId, one.shownMs, one.isRecordedNow);
  }

  /** No camera has a picture at the play head: on to where one has. */
  function jumpToNext(): void {
    if ([...handles.values()].some((handle) => handle.isSeeking())) return;
    const [first] = handles.keys();
    const toMs = nextRecordedMoment([...handles.keys()].map(recordedOf), atMs.value);
    if (toMs === null || first === undefined || toMs - atMs.value < 1000) return;
    tell(atMs.value, toMs, first);
    seek(toMs);
  }

  function keepInStep(cameraId: string, shownMs: number | null, isRecordedNow: boolean): void {
    const handle = handles.get(cameraId);
    if (!handle || handle.isSeeking()) return;
    const action = follow(shownMs, atMs.value, speed.value);
    if (action === 'wait' || !isRecordedNow) handle.pause();
    else if (action === 'seek') handle.seek(atMs.value);
    else handle.play();
  }

  useIntervalFn(look, lookEveryMs);
  return { atMs, isPlaying, hasEnded, speed, jump, register, unregister, seek, play, pause, setSpeed, step };
}
