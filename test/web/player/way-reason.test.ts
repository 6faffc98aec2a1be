import { describe, expect, it } from 'vitest';
import type { PlayFailureCode } from '../../../web/player/live-machine.ts';
import type { Transport } from '../../../web/player/stream-plan.ts';
import { explainRole, explainTransport } from '../../../web/player/way-reason.ts';

const transport = (playing: Transport, part: Partial<Parameters<typeof explainTransport>[0]> = {}) =>
  explainTransport({ playing: { role: 'sub', transport: playing, video: null }, pinned: null, isForSound: false, failures: new Map(), avoided: [], ...part });

describe('explainTransport', () => {
  it('needs no excuse for the best way', () => {
    expect(transport('webrtc')).toEqual([{ key: 'player.why.best' }]);
  });

  it('says for every better way what went wrong with it', () => {
    const failures = new Map<Transport, PlayFailureCode>([['webrtc', 'not-connected']]);
    expect(transport('hls', { failures, avoided: ['websocket', 'webrtc'] })).toEqual([
      { key: 'player.why.failed', values: { transport: 'webrtc', failure: 'not-connected' } },
      { key: 'player.why.avoided', values: { transport: 'websocket' } },
    ]);
  });

  it('names a codec that a way cannot carry, where nothing failed', () => {
    expect(transport('websocket')).toEqual([{ key: 'player.why.unable', values: { transport: 'webrtc' } }]);
  });

  it('tells of a choice and of sound before all else, but not of sound where the best way carries it', () => {
    expect(transport('websocket', { isForSound: true })).toEqual([{ key: 'player.why.sound' }]);
    expect(transport('webrtc', { isForSound: true, pinned: 'hls' })).toEqual([{ key: 'player.why.sound' }]);
    expect(transport('webrtc', { isForSound: true })).toEqual([{ key: 'player.why.best' }]);
    expect(transport('hls', { pinned: 'hls', failures: new Map([['webrtc', 'stalled']]) })).toEqual([{ key: 'player.why.chosen' }]);
  });
});

describe('explainRole', () => {
  const facts = {
    playing: { role: 'sub', transport: 'webrtc', video: null },
    asked: 'auto',
    isForZoom: false,
    isForSound: false,
    fellBack: null,
    hasOther: true,
  } as const;
  const main = { role: 'main', transport: 'webrtc', video: null } as const;
  it.each([
    ['the only stream', { hasOther: false }, 'player.why.only'],
    ['H.265', { asked: 'main', fellBack: 'h265' }, 'player.fellBackH265'],
    ['a path too narrow', { asked: 'main', fellBack: 'slow' }, 'player.fellBackSlow'],
    ['zoom', { playing: main, isForZoom: true }, 'player.why.zoom'],
    ['zoom that has not come through', { isForZoom: true }, 'player.why.small'],
    ['large', { playing: main }, 'player.why.large'],
    ['small', {}, 'player.why.small'],
    ['asked for', { asked: 'sub' }, 'player.why.asked'],
    ['sound', { asked: 'sub', playing: main, isForSound: true }, 'player.why.sound'],
    ['the other one failed', { asked: 'main' }, 'player.why.otherFailed'],
  ] as const)('%s', (_name, part, key) => {
    expect(explainRole({ ...facts, ...part })).toEqual({ key });
  });
});
