import { describe, expect, it } from 'vitest';
import { chooseRoleBySize, planStreams } from '../../../web/player/stream-plan.ts';
import type { BrowserCodecs, PlannedStream, PlayCandidate, StreamPlan, Transport } from '../../../web/player/stream-plan.ts';

const h264Only: BrowserCodecs = {
  webrtc: { h264: true, h265: false },
  websocket: { h264: true, h265: false },
  hls: { h264: true, h265: false },
};
const h265InFragments: BrowserCodecs = {
  webrtc: { h264: true, h265: false },
  websocket: { h264: true, h265: true },
  hls: { h264: true, h265: true },
};
/** A stream without sound, unless it says which. */
type Sketch = Pick<PlannedStream, 'role' | 'codec'> & Partial<PlannedStream>;

const both: readonly Sketch[] = [
  { role: 'main', codec: 'h264' },
  { role: 'sub', codec: 'h264' },
];
const h265Main: readonly Sketch[] = [
  { role: 'main', codec: 'h265' },
  { role: 'sub', codec: 'h264' },
];

const plan = (
  streams: readonly Sketch[],
  browser: BrowserCodecs,
  wantedRole: 'main' | 'sub' = 'main',
  pinnedTransport: Transport | null = null,
  avoided: readonly Transport[] = [],
  isSoundWanted = false,
) =>
  planStreams({
    wantedRole,
    pinnedTransport,
    streams: streams.map((stream) => ({ audioCodec: null, ...stream })),
    browser,
    avoided,
    isSoundWanted,
  });

const named = (ways: readonly PlayCandidate[]) => ways.map(({ role, transport }) => `${role} ${transport}`);
const native = ({ candidates }: StreamPlan) => named(candidates.filter(({ video }) => video === null));
const transcoded = ({ candidates }: StreamPlan) => named(candidates.filter(({ video }) => video === 'h264'));

describe('planStreams', () => {
  it('prefers the wanted stream by WebRTC, then by WebSocket, then by HLS, then the other stream', () => {
    expect(plan(both, h264Only, 'sub')).toMatchObject({
      candidates: [
        { role: 'sub', transport: 'webrtc', video: null },
        { role: 'sub', transport: 'websocket', video: null },
        { role: 'sub', transport: 'hls', video: null },
        { role: 'main', transport: 'webrtc', video: null },
        { role: 'main', transport: 'websocket', video: null },
        { role: 'main', transport: 'hls', video: null },
      ],
      instead: null,
    });
  });

  it('plays an H.265 main stream as fragments where the browser can, without falling back', () => {
    expect(native(plan(h265Main, h265InFragments))).toEqual(['main websocket', 'main hls', 'sub webrtc', 'sub websocket', 'sub hls']);
    expect(plan(h265Main, h265InFragments)).toMatchObject({ wantedRole: 'main', instead: null });
  });

  it('falls back to the H.264 sub stream where the browser cannot play H.265, and says so', () => {
    expect(native(plan(h265Main, h264Only))).toEqual(['sub webrtc', 'sub websocket', 'sub hls']);
    expect(plan(h265Main, h264Only)).toMatchObject({
      instead: 'h265',
    });
  });

  it('asks for a transcode after all that plays as the camera sends it: the wanted stream first', () => {
    const h265Only: readonly Sketch[] = [
      { role: 'main', codec: 'h265' },
      { role: 'sub', codec: 'h265' },
    ];
    expect(transcoded(plan(h265Only, h264Only, 'sub'))).toEqual([
      'sub webrtc',
      'sub websocket',
      'sub hls',
      'main webrtc',
      'main websocket',
      'main hls',
    ]);
    expect(native(plan(h265Only, h264Only, 'sub'))).toEqual([]);
    const claimed = plan([{ role: 'main', codec: 'h265' }], h265InFragments);
    expect(claimed.candidates.map(({ transport, video }) => `${transport} ${video ?? 'as sent'}`)).toEqual([
      'websocket as sent',
      'hls as sent',
      'webrtc h264',
      'websocket h264',
      'hls h264',
    ]);
    expect(transcoded(plan([{ role: 'sub', codec: null }], h264Only, 'sub'))).toEqual([]);
  });

  it('transcodes for a chosen transport that does not carry H.265', () => {
    expect(plan([{ role: 'main', codec: 'h265' }], h265InFragments, 'main', 'webrtc').candidates).toEqual([
      { role: 'main', transport: 'webrtc', video: 'h264' },
    ]);
  });

  it('says whether the chosen transport, the sound or the browser keeps it from the wanted stream', () => {
    expect(plan(h265Main, h265InFragments, 'main', 'webrtc')).toMatchObject({ instead: 'chosen-way' });
    const soundOnMain: readonly Sketch[] = [
      { role: 'main', codec: 'h264', audioCodec: 'aac' },
      { role: 'sub', codec: 'h265' },
    ];
    expect(plan(soundOnMain, h265InFragments, 'sub', null, [], true)).toMatchObject({ instead: 'sound' });
    expect(plan(soundOnMain, h265InFragments, 'sub')).toMatchObject({ instead: null });
    expect(plan(soundOnMain, h264Only, 'sub')).toMatchObject({ instead: 'h265', wantedRole: 'sub' });
  });

  it('says why when nothing can be played', () => {
    const nothing = { h264: false, h265: false };
    expect(plan([{ role: 'main', codec: 'h265' }], { webrtc: nothing, websocket: nothing, hls: nothing })).toEqual({
      candidates: [],
      unplayable: 'codec',
    });
    expect(plan(both, { webrtc: nothing, websocket: h264Only.websocket, hls: h264Only.hls }, 'main', 'webrtc')).toEqual({
      candidates: [],
      unplayable: 'chosen-way',
    });
    expect(plan([], h264Only)).toEqual({ candidates: [], unplayable: 'no-stream' });
  });

  it('tries a stream whose codec nobody has measured yet', () => {
    expect(plan([{ role: 'sub', codec: null }], h264Only, 'sub').candidates).toHaveLength(3);
  });

  it('tries a way that did not get through lately last, and leaves it to a person to insist', () => {
    expect(plan([{ role: 'sub', codec: 'h264' }], h264Only, 'sub', null, ['webrtc']).candidates.map(({ transport }) => transport)).toEqual([
      'websocket',
      'hls',
      'webrtc',
    ]);
    expect(plan([{ role: 'sub', codec: 'h264' }], h264Only, 'sub', 'webrtc', ['webrtc']).candidates).toEqual([
      { role: 'sub', transport: 'webrtc', video: null },
    ]);
  });

  it('keeps to the transport a person chose', () => {
    expect(plan(both, h264Only, 'main', 'hls').candidates.every((candidate) => candidate.transport === 'hls')).toBe(true);
  });

  it('takes the only stream there is when the wanted role is missing, without calling it a fall-back', () => {
    expect(plan([{ role: 'main', codec: 'h264' }], h264Only, 'sub')).toMatchObject({
      instead: null,
      candidates: [{ role: 'main' }, { role: 'main' }, { role: 'main' }],
    });
  });
});

describe('planStreams for a tile that is to be heard', () => {
  const withAudio = (audioCodec: PlannedStream['audioCodec']): readonly Sketch[] => both.map((stream) => ({ ...stream, audioCodec }));
  const heard = (streams: readonly Sketch[], pinned: Transport | null = null, avoided: readonly Transport[] = []) =>
    plan(streams, h264Only, 'sub', pinned, avoided, true).candidates.map(({ role, transport }) => `${role} ${transport}`);

  it('takes AAC by WebSocket and then HLS, and keeps the silent ways for when those fail', () => {
    expect(heard(withAudio('aac'))).toEqual(['sub websocket', 'sub hls', 'main websocket', 'main hls', 'sub webrtc', 'main webrtc']);
  });

  it.each(['pcma', 'pcmu', 'opus'] as const)('takes %s by WebRTC', (codec) => {
    expect(heard(withAudio(codec)).slice(0, 2)).toEqual(['sub webrtc', 'main webrtc']);
  });

  it('leaves a chosen transport that carries the sound, and only that', () => {
    expect(heard(withAudio('aac'), 'hls')).toEqual(['sub hls', 'main hls']);
  });

  it('leaves the chosen transport where it cannot carry the sound, and comes back to it last', () => {
    expect(heard(withAudio('pcma'), 'hls')).toEqual(['sub webrtc', 'main webrtc', 'sub hls', 'main hls']);
  });

  it('takes the other stream where only that has sound', () => {
    const streams: readonly Sketch[] = [
      { role: 'main', codec: 'h264', audioCodec: 'pcma' },
      { role: 'sub', codec: 'h264', audioCodec: null },
    ];
    expect(heard(streams)[0]).toBe('main webrtc');
  });

  it('names the ways that carry sound, whatever was chosen', () => {
    const streams: readonly Sketch[] = [
      { role: 'main', codec: 'h264', audioCodec: 'aac' },
      { role: 'sub', codec: 'h264' },
    ];
    const planned = plan(streams, h264Only, 'sub', 'webrtc');
    expect('soundWays' in planned && named(planned.soundWays)).toEqual(['main websocket', 'main hls']);
  });

  it('changes nothing for a camera without sound, or where none is known', () => {
    expect(heard(both)).toEqual(plan(both, h264Only, 'sub').candidates.map(({ role, transport }) => `${role} ${transport}`));
    expect(heard(both, 'hls')).toEqual(['sub hls', 'main hls']);
  });

  it('tries ways that did not get through lately after the others that carry it', () => {
    expect(heard(withAudio('aac'), null, ['websocket']).slice(0, 2)).toEqual(['sub hls', 'sub websocket']);
  });
});

describe('chooseRoleBySize', () => {
  it.each([
    [480, 1, null, 'sub'],
    [1000, 1, null, 'main'],
    [500, 2, null, 'main'],
    [950, 1, 'main', 'main'],
    [950, 1, 'sub', 'sub'],
    [860, 1, 'main', 'sub'],
  ] as const)('%d px at ratio %d, now %s: %s', (widthPx, ratio, current, expected) => {
    expect(chooseRoleBySize(widthPx, ratio, current)).toBe(expected);
  });
});
