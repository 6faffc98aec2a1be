/**
 * What is known of a camera's streams. The server measures nothing while its link to the node is down, though the pictures flow on:
 * what was measured last holds until something else is, or the tile gets another camera.
 */
import { shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue';
import type { Camera } from '../../server/contract/cameras.ts';
import type { PlannedStream } from './stream-plan.ts';

/** The streams of `camera`, with what `before` knew of those that are not measured now. */
export function knownStreams(
  before: readonly PlannedStream[],
  camera: Pick<Camera, 'streams'> & { readonly state: Pick<Camera['state'], 'streams'> },
): readonly PlannedStream[] {
  return camera.streams.map(({ role }) => {
    const measured = camera.state.streams.find((stream) => stream.role === role);
    if (measured !== undefined && measured.codec !== null) return { role, codec: measured.codec, audioCodec: measured.audioCodec };
    return before.find((stream) => stream.role === role) ?? { role, codec: null, audioCodec: null };
  });
}

/** Follows the camera. Changes only when something new is known. Call in `setup`. */
export function useKnownStreams(camera: MaybeRefOrGetter<Camera | undefined>): Readonly<Ref<readonly PlannedStream[]>> {
  const streams = shallowRef<readonly PlannedStream[]>([]);
  watch(
    () => {
      const now = toValue(camera);
      return now === undefined ? null : { id: now.id, state: { streams: [...now.state.streams] }, streams: [...now.streams] };
    },
    (now, before) => {
      const next = now === null ? [] : knownStreams(now.id === before?.id ? streams.value : [], now);
      if (JSON.stringify(next) !== JSON.stringify(streams.value)) streams.value = next;
    },
    { immediate: true, flush: 'sync' },
  );
  return streams;
}
