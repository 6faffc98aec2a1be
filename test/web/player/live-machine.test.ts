import { describe, expect, it } from 'vitest';
import { isTooHeavy, nextLiveState } from '../../../web/player/live-machine.ts';
import type { LiveEffect, LiveInput, LiveState, PlayFailure } from '../../../web/player/live-machine.ts';
import type { PlayCandidate } from '../../../web/player/stream-plan.ts';

const webrtc: PlayCandidate = { role: 'sub', transport: 'webrtc', video: null };
const hls: PlayCandidate = { role: 'sub', transport: 'hls', video: null };
const planInput: LiveInput = { kind: 'plan', candidates: [webrtc, hls], unplayable: null };
const failed = (kind: PlayFailure['kind'], code: PlayFailure['code'] = 'timed-out'): LiveInput => ({ kind: 'failed', failure: { kind, code } });

/** Feeds inputs one after the other; every input 100 ms later than the one before. */
function run(...inputs: readonly LiveInput[]): { state: LiveState; effects: readonly LiveEffect[]; nowMs: number } {
  let state: LiveState = { kind: 'off' };
  let effects: readonly LiveEffect[] = [];
  let nowMs = 0;
  for (const input of inputs) {
    nowMs += 100;
    ({ state, effects } = nextLiveState(state, input, nowMs, 0.5));
  }
  return { state, effects, nowMs };
}

describe('nextLiveState', () => {
  it('opens the best way first', () => {
    const { state, effects } = run(planInput);
    expect(state).toMatchObject({ kind: 'opening', candidate: webrtc });
    expect(effects).toEqual([{ kind: 'open', candidate: webrtc }]);
  });

  it('plays once the first frame is there', () => {
    expect(run(planInput, { kind: 'first-frame' }).state).toMatchObject({ kind: 'playing', candidate: webrtc });
  });

  it('goes on to HLS at once when WebRTC does not get through', () => {
    const { state, effects } = run(planInput, failed('transport'));
    expect(state).toMatchObject({ kind: 'opening', candidate: hls });
    expect(effects).toEqual([{ kind: 'close' }, { kind: 'open', candidate: hls }]);
  });

  it('waits when every way has failed, then begins again with the best', () => {
    const waiting = run(planInput, failed('transport'), failed('transport'));
    expect(waiting.state).toMatchObject({ kind: 'waiting', retryAtMs: waiting.nowMs + 2000 });
    expect(waiting.effects).toEqual([{ kind: 'close' }, { kind: 'wake-at', atMs: waiting.nowMs + 2000 }]);
    const again = nextLiveState(waiting.state, { kind: 'due' }, waiting.nowMs + 2000, 0.5);
    expect(again.effects).toEqual([{ kind: 'open', candidate: webrtc }]);
  });

  it('does not try another transport when the camera itself gives no picture', () => {
    expect(run(planInput, failed('source', 'stream-unavailable')).state).toMatchObject({ kind: 'waiting', failure: { code: 'stream-unavailable' } });
  });

  it('opens at once when the camera is back, and forgets its failures', () => {
    const { state, effects } = run(planInput, failed('source'), { kind: 'source-back' });
    expect(state).toMatchObject({ kind: 'opening', candidate: webrtc, plan: { failureCount: 0 } });
    expect(effects).toEqual([{ kind: 'open', candidate: webrtc }]);
  });

  it('strikes a way out for good when it can never work', () => {
    const { state, nowMs } = run(planInput, failed('candidate', 'codec-not-offered'), failed('transport'));
    expect(state.kind).toBe('waiting');
    expect(nextLiveState(state, { kind: 'due' }, nowMs + 60_000, 0.5).state).toMatchObject({ kind: 'opening', candidate: hls });
  });

  it('is unplayable when all ways are struck out', () => {
    const { state, effects } = run(planInput, failed('candidate', 'codec-not-offered'), failed('candidate', 'reordering-not-supported'));
    expect(state).toMatchObject({ kind: 'unplayable', code: 'reordering-not-supported' });
    expect(effects).toEqual([{ kind: 'close' }]);
  });

  it('keeps playing when a new plan has the same best way', () => {
    const { state, effects } = run(planInput, { kind: 'first-frame' }, { kind: 'plan', candidates: [webrtc], unplayable: null });
    expect(state.kind).toBe('playing');
    expect(effects).toEqual([]);
  });

  it('changes over when the person chose another way', () => {
    const { effects } = run(planInput, { kind: 'first-frame' }, { kind: 'plan', candidates: [hls], unplayable: null });
    expect(effects).toEqual([{ kind: 'close' }, { kind: 'open', candidate: hls }]);
  });

  it('says what cannot be played', () => {
    expect(run({ kind: 'plan', candidates: [], unplayable: 'h265' }).state).toMatchObject({ kind: 'unplayable', code: 'h265' });
  });

  it('wakes too early only to go back to sleep', () => {
    const { state } = run(planInput, failed('source'));
    expect(nextLiveState(state, { kind: 'due' }, 150, 0.5)).toEqual({ state, effects: [] });
  });

  describe('when the path does not carry the stream', () => {
    const main = (transport: PlayCandidate['transport']): PlayCandidate => ({ role: 'main', transport, video: null });
    const both: LiveInput = { kind: 'plan', candidates: [main('webrtc'), main('hls'), webrtc, hls], unplayable: null };
    const slow = failed('bandwidth', 'too-slow');
    const frame: LiveInput = { kind: 'first-frame' };

    it('goes to the other stream by the same way, says so, and tries again after five minutes', () => {
      const { state, effects, nowMs } = run(both, frame, slow);
      expect(effects).toEqual([{ kind: 'close' }, { kind: 'open', candidate: webrtc }, { kind: 'wake-at', atMs: nowMs + 300_000 }]);
      expect([isTooHeavy(state, 'main'), isTooHeavy(state, 'sub')]).toEqual([true, false]);
      const playing = nextLiveState(state, frame, nowMs + 100, 0.5).state;
      expect(nextLiveState(playing, { kind: 'due' }, nowMs + 299_999, 0.5).effects).toEqual([]);
      const again = nextLiveState(playing, { kind: 'due' }, nowMs + 300_000, 0.5);
      expect(again.effects).toEqual([{ kind: 'close' }, { kind: 'open', candidate: main('webrtc') }]);
      expect(isTooHeavy(again.state, 'main')).toBe(false);
    });

    it('stays with the other stream when its way breaks, and when the order of ways changes', () => {
      expect(run(both, frame, slow, frame, failed('transport', 'connection-lost')).state).toMatchObject({ kind: 'opening', candidate: hls });
      const reordered: LiveInput = { kind: 'plan', candidates: [main('hls'), main('webrtc'), hls, webrtc], unplayable: null };
      expect(run(both, frame, slow, frame, reordered).state).toMatchObject({ candidate: hls });
    });

    it('tries the stream again when the person wants another one', () => {
      const subFirst: LiveInput = { kind: 'plan', candidates: [webrtc, hls, main('webrtc')], unplayable: null };
      const { state } = run(both, frame, slow, frame, subFirst);
      expect([state.kind, isTooHeavy(state, 'main')]).toEqual(['playing', false]);
    });

    it('goes to the next way where there is no other stream, or the other is too much as well', () => {
      expect(run(planInput, frame, slow).state).toMatchObject({ kind: 'opening', candidate: hls });
      expect(run(both, frame, slow, slow).state).toMatchObject({ kind: 'opening', candidate: main('hls') });
    });

    it('waits when everything has failed, and begins with the stream that the path may carry', () => {
      const one: LiveInput = { kind: 'plan', candidates: [main('webrtc'), webrtc], unplayable: null };
      const waiting = run(one, frame, slow, failed('transport'));
      expect(waiting.state.kind).toBe('waiting');
      expect(nextLiveState(waiting.state, { kind: 'due' }, waiting.nowMs + 60_000, 0.5).state).toMatchObject({ candidate: webrtc });
      expect(nextLiveState(waiting.state, { kind: 'due' }, waiting.nowMs + 300_000, 0.5).state).toMatchObject({ candidate: main('webrtc') });
    });
  });

  const states: readonly LiveState[] = [
    { kind: 'off' },
    run(planInput).state,
    run(planInput, { kind: 'first-frame' }).state,
    run(planInput, failed('source')).state,
    run({ kind: 'plan', candidates: [], unplayable: 'no-stream' }).state,
  ];
  const inputs: readonly LiveInput[] = [
    planInput,
    { kind: 'first-frame' },
    failed('candidate'),
    failed('transport'),
    failed('source'),
    failed('bandwidth'),
    { kind: 'due' },
    { kind: 'source-back' },
    { kind: 'stop' },
  ];
  it.each(states.flatMap((state) => inputs.map((input) => [state.kind, input.kind, state, input] as const)))(
    '%s given %s: one open driver at most',
    (_state, _input, state, input) => {
      const isOpenBefore = state.kind === 'opening' || state.kind === 'playing';
      const step = nextLiveState(state, input, 1e9, 0.5);
      let open = isOpenBefore ? 1 : 0;
      for (const effect of step.effects) {
        if (effect.kind === 'close') open = 0;
        if (effect.kind === 'open') open += 1;
        expect(open).toBeLessThanOrEqual(1);
      }
      expect(open === 1).toBe(step.state.kind === 'opening' || step.state.kind === 'playing');
      if (input.kind === 'stop') expect(step.state).toEqual({ kind: 'off' });
    },
  );
});
