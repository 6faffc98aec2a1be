/** Says on the picture what became of a wish for sound: another way, none there, not by this way. */
import { watch, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { audioCodecWords, carriersOf, type SoundState } from '../sound/sound-carriage.ts';
import { soundWords } from '../sound/sound-words.ts';
import type { Transport } from './stream-plan.ts';

export interface SoundNotesOptions {
  readonly state: Readonly<Ref<SoundState>>;
  /** This picture was asked to sound. */
  readonly isAsked: Readonly<Ref<boolean>>;
  readonly playing: Readonly<Ref<{ readonly transport: Transport } | null>>;
  /** Chosen by the person, or null. */
  readonly pinned: () => Transport | null;
  readonly say: (text: string) => void;
  /** Ends the sound. */
  readonly end: () => void;
}

/** Call in `setup`. The answer is to be called before each wish. */
export function useSoundNotes(options: SoundNotesOptions): { readonly beforeToggle: () => void } {
  const { t } = useI18n();
  /** The way that played when sound was asked for. */
  let transportBefore: Transport | null = null;

  watch(options.state, (state, before) => {
    if (state.kind === before.kind) return;
    const present = options.playing.value?.transport ?? null;
    // Asked of a camera of which nothing was known yet, or one that has lost its sound: nobody is to wait for it.
    if ((state.kind === 'none' || state.kind === 'none-here') && options.isAsked.value) {
      options.end();
      options.say(sentenceOf(state));
    }
    if (state.kind === 'blocked') options.say(t('sound.blocked'));
    if (state.kind === 'on' && present !== null && transportBefore !== null && present !== transportBefore) {
      options.say(t('sound.changedWay', { codec: audioCodecWords[state.codec], transport: t(`player.${present}`) }));
      transportBefore = present;
    }
    // Asked for a moment ago and on its way: the plan has not opened the other way yet.
    if (state.kind === 'not-carried' && before.kind === 'opening') {
      options.say(sentenceOf(state));
    }
  });

  // Whoever chooses a way that has no sound for this camera wants that way more than the sound.
  watch(options.pinned, (pinned) => {
    const state = options.state.value;
    if (pinned === null || (state.kind !== 'on' && state.kind !== 'opening' && state.kind !== 'not-carried')) return;
    if (carriersOf(state.codec).includes(pinned)) return;
    options.end();
    options.say(t('sound.endedByWay', { codec: audioCodecWords[state.codec], transport: t(`player.${pinned}`) }));
  });

  return {
    beforeToggle: () => {
      transportBefore = options.playing.value?.transport ?? null;
      const state = options.state.value;
      if (state.kind === 'none' || state.kind === 'none-here') options.say(sentenceOf(state));
    },
  };

  function sentenceOf(state: SoundState): string {
    const { key, values } = soundWords(state);
    return t(key, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, name === 'codec' ? value : t(`player.${value}`)])));
  }
}
