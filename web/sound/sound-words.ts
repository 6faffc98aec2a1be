/** What a speaker button says about its tile, as keys of texts with values. */
import { audioCodecWords, type SoundState } from './sound-carriage.ts';

/** `transport`, `present` and `stream` in the values are keys of `player.…` still to be put into words. */
export interface SoundWords {
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
}

/** That sentence in the language of the page. */
export function translateSound(state: SoundState, t: (key: string, values: Record<string, string>) => string): string {
  const { key, values } = soundWords(state);
  return t(key, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, name === 'codec' ? value : t(`player.${value}`, {})])));
}

/** The sentence of the button: what pressing does, or why there is nothing to hear. */
export function soundWords(state: SoundState): SoundWords {
  switch (state.kind) {
    case 'none':
    case 'unknown':
      return { key: `sound.${state.kind}`, values: {} };
    case 'off':
      if (state.by === null) return { key: 'sound.off', values: {} };
      if (state.stream !== null) return { key: 'sound.offOtherStream', values: { stream: state.stream } };
      return { key: 'sound.offOtherWay', values: { codec: audioCodecWords[state.codec], transport: state.by } };
    case 'none-here':
      if (state.only === null) return { key: 'sound.none-here', values: { codec: audioCodecWords[state.codec] } };
      return { key: 'sound.none-here-stream', values: { stream: state.only } };
    case 'not-carried':
      if (state.stream !== null) return { key: 'sound.not-carried-stream', values: { stream: state.stream } };
      return { key: 'sound.not-carried', values: { codec: audioCodecWords[state.codec], transport: state.by, present: state.present } };
    case 'on':
    case 'opening':
    case 'blocked':
      return { key: `sound.${state.kind}`, values: { codec: audioCodecWords[state.codec] } };
  }
}
