import { describe, expect, it } from 'vitest';
import { nextLiveState, reachableOf, whyOtherStream } from '../../../web/player/live-machine.ts';
import type { LiveEffect, LiveInput, LiveState, PlayFailure } from '../../../web/player/live-machine.ts';
import type { PlannedInstead, PlayCandidate } from '../../../web/player/stream-plan.ts';

const webrtc: PlayCandidate = { role: 'sub', transport: 'webrtc', video: null };
const hls: PlayCandidate = { role: 'sub', transport: 'hls', video: null };
const planOf = (candidates: readonly PlayCandidate[], wantedRole: 'main' | 'sub' = 'sub', instead: PlannedInstead | null = null): LiveInput => ({
  kind: 'plan',
  plan: { candidates, wantedRole, instead, soundWays: [] },
});
const planInput = planOf([webrtc, hls]);
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
    const { state, effects } = run(planInput, { kind: 'first-frame' }, planOf([webrtc]));
    expect(state.kind).toBe('playing');
    expect(effects).toEqual([]);
  });

  it('changes over when the person chose another way', () => {
    const { effects } = run(planInput, { kind: 'first-frame' }, planOf([hls]));
    expect(effects).toEqual([{ kind: 'close' }, { kind: 'open', candidate: hls }]);
  });

  it('says what cannot be played', () => {
    expect(run({ kind: 'plan', plan: { candidates: [], unplayable: 'codec' } }).state).toMatchObject({ kind: 'unplayable', code: 'codec' });
  });

  it('wakes too early only to go back to sleep', () => {
    const { state } = run(planInput, failed('source'));
    expect(nextLiveState(state, { kind: 'due' }, 150, 0.5)).toEqual({ state, effects: [] });
  });

  describe('when the path does not carry the stream', () => {
    const main = (transport: PlayCandidate['transport']): PlayCandidate => ({ role: 'main', transport, video: null });
    const both = planOf([main('webrtc'), main('hls'), webrtc, hls], 'main');
    const slow = failed('bandwidth', 'too-slow');
    const frame: LiveInput = { kind: 'first-frame' };

    it('goes to the other stream by the same way, says so, and tries again after five minutes', () => {
      const { state, effects, nowMs } = run(both, frame, slow);
      expect(effects).toEqual([{ kind: 'close' }, { kind: 'open', candidate: webrtc }, { kind: 'wake-at', atMs: nowMs + 300_000 }]);
      const playing = nextLiveState(state, frame, nowMs + 100, 0.5).state;
      expect(whyOtherStream(playing)).toBe('slow');
      expect(nextLiveState(playing, { kind: 'due' }, nowMs + 299_999, 0.5).effects).toEqual([]);
      const again = nextLiveState(playing, { kind: 'due' }, nowMs + 300_000, 0.5);
      expect(again.effects).toEqual([{ kind: 'close' }, { kind: 'open', candidate: main('webrtc') }]);
      expect(whyOtherStream(nextLiveState(again.state, frame, nowMs + 300_100, 0.5).state)).toBeNull();
    });

    it('stays with the other stream when its way breaks, and when the order of ways changes', () => {
      expect(run(both, frame, slow, frame, failed('transport', 'connection-lost')).state).toMatchObject({ kind: 'opening', candidate: hls });
      const reordered = planOf([main('hls'), main('webrtc'), hls, webrtc], 'main');
      expect(run(both, frame, slow, frame, reordered).state).toMatchObject({ candidate: hls });
    });

    it('tries the stream again when the person wants another one', () => {
      const subFirst = planOf([webrtc, hls, main('webrtc')]);
      const { state } = run(both, frame, slow, frame, subFirst);
      expect(state).toMatchObject({ kind: 'playing', plan: { heavy: null } });
    });

    it('goes to the next way where there is no other stream', () => {
      expect(run(planInput, frame, slow).state).toMatchObject({ kind: 'opening', candidate: hls });
      expect(run(planOf([main('webrtc'), main('hls')], 'main'), frame, slow).state).toMatchObject({ kind: 'opening', candidate: main('hls') });
    });

    it('never answers a slow sub stream with a main stream', () => {
      const subFirst = planOf([webrtc, hls, main('webrtc'), main('hls')]);
      expect(run(subFirst, frame, slow).state).toMatchObject({ kind: 'opening', candidate: hls });
      expect(run(both, frame, slow, frame, slow).state).toMatchObject({ kind: 'opening', candidate: hls });
      const last = run(subFirst, frame, slow, frame, slow);
      expect(last.state).toMatchObject({ kind: 'playing', candidate: hls });
      expect(last.effects).toEqual([{ kind: 'wake-at', atMs: last.nowMs + 300_000 }]);
    });

    it('keeps a picture that is slow by every way instead of closing it over and over', () => {
      const alone = run(planOf([webrtc]), frame, slow, slow, slow);
      expect(alone.state).toMatchObject({ kind: 'playing', candidate: webrtc });
      expect(alone.effects).toEqual([{ kind: 'wake-at', atMs: alone.nowMs + 300_000 }]);
      expect(run(planOf([webrtc]), slow).state).toMatchObject({ kind: 'opening', candidate: webrtc });
    });

    it('tries again after a plan that came in another order, too', () => {
      const reordered = planOf([main('hls'), main('webrtc'), hls, webrtc], 'main');
      const after = run(both, frame, slow, frame, reordered);
      const untilMs = 300 + 300_000;
      expect(after.effects).toEqual([{ kind: 'close' }, { kind: 'open', candidate: hls }, { kind: 'wake-at', atMs: untilMs }]);
    });

    it('makes good for a wake-up that came while a way was being opened', () => {
      const opening = run(both, frame, slow);
      const missed = nextLiveState(opening.state, { kind: 'due' }, opening.nowMs + 300_000, 0.5);
      expect(missed.effects).toEqual([]);
      expect(nextLiveState(missed.state, frame, opening.nowMs + 300_100, 0.5).effects).toEqual([{ kind: 'wake-at', atMs: opening.nowMs + 300_000 }]);
    });

    it('waits when everything has failed, and begins with the stream that the path may carry', () => {
      const one = planOf([main('webrtc'), webrtc], 'main');
      const waiting = run(one, frame, slow, failed('transport'));
      expect(waiting.state.kind).toBe('waiting');
      expect(nextLiveState(waiting.state, { kind: 'due' }, waiting.nowMs + 60_000, 0.5).state).toMatchObject({ candidate: webrtc });
      expect(nextLiveState(waiting.state, { kind: 'due' }, waiting.nowMs + 300_000, 0.5).state).toMatchObject({ candidate: main('webrtc') });
    });
  });

  describe('when the browser refuses what it said it plays', () => {
    const native: PlayCandidate = { role: 'main', transport: 'websocket', video: null };
    const transcoded: PlayCandidate = { role: 'main', transport: 'webrtc', video: 'h264' };
    const h265 = planOf([native, transcoded], 'main');

    it('asks for a transcode, but not where only the path is broken', () => {
      expect(run(h265, failed('candidate', 'codec-not-offered')).state).toMatchObject({ kind: 'opening', candidate: transcoded });
      expect(run(h265, failed('transport')).state.kind).toBe('waiting');
      expect(reachableOf(run(h265).state, [native, transcoded])).toEqual([native]);
    });

    it('asks again later where the node does not transcode yet', () => {
      const { state } = run(h265, failed('candidate'), failed('source', 'transcoding-unavailable'));
      expect(state).toMatchObject({ kind: 'waiting', failure: { code: 'transcoding-unavailable' } });
      expect(nextLiveState(state, { kind: 'source-back' }, 1e6, 0.5).state).toMatchObject({ kind: 'opening', candidate: transcoded });
    });
  });

  describe('whyOtherStream', () => {
    const main: PlayCandidate = { role: 'main', transport: 'webrtc', video: null };
    const frame: LiveInput = { kind: 'first-frame' };
    it.each([
      ['the wanted one plays', [planOf([main, webrtc], 'main'), frame], null],
      ['nothing plays yet', [planOf([webrtc], 'main', 'h265')], null],
      ['the plan says why', [planOf([webrtc], 'main', 'h265'), frame], 'h265'],
      ['there is sound on the other only', [planOf([webrtc, main], 'main', 'sound'), frame], 'sound'],
      ['the way to it timed out', [planOf([main, webrtc], 'main'), failed('transport'), frame], 'failed'],
      ['the browser refused it', [planOf([main, webrtc], 'main'), failed('candidate'), frame], 'unable'],
      ['no such stream', [{ kind: 'plan', plan: { candidates: [webrtc], wantedRole: null, instead: null, soundWays: [] } }, frame], null],
    ] as const)('%s', (_name, inputs, cause) => {
      expect(whyOtherStream(run(...inputs).state)).toBe(cause);
    });

    it('follows the person, though the way in use stays', () => {
      const { state, effects } = run(planOf([webrtc], 'sub'), frame, planOf([webrtc], 'main', 'h265'));
      expect([whyOtherStream(state), effects]).toEqual(['h265', []]);
    });
  });

  const states: readonly LiveState[] = [
    { kind: 'off' },
    run(planInput).state,
    run(planInput, { kind: 'first-frame' }).state,
    run(planInput, failed('source')).state,
    run({ kind: 'plan', plan: { candidates: [], unplayable: 'no-stream' } }).state,
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
