import { describe, expect, it } from 'vitest';
import { explainNoPicture } from '../../../web/player/no-picture-text.ts';
import type { Interruption } from '../../../web/player/driver.ts';
import type { LiveState } from '../../../web/player/live-machine.ts';
import type { CameraState } from '../../../server/contract/cameras.ts';

const plan = { candidates: [], struckOut: [], failureCount: 0, triedInRound: [], heavy: null, wantedRole: null, instead: null };
const candidate = { role: 'sub', transport: 'webrtc', video: null } as const;
const playing: LiveState = { kind: 'playing', plan, candidate };
const camera = (part: Partial<CameraState>): CameraState => ({
  status: 'online',
  reason: null,
  since: '2026-11-21T12:00:00.000Z',
  retryAt: null,
  isRecording: false,
  streams: [],
  ...part,
});
const explain = (live: LiveState, state: CameraState, verdict: 'live' | 'old' = 'old', interruption: Interruption | null = null) =>
  explainNoPicture({ live, verdict, interruption, camera: state, nowMs: 1000, serverNowMs: Date.parse('2026-11-21T12:00:00.000Z') });

describe('explainNoPicture', () => {
  it('has nothing to say about a live picture', () => {
    expect(explain(playing, camera({}), 'live')).toEqual([]);
  });

  it("tells the camera's measured reason and the next attempt first, whatever the player is doing", () => {
    const state = camera({ status: 'offline', reason: 'connection-refused', retryAt: '2026-11-21T12:00:11.200Z' });
    expect(explain(playing, state)).toEqual([{ key: 'reason.noPicture.connection-refused' }, { key: 'player.retryIn', values: { seconds: 12 } }]);
  });

  it('says that an attempt is under way when no time is set', () => {
    expect(explain(playing, camera({ status: 'offline', reason: 'no-answer' }))[1]).toEqual({ key: 'player.retrying' });
  });

  it('tells what the player ran into while the camera is fine', () => {
    const waiting: LiveState = { kind: 'waiting', plan, failure: { kind: 'transport', code: 'connection-lost' }, retryAtMs: 3500 };
    expect(explain(waiting, camera({}))).toEqual([{ key: 'player.failure.connection-lost' }, { key: 'player.retryIn', values: { seconds: 3 } }]);
  });

  it('tells what the node said of the camera while the server does not know it yet', () => {
    expect(explain(playing, camera({}), 'old', { reason: 'no-packets' })).toEqual([{ key: 'reason.noPicture.no-packets' }]);
    expect(explain(playing, camera({}), 'old', { reason: null })).toEqual([{ key: 'player.interrupted' }]);
    expect(explain(playing, camera({}), 'old', { reason: null, code: 'transcoding-failed' })).toEqual([{ key: 'player.failure.transcoding-failed' }]);
    expect(explain({ kind: 'opening', plan, candidate }, camera({}), 'old', { reason: 'closed-by-camera' })).toEqual([
      { key: 'reason.noPicture.closed-by-camera' },
    ]);
  });

  it("prefers the server's words once it has them, for they name the next attempt", () => {
    const state = camera({ status: 'offline', reason: 'connection-refused', retryAt: null });
    expect(explain(playing, state, 'old', { reason: null })[0]).toEqual({ key: 'reason.noPicture.connection-refused' });
  });

  it('never leaves an old picture without a word', () => {
    expect(explain(playing, camera({}))).toEqual([{ key: 'player.lagging' }]);
    expect(explain(playing, camera({ status: 'degraded', reason: 'picture-frozen' }))).toEqual([{ key: 'reason.noPicture.picture-frozen' }]);
  });
});
