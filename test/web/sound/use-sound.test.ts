// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, shallowRef, type EffectScope } from 'vue';
import type { PlayCandidate } from '../../../web/player/stream-plan.ts';
import type { HeardStream } from '../../../web/sound/sound-carriage.ts';
import { useSoundDesk } from '../../../web/sound/sound-desk.ts';
import { useSound } from '../../../web/sound/use-sound.ts';

function tile(initialCamera: string, play: () => Promise<void> = () => Promise.resolve()) {
  const element = document.createElement('video');
  element.muted = true;
  element.play = play;
  const cameraId = ref(initialCamera);
  const playing = shallowRef<PlayCandidate | null>({ role: 'sub', transport: 'webrtc', video: null });
  const streams = shallowRef<readonly HeardStream[]>([{ role: 'sub', codec: 'h264', audioCodec: 'pcma' }]);
  const playingWays = () => (playing.value === null ? null : [playing.value]);
  const scope: EffectScope = effectScope();
  const sound = scope.run(() => useSound({ video: shallowRef(element), cameraId, streams, playing, soundWays: playingWays }));
  if (!sound) throw new Error('the scope did not run');
  return { element, cameraId, playing, streams, scope, ...sound };
}

describe('sound of a page', () => {
  beforeEach(() => {
    localStorage.clear();
    setActivePinia(createPinia());
  });

  it('is silent until somebody asks', () => {
    const one = tile('camera-1');
    expect([one.element.muted, one.state.value.kind]).toEqual([true, 'off']);
  });

  it('comes from one tile at a time, even where two show the same camera', async () => {
    const [one, two] = [tile('camera-1'), tile('camera-1')];
    one.toggle();
    await nextTick();
    expect([one.element.muted, two.element.muted]).toEqual([false, true]);
    two.toggle();
    await nextTick();
    expect([one.element.muted, two.element.muted]).toEqual([true, false]);
    two.toggle();
    await nextTick();
    expect([one.element.muted, two.element.muted]).toEqual([true, true]);
  });

  it('ends when the tile gets another camera', async () => {
    const one = tile('camera-1');
    one.toggle();
    one.cameraId.value = 'camera-2';
    await nextTick();
    expect([one.element.muted, useSoundDesk().holder]).toEqual([true, null]);
  });

  it('ends with the tile, and not when a silent tile ends', () => {
    const [one, two] = [tile('camera-1'), tile('camera-2')];
    one.toggle();
    two.scope.stop();
    expect(useSoundDesk().holder?.cameraId).toBe('camera-1');
    one.scope.stop();
    expect(useSoundDesk().holder).toBeNull();
  });

  it('outlives a change of transport', async () => {
    const one = tile('camera-1');
    one.toggle();
    one.playing.value = null;
    await nextTick();
    expect(one.state.value.kind).toBe('opening');
    one.playing.value = { role: 'main', transport: 'webrtc', video: null };
    await nextTick();
    expect(one.element.muted).toBe(false);
  });

  it('is not asked of a camera that has none', () => {
    const one = tile('camera-1');
    one.streams.value = [{ role: 'sub', codec: 'h264', audioCodec: null }];
    expect(one.toggle()).toEqual({ kind: 'none' });
    expect(useSoundDesk().holder).toBeNull();
  });

  it('keeps the picture going and says so where the browser allows no sound yet; the next press asks again', async () => {
    const play = vi.fn<() => Promise<void>>().mockResolvedValue();
    play.mockRejectedValueOnce(new DOMException('no gesture', 'NotAllowedError'));
    const one = tile('camera-1', play);
    one.toggle();
    await vi.waitFor(() => expect(one.state.value.kind).toBe('blocked'));
    expect(one.element.muted).toBe(true);
    one.toggle();
    await nextTick();
    expect([one.element.muted, one.state.value.kind]).toEqual([false, 'on']);
  });

  it('keeps its level from visit to visit, and never so low that it cannot be heard', async () => {
    const one = tile('camera-1');
    useSoundDesk().level = 0;
    await nextTick();
    expect(one.element.volume).toBe(0.05);
    useSoundDesk().level = 0.35;
    await nextTick();
    expect(one.element.volume).toBe(0.35);
    setActivePinia(createPinia());
    expect(useSoundDesk().level).toBe(0.35);
  });
});
