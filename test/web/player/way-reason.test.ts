import { describe, expect, it } from 'vitest';
import type { PlayFailureCode } from '../../../web/player/live-machine.ts';
import type { Transport } from '../../../web/player/stream-plan.ts';
import { explainRole, explainTransport } from '../../../web/player/way-reason.ts';

const transport = (playing: Transport, part: Partial<Parameters<typeof explainTransport>[0]> = {}) =>
  explainTransport({
    playing: { role: 'sub', transport: playing, video: null },
    pinned: null,
    isForSound: false,
    failures: new Map(),
    avoided: [],
    ...part,
  });

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
    because: null,
    hasOther: true,
  } as const;
  const main = { role: 'main', transport: 'webrtc', video: null } as const;
  it.each([
    ['the only stream', { hasOther: false }, { key: 'player.why.only' }],
    ['H.265', { asked: 'main', because: 'h265' }, { key: 'player.fellBackH265', values: { wanted: 'main', playing: 'sub' } }],
    ['an H.265 sub stream', { playing: main, because: 'h265' }, { key: 'player.fellBackH265', values: { wanted: 'sub', playing: 'main' } }],
    ['a path too narrow', { asked: 'main', because: 'slow' }, { key: 'player.fellBackSlow' }],
    ['zoom', { playing: main, isForZoom: true }, { key: 'player.why.zoom' }],
    ['zoom that has not come through', { isForZoom: true, because: 'failed' }, { key: 'player.why.otherFailed', values: { wanted: 'main' } }],
    ['large', { playing: main }, { key: 'player.why.large' }],
    ['main only because the small one failed', { playing: main, because: 'failed' }, { key: 'player.why.otherFailed', values: { wanted: 'sub' } }],
    ['small', {}, { key: 'player.why.small' }],
    ['asked for', { asked: 'sub' }, { key: 'player.why.asked' }],
    ['sound', { playing: main, because: 'sound' }, { key: 'player.why.sound' }],
    ['a chosen transport', { asked: 'main', because: 'chosen-way' }, { key: 'player.why.chosenWay', values: { wanted: 'main' } }],
    ['refused by the browser', { asked: 'main', because: 'unable' }, { key: 'player.why.otherUnable', values: { wanted: 'main' } }],
  ] as const)('%s', (_name, part, text) => {
    expect(explainRole({ ...facts, ...part })).toEqual(text);
  });
});
