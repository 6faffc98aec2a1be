import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSessionDescription } from '../../../media/sdp/session-description.ts';
import { planTracks } from '../../../media/sdp/track-plan.ts';
import type { TrackPlan } from '../../../media/sdp/track-plan.ts';

function plan(lines: readonly string[], lineEnd = '\r\n'): TrackPlan {
  const description = parseSessionDescription(lines.join(lineEnd));
  if (typeof description === 'string') throw new Error(description);
  return planTracks(description);
}

const h264 = [
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LADdoFB+wEQAAAAwBAAAAMg8UKqA==,aM48gA==',
  'a=control:track1',
];

describe('what a camera describes', () => {
  it('H.264 with its parameter sets, and G.711 by its static type', () => {
    const lines = ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=x', 'a=control:*', ...h264, 'm=audio 0 RTP/AVP 8', 'a=control:track2'];
    for (const lineEnd of ['\r\n', '\n', '\r']) {
      const planned = plan(lines, lineEnd);
      expect(planned).toEqual({
        ok: true,
        video: {
          codec: 'h264',
          payloadType: 96,
          clockRateHz: 90_000,
          control: 'track1',
          parameterSets: [Buffer.from('Z0LADdoFB+wEQAAAAwBAAAAMg8UKqA==', 'base64'), Buffer.from('68ce3c80', 'hex')],
        },
        audio: {
          codec: 'pcma',
          payloadType: 8,
          clockRateHz: 8000,
          channels: 1,
          control: 'track2',
          config: Buffer.alloc(0),
          sizeLengthBits: 0,
          indexLengthBits: 0,
        },
      });
    }
  });

  it('H.265 and AAC', () => {
    const planned = plan([
      'm=video 0 RTP/AVP 98',
      'a=rtpmap:98 H265/90000',
      'a=fmtp:98 sprop-vps=QAEM; sprop-sps=QgEB; sprop-pps=RAHA',
      'm=audio 0 RTP/AVP 97',
      'a=rtpmap:97 mpeg4-generic/16000/1',
      'a=fmtp:97 streamtype=5; mode=AAC-hbr; config=1408; SizeLength=13; IndexLength=3; IndexDeltaLength=3',
    ]);
    expect(planned).toMatchObject({
      ok: true,
      video: {
        codec: 'h265',
        control: null,
        parameterSets: [Buffer.from('40010c', 'hex'), Buffer.from('420101', 'hex'), Buffer.from('4401c0', 'hex')],
      },
      audio: { codec: 'aac', clockRateHz: 16_000, config: Buffer.from('1408', 'hex'), sizeLengthBits: 13, indexLengthBits: 3 },
    });
  });

  it('takes the first video it can carry, and leaves metadata, back channels and unknown sound alone', () => {
    const planned = plan([
      'm=application 0 RTP/AVP 107',
      'a=rtpmap:107 vnd.onvif.metadata/90000',
      'm=video 0 RTP/AVP 26',
      ...h264,
      'm=video 0 RTP/AVP 99',
      'a=rtpmap:99 H265/90000',
      'm=audio 0 RTP/AVP 2',
      'a=rtpmap:2 G726-32/8000',
    ]);
    expect(planned).toMatchObject({ ok: true, video: { codec: 'h264' }, audio: null });
  });

  it('reads past a media line that names no payload type by number, and spaces behind an rtpmap', () => {
    const lines = ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000   ', 'm=application/TP-LINK 0 RTP/AVP smart/1/90000', 'a=rtpmap:95 TP-LINK/90000'];
    expect(plan(lines)).toMatchObject({ ok: true, video: { codec: 'h264', clockRateHz: 90_000 } });
  });

  it.each([
    ['AAC without configuration', 'a=fmtp:97 mode=AAC-hbr'],
    ['field widths of nonsense', 'a=fmtp:97 config=1408; sizelength=64'],
  ])('leaves out %s', (_, fmtp) => {
    expect(plan([...h264, 'm=audio 0 RTP/AVP 97', 'a=rtpmap:97 MPEG4-GENERIC/16000/1', fmtp])).toMatchObject({ ok: true, audio: null });
  });

  it('leaves out sound from us to the camera', () => {
    const backChannel = ['m=audio 0 RTP/AVP 0', 'a=control:trackID=5', 'a=sendonly'];
    expect(plan([...h264, ...backChannel])).toMatchObject({ ok: true, audio: null });
    expect(plan([...h264, ...backChannel, 'm=audio 0 RTP/AVP 8', 'a=recvonly', 'a=control:trackID=6'])).toMatchObject({
      audio: { control: 'trackID=6' },
    });
  });

  it('passes over lines that no standard allows', () => {
    const odd = ['v=0', 'o=- 1698143674.978737 1 IN IP4', 'c=IN ', 's=', 'e=NONE', 'text', '=', 'a=', 'a=Media_header:MEDIAINFO=494D', ...h264];
    expect(plan(odd)).toMatchObject({ ok: true, video: { codec: 'h264' } });
  });

  it('takes start codes off parameter sets', () => {
    const parameters = 'packetization-mode=1;profile-level-id=000001;sprop-parameter-sets=AAAAAUdNAB+ZsBQBboQAAA+gAAF3AhA=,AAAAAUjqQ8g=';
    const planned = plan(['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', `a=fmtp:96 ${parameters}`]);
    expect(planned.ok && planned.video.parameterSets.map((nalUnit) => nalUnit.toString('hex', 0, 3))).toEqual(['474d00', '48ea43']);
  });

  it('takes tracks that alone say how they are controlled', () => {
    const description = parseSessionDescription(
      ['v=0', 's=streamed by the VSTARCAM RTSP server', 'm=video 0 RTP/AVP 96', 'a=control:track0'].join('\r\n'),
    );
    expect(description).toMatchObject({ control: null, media: [{ control: 'track0' }] });
  });

  it.each([
    ['are empty', 'sprop-parameter-sets='],
    ['end in a comma', 'sprop-parameter-sets=,'],
    ['are no base64', 'sprop-parameter-sets=*,?'],
  ])('does without parameter sets that %s', (_, parameters) => {
    expect(plan(['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', `a=fmtp:96 ${parameters}`])).toMatchObject({
      ok: true,
      video: { parameterSets: [] },
    });
  });

  it.each([
    ['no video', ['m=audio 0 RTP/AVP 0'], 'no-video'],
    ['only JPEG', ['m=video 0 RTP/AVP 26', 'a=rtpmap:26 JPEG/90000'], 'mjpeg-only'],
    ['only JPEG, by its number', ['m=video 0 RTP/AVP 26'], 'mjpeg-only'],
    ['JPEG beside MPEG-4', ['m=video 0 RTP/AVP 26 96', 'a=rtpmap:96 MP4V-ES/90000'], 'codec-unsupported'],
    ['a payload type nobody names', ['m=video 0 RTP/AVP 96'], 'codec-unsupported'],
    ['nothing', [], 'no-video'],
  ])('%s', (_, lines, reason) => {
    expect(plan(lines)).toMatchObject({ ok: false, reason });
  });

  it.each([
    ['too many media', Array.from({ length: 33 }, () => 'm=video 0 RTP/AVP 96')],
    ['a media line cut short', ['m=video 0']],
    ['too many lines', Array.from({ length: 5000 }, () => 'a=x')],
    ['too many formats', [`m=video 0 RTP/AVP ${'96 '.repeat(40)}`]],
  ])('refuses %s', (_, lines) => {
    expect(parseSessionDescription(lines.join('\r\n'))).toEqual(expect.any(String));
  });

  it('drops a control that cannot stand in a request', () => {
    expect(parseSessionDescription('a=control:a b\r\nm=video 0 RTP/AVP 96\r\na=control:\u0001')).toMatchObject({
      control: null,
      media: [{ control: null }],
    });
  });

  it('survives any text, and what it finds is in bounds', () => {
    const line = fc.oneof(
      fc.string(),
      fc
        .tuple(fc.constantFrom('m=', 'a=', 'a=control:', 'a=rtpmap:', 'a=fmtp:', 'm=video 0 RTP/AVP ', 'm=audio 1 x '), fc.string())
        .map((parts) => parts.join('')),
      fc.constantFrom(...h264),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const description = parseSessionDescription(lines.join('\r\n'));
        if (typeof description === 'string') return;
        const planned = planTracks(description);
        if (!planned.ok) return;
        expect(planned.video.clockRateHz).toBeGreaterThan(0);
        for (const control of [planned.video.control, planned.audio?.control ?? null]) expect(control ?? '').toMatch(/^[!-~]*$/);
      }),
    );
  });
});
