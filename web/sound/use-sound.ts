/**
 * The sound of one picture: asks the desk for its turn, mutes and unmutes the video element, and tells where it stands. Another
 * camera on the tile, or the end of the tile, ends it.
 */
import { computed, onScopeDispose, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue';
import type { PlayCandidate } from '../player/stream-plan.ts';
import { judgeSound, type HeardStream, type SoundState } from './sound-carriage.ts';
import { useSoundDesk } from './sound-desk.ts';

export interface SoundOptions {
  readonly video: Readonly<Ref<HTMLVideoElement | null>>;
  readonly cameraId: MaybeRefOrGetter<string>;
  readonly streams: MaybeRefOrGetter<readonly HeardStream[]>;
  readonly playing: MaybeRefOrGetter<PlayCandidate | null>;
  /** Ways that may come to play and carry sound, best first; null while nothing is planned. */
  readonly soundWays: MaybeRefOrGetter<readonly PlayCandidate[] | null>;
}

/** Call in `setup`; everything ends with the scope. */
export function useSound(options: SoundOptions) {
  const desk = useSoundDesk();
  const key = Symbol('picture');
  const isBlocked = shallowRef(false);
  const isAsked = computed(() => desk.holder?.key === key);
  const state = computed<SoundState>(() =>
    judgeSound({
      isAsked: isAsked.value,
      isBlocked: isBlocked.value,
      playing: toValue(options.playing),
      streams: toValue(options.streams),
      soundWays: toValue(options.soundWays),
    }),
  );

  /** Begins or ends. Call it while a press of a key or button is handled: browsers want that. */
  function toggle(): SoundState {
    if (isAsked.value && !isBlocked.value) desk.take(key);
    else if (state.value.kind !== 'none' && state.value.kind !== 'none-here') {
      isBlocked.value = false;
      desk.give({ key, cameraId: toValue(options.cameraId) });
      apply();
    }
    return state.value;
  }

  function apply(): void {
    const video = options.video.value;
    if (!video) return;
    video.volume = desk.level;
    const isSilent = !isAsked.value || isBlocked.value;
    if (video.muted === isSilent) return;
    video.muted = isSilent;
    // A page that nobody touched may not sound: the browser then stops the picture, which matters more than its sound.
    if (!isSilent && toValue(options.playing) !== null) void video.play().catch((error: unknown) => fallSilent(video, error));
  }

  function fallSilent(video: HTMLVideoElement, error: unknown): void {
    if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
    isBlocked.value = true;
    video.muted = true;
    void video.play().catch(() => {
      // Muted pictures may play; one that was closed meanwhile has nothing to play.
    });
  }

  function end(): void {
    desk.take(key);
    isBlocked.value = false;
  }

  /** Tells the page where this picture stands with its sound, while it is the one that was asked. */
  function report(isHeard: boolean): void {
    desk.report({ key, state: state.value, isHeard });
  }

  watch([options.video, isAsked, isBlocked, () => desk.level, () => toValue(options.playing)], apply, { immediate: true, flush: 'post' });
  watch(() => toValue(options.cameraId), end, { flush: 'sync' });
  onScopeDispose(end);

  return { state, isAsked, toggle, end, report };
}
