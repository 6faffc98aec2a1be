import { describe, expect, it } from 'vitest';
import { messagesOf } from '../../../web/i18n/messages.ts';
import { carriesSound, judgeSound, type HeardStream } from '../../../web/sound/sound-carriage.ts';
import { soundWords } from '../../../web/sound/sound-words.ts';

const camera = (audioCodec: HeardStream['audioCodec']): readonly HeardStream[] => [
  { role: 'main', codec: 'h264', audioCodec },
  { role: 'sub', codec: 'h264', audioCodec },
];
const way = (transport: 'webrtc' | 'websocket' | 'hls', role: 'main' | 'sub' = 'sub') => ({ role, transport, video: null });

describe('carriesSound', () => {
  it.each([
    ['aac', false, true, true],
    ['pcma', true, false, false],
    ['pcmu', true, false, false],
    ['opus', true, false, false],
    [null, false, false, false],
  ] as const)('%s by WebRTC %s, WebSocket %s, HLS %s', (codec, ...expected) => {
    expect((['webrtc', 'websocket', 'hls'] as const).map((transport) => carriesSound(way(transport), camera(codec)))).toEqual(expected);
  });

  it('goes by the stream that plays', () => {
    const streams: readonly HeardStream[] = [
      { role: 'main', codec: 'h264', audioCodec: 'pcma' },
      { role: 'sub', codec: 'h264', audioCodec: null },
    ];
    expect([carriesSound(way('webrtc', 'main'), streams), carriesSound(way('webrtc', 'sub'), streams)]).toEqual([true, false]);
  });
});

/** All that carry sound, the sub stream first. */
const waysOf = (streams: readonly HeardStream[]) =>
  (['sub', 'main'] as const)
    .flatMap((role) => (['webrtc', 'websocket', 'hls'] as const).map((transport) => way(transport, role)))
    .filter((one) => carriesSound(one, streams));
const mainOnly: readonly HeardStream[] = [
  { role: 'main', codec: 'h264', audioCodec: 'aac' },
  { role: 'sub', codec: 'h264', audioCodec: null },
];

describe('judgeSound', () => {
  const judge = (part: Partial<Parameters<typeof judgeSound>[0]>) =>
    judgeSound({
      isAsked: false,
      isBlocked: false,
      playing: way('webrtc'),
      streams: camera('pcma'),
      soundWays: waysOf(part.streams ?? camera('pcma')),
      ...part,
    });

  it.each([
    ['a camera without sound', { streams: camera(null) }, { kind: 'none' }],
    ['a camera without sound that was asked all the same', { streams: camera(null), isAsked: true }, { kind: 'none' }],
    ['nothing measured yet', { streams: [{ role: 'sub', codec: null, audioCodec: null }] }, { kind: 'unknown' }],
    ['no stream at all', { streams: [] }, { kind: 'unknown' }],
    ['silent, by a way that carries it', {}, { kind: 'off', codec: 'pcma', by: null, stream: null }],
    ['silent, by a way that does not', { streams: camera('aac') }, { kind: 'off', codec: 'aac', by: 'websocket', stream: null }],
    ['silent, nothing playing', { playing: null }, { kind: 'off', codec: 'pcma', by: null, stream: null }],
    ['heard', { isAsked: true }, { kind: 'on', codec: 'pcma' }],
    ['asked while the picture opens', { isAsked: true, playing: null }, { kind: 'opening', codec: 'pcma' }],
    [
      'asked, by a way that does not carry it',
      { isAsked: true, playing: way('hls') },
      { kind: 'not-carried', codec: 'pcma', by: 'webrtc', present: 'hls', stream: null },
    ],
    ['silent, sound on the other stream', { streams: mainOnly }, { kind: 'off', codec: 'aac', by: 'websocket', stream: 'main' }],
    [
      'asked, sound on the other stream, which did not open',
      { streams: mainOnly, isAsked: true, playing: way('websocket') },
      { kind: 'not-carried', codec: 'aac', by: 'websocket', present: 'websocket', stream: 'main' },
    ],
    ['sound on the other stream, which cannot be played', { streams: mainOnly, soundWays: [] }, { kind: 'none-here', codec: 'aac', only: 'main' }],
    ['sound by no way that plays', { playing: way('hls'), soundWays: [], isAsked: true }, { kind: 'none-here', codec: 'pcma', only: null }],
    ['nothing planned yet', { playing: null, soundWays: null }, { kind: 'off', codec: 'pcma', by: null, stream: null }],
    ['refused by the browser', { isAsked: true, isBlocked: true }, { kind: 'blocked', codec: 'pcma' }],
  ] as const)('%s', (_name, part, state) => {
    expect(judge(part)).toEqual(state);
  });

  it('has words for every state', () => {
    const known = messagesOf('zh').sound;
    for (const streams of [camera('aac'), camera('pcma'), camera(null), mainOnly]) {
      for (const isAsked of [true, false]) {
        for (const soundWays of [waysOf(streams), []]) {
          for (const playing of [null, way('webrtc'), way('websocket'), way('hls')]) {
            for (const isBlocked of [true, false]) {
              const { key } = soundWords(judge({ isAsked, isBlocked, playing, streams, soundWays }));
              expect(known).toHaveProperty(key.replace('sound.', ''));
            }
          }
        }
      }
    }
  });
});
