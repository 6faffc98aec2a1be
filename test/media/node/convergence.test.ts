import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DesiredStream } from '../../../media/contract/streams.ts';
import { planConvergence, streamKey, type StreamKey } from '../../../media/node/convergence.ts';

function stream(cameraId: string, changes: Partial<DesiredStream> = {}): DesiredStream {
  return {
    cameraId,
    role: 'main',
    deviceId: null,
    url: `rtsp://10.0.0.1/${cameraId}`,
    credentials: null,
    transport: 'tcp',
    mode: 'always',
    recording: null,
    ...changes,
  };
}

function running(...streams: readonly DesiredStream[]): Map<StreamKey, DesiredStream> {
  return new Map(streams.map((each) => [streamKey(each.cameraId, each.role), each]));
}

describe('planConvergence', () => {
  it('starts what is new, stops what is gone, updates what changed and leaves the rest alone', () => {
    const plan = planConvergence(running(stream('a'), stream('b'), stream('c')), [
      stream('b', { url: 'rtsp://10.0.0.2/b' }),
      stream('c'),
      stream('d'),
      stream('c', { role: 'sub' }),
    ]);
    expect(plan).toEqual({
      stop: ['a/main'],
      start: [stream('d'), stream('c', { role: 'sub' })],
      update: [stream('b', { url: 'rtsp://10.0.0.2/b' })],
    });
  });

  it.each<[string, Partial<DesiredStream>]>([
    ['credentials', { credentials: { username: 'a', password: 'b' } }],
    ['mode', { mode: 'on-demand' }],
    ['recording', { recording: { retentionDays: 30 } }],
    ['device', { deviceId: 'd-1' }],
  ])('sees a change of %s', (_name, changes) => {
    expect(planConvergence(running(stream('a')), [stream('a', changes)]).update).toHaveLength(1);
  });

  it('takes the first of doubles', () => {
    expect(planConvergence(running(), [stream('a'), stream('a', { url: 'rtsp://x/' })]).start).toEqual([stream('a')]);
  });

  it('arrives: applying the plan leaves nothing to do', () => {
    const streams = fc.uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), url: fc.constantFrom('rtsp://1/', 'rtsp://2/') }), {
      selector: (each) => each.id,
    });
    fc.assert(
      fc.property(streams, streams, (before, after) => {
        const state = running(...before.map((each) => stream(each.id, { url: each.url })));
        const desired = after.map((each) => stream(each.id, { url: each.url }));
        const plan = planConvergence(state, desired);
        for (const key of plan.stop) state.delete(key);
        for (const each of [...plan.start, ...plan.update]) state.set(streamKey(each.cameraId, each.role), each);
        expect(planConvergence(state, desired)).toEqual({ stop: [], start: [], update: [] });
      }),
    );
  });
});
