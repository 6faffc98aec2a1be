// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { nextTick, ref, shallowRef } from 'vue';
import { createTranslator } from '../../../web/i18n/i18n.ts';
import { useSoundNotes } from '../../../web/player/use-sound-notes.ts';
import type { SoundState } from '../../../web/sound/sound-carriage.ts';

function tile(initial: SoundState, isAsked: boolean) {
  const state = shallowRef<SoundState>(initial);
  const asked = ref(isAsked);
  const said: string[] = [];
  mount(
    {
      setup() {
        useSoundNotes({
          state,
          isAsked: asked,
          playing: shallowRef(null),
          pinned: () => null,
          say: (text) => said.push(text),
          end: () => (asked.value = false),
        });
        return () => null;
      },
    },
    { global: { plugins: [createTranslator('zh')] } },
  );
  return { state, asked, said };
}

describe('a camera that turns out to have no sound', () => {
  it.each<SoundState>([{ kind: 'unknown' }, { kind: 'opening', codec: 'aac' }, { kind: 'on', codec: 'aac' }])(
    'says so to whoever asked, and the wish is over: %j',
    async (before) => {
      const { state, asked, said } = tile(before, true);
      state.value = { kind: 'none' };
      await nextTick();
      expect([asked.value, said]).toEqual([false, ['此摄像机没有声音']]);
    },
  );

  it('says nothing where nobody asked', async () => {
    const { state, said } = tile({ kind: 'unknown' }, false);
    state.value = { kind: 'none' };
    await nextTick();
    expect(said).toEqual([]);
  });
});
