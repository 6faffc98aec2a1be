import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NoPictureReason, StreamPhase } from '../../../media/contract/streams.ts';
import type { CameraStatus } from '../../../server/contract/cameras.ts';
import { decideCameraStatus, RECONNECT_GRACE_MS, SOUND_AGAIN_MS } from '../../../server/health/camera-status.ts';
import type { CameraFacts, StreamFacts } from '../../../server/health/camera-status.ts';

const NOW = 1_800_000_000_000;

function stream(phase: StreamPhase, over: Partial<StreamFacts> = {}): StreamFacts {
  return {
    phase,
    reason: null,
    lastFailure: null,
    pictureLostAtMs: phase === 'connecting' || phase === 'waiting' ? NOW - 1000 : null,
    soundSinceMs: phase === 'streaming' ? NOW - 60_000 : null,
    lossRatio: 0,
    ...over,
  };
}

function facts(main: StreamFacts | null, before: CameraStatus = 'online', over: Partial<CameraFacts> = {}): CameraFacts {
  return {
    link: 'linked',
    mode: 'always',
    main,
    sub: null,
    before: { status: before, reason: before === 'offline' ? 'connection-refused' : null },
    ...over,
  };
}

describe('decideCameraStatus', () => {
  it.each<[string, CameraFacts, CameraStatus, NoPictureReason | null]>([
    ['no node', facts(stream('streaming'), 'online', { link: 'not-assigned' }), 'unknown', 'not-assigned'],
    ['node lost', facts(stream('streaming'), 'online', { link: 'node-lost' }), 'unknown', 'node-lost'],
    ['node lost while offline', facts(stream('waiting'), 'offline', { link: 'node-lost' }), 'unknown', 'node-lost'],
    ['not reported yet', facts(null, 'unknown'), 'connecting', null],
    ['not reported yet, on demand', facts(null, 'unknown', { mode: 'on-demand' }), 'connecting', null],
    ['streaming', facts(stream('streaming')), 'online', null],
    ['streaming after offline', facts(stream('streaming'), 'offline'), 'online', null],
    ['streaming, frozen', facts(stream('streaming', { reason: 'picture-frozen' })), 'degraded', 'picture-frozen'],
    ['open, without a picture', facts(stream('streaming', { lastFailure: 'no-packets', pictureLostAtMs: NOW - 3000 })), 'connecting', 'no-packets'],
    ['open, long without one', facts(stream('streaming', { lastFailure: 'no-packets', pictureLostAtMs: NOW - 4000 })), 'offline', 'no-packets'],
    ['streaming, 2 % lost', facts(stream('streaming', { lossRatio: 0.02 })), 'degraded', null],
    ['streaming, 0.4 % lost', facts(stream('streaming', { lossRatio: 0.004 })), 'online', null],
    ['sound for a moment after a flaw', facts(stream('streaming', { soundSinceMs: NOW - 1000 }), 'degraded'), 'degraded', null],
    ['sound for long after a flaw', facts(stream('streaming', { soundSinceMs: NOW - SOUND_AGAIN_MS }), 'degraded'), 'online', null],
    ['first attempt', facts(stream('connecting', { pictureLostAtMs: NOW - 60_000 }), 'connecting'), 'connecting', null],
    ['lost a moment ago', facts(stream('waiting', { lastFailure: 'closed-by-camera' })), 'connecting', 'closed-by-camera'],
    [
      'lost for the whole grace',
      facts(stream('waiting', { lastFailure: 'closed-by-camera', pictureLostAtMs: NOW - RECONNECT_GRACE_MS })),
      'offline',
      'closed-by-camera',
    ],
    [
      'next attempt runs, grace over',
      facts(stream('connecting', { lastFailure: 'no-packets', pictureLostAtMs: NOW - 9000 }), 'connecting'),
      'offline',
      'no-packets',
    ],
    ['next attempt runs, offline', facts(stream('connecting'), 'offline'), 'offline', 'connection-refused'],
    ['another failure, offline', facts(stream('waiting', { lastFailure: 'unauthorized' }), 'offline'), 'offline', 'unauthorized'],
    ['idle, always', facts(stream('idle'), 'unknown'), 'connecting', null],
    ['idle, always, offline before', facts(stream('idle'), 'offline'), 'offline', 'connection-refused'],
    ['idle, on demand', facts(stream('idle'), 'online', { mode: 'on-demand' }), 'idle', null],
    ['on demand, sub watched', facts(stream('idle'), 'idle', { mode: 'on-demand', sub: stream('streaming') }), 'online', null],
    ['on demand, both idle', facts(stream('idle'), 'online', { mode: 'on-demand', sub: stream('idle') }), 'idle', null],
    ['always, sub fails', facts(stream('streaming'), 'online', { sub: stream('waiting', { lastFailure: 'stream-not-found' }) }), 'online', null],
  ])('%s', (_, given, status, reason) => {
    const verdict = decideCameraStatus(given, NOW);
    expect({ status: verdict.status, reason: verdict.reason }).toEqual({ status, reason });
  });

  it('asks to be reviewed exactly when the grace ends, and then says offline', () => {
    const given = facts(stream('waiting', { lastFailure: 'no-answer', pictureLostAtMs: NOW - 1500 }));
    const verdict = decideCameraStatus(given, NOW);
    expect(verdict.reviewAtMs).toBe(NOW - 1500 + RECONNECT_GRACE_MS);
    expect(decideCameraStatus(given, verdict.reviewAtMs ?? 0)).toEqual({
      status: 'offline',
      reason: 'no-answer',
      pictureLostAtMs: NOW - 1500,
      reviewAtMs: null,
    });
  });

  it('is never offline without a linked node, never online without a stream, and reaches a fixed point', () => {
    const phase = fc.constantFrom<StreamPhase>('idle', 'connecting', 'streaming', 'waiting');
    const reason = fc.option(fc.constantFrom<NoPictureReason>('no-packets', 'picture-frozen', 'unauthorized'));
    const anyStream = fc.option(
      fc
        .record({ phase, reason, lastFailure: reason, lostAgoMs: fc.integer({ min: 0, max: 20_000 }), lossRatio: fc.constantFrom(0, 0.5) })
        .map(({ lostAgoMs, ...rest }) => stream(rest.phase, { ...rest, pictureLostAtMs: NOW - lostAgoMs })),
    );
    const anyFacts = fc.record<CameraFacts>({
      link: fc.constantFrom('linked', 'node-lost', 'not-assigned'),
      mode: fc.constantFrom('always', 'on-demand'),
      main: anyStream,
      sub: anyStream,
      before: fc.record({ status: fc.constantFrom<CameraStatus>('online', 'connecting', 'degraded', 'offline', 'idle', 'unknown'), reason }),
    });
    fc.assert(
      fc.property(anyFacts, (given) => {
        const verdict = decideCameraStatus(given, NOW);
        if (given.link !== 'linked') expect(verdict.status).toBe('unknown');
        if (verdict.status === 'online') expect([given.main?.phase, given.sub?.phase]).toContain('streaming');
        const again = decideCameraStatus({ ...given, before: { status: verdict.status, reason: verdict.reason } }, NOW);
        expect(again.status).toBe(verdict.status);
      }),
    );
  });
});
