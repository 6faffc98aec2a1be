import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamTracks, VideoTrack } from '../../../media/stream/frame.ts';
import { addHostCandidates, writeCanonicalOffer } from '../../../media/webrtc/canonical-offer.ts';
import { chooseCodecs } from '../../../media/webrtc/codec-choice.ts';
import { parseWhepOffer, type WhepOffer } from '../../../media/webrtc/whep-offer.ts';
import { chromiumOffer } from '../../support/chromium-offer.ts';

function read(text: string): WhepOffer {
  const reading = parseWhepOffer(text);
  if (!reading.ok) throw new Error(reading.detail);
  return reading.offer;
}

function refusalOf(text: string): string {
  const reading = parseWhepOffer(text);
  return reading.ok ? 'accepted' : reading.detail;
}

const video: VideoTrack = {
  codec: 'h264',
  clockRateHz: 90_000,
  width: 1,
  height: 1,
  codecString: 'avc1.64001F',
  vps: [],
  sps: [],
  pps: [],
  hasReordering: false,
};

function tracks(changes: Partial<VideoTrack>, audio: StreamTracks['audio'] = null): StreamTracks {
  return { generation: 1, video: { ...video, ...changes }, audio };
}

const g711 = { codec: 'pcma' as const, clockRateHz: 8000, channels: 1, config: Buffer.alloc(0), codecString: 'alaw' };

describe('parseWhepOffer', () => {
  it('reads what Chromium offers', () => {
    const offer = read(chromiumOffer());
    expect(offer.sections.map((section) => [section.kind, section.mid, section.isReceiving])).toEqual([
      ['video', '0', true],
      ['audio', '1', true],
      ['application', '2', true],
    ]);
    expect(offer.iceUfrag).toBe('Qh0D');
    expect(offer.setup).toBe('actpass');
    // Names ending in .local are left out: the viewer's checks reveal its address.
    expect(offer.candidates).toEqual([{ line: 'candidate:1 1 udp 2113937151 192.0.2.9 52299 typ host generation 0' }]);
  });

  it.each<[string, (text: string) => string, RegExp]>([
    ['empty', () => '', /begin/],
    ['not SDP', () => '{"sdp":1}', /begin/],
    ['without media', (text) => text.slice(0, text.indexOf('m=')), /ice-ufrag/],
    ['without ICE password', (text) => text.replaceAll(/a=ice-pwd.*\r\n/g, ''), /ice-pwd/],
    ['with a weak ICE password', (text) => text.replaceAll(/a=ice-pwd.*/g, 'a=ice-pwd:abcd'), /ice-pwd/],
    ['with an injected fingerprint', (text) => text.replaceAll(/a=fingerprint:.*/g, 'a=fingerprint:sha-256 00:11;rm'), /fingerprint/],
    ['with an old hash', (text) => text.replaceAll('sha-256', 'sha-1'), /fingerprint/],
    ['not bundled', (text) => text.replace(/a=group:BUNDLE.*\r\n/, ''), /bundled/],
    ['with the same mid twice', (text) => text.replace('a=mid:1', 'a=mid:0'), /same mid/],
    ['with a mid of spaces', (text) => text.replace('a=mid:1', 'a=mid:1 2'), /mid/],
    ['plain RTP', (text) => text.replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/AVP'), /protocol/],
    ['with too many sections', (text) => text + text.slice(text.indexOf('m=')).repeat(4), /too many/],
    ['too long', (text) => text + 'a=x\r\n'.repeat(20_000), /too long/],
  ])('refuses one that is %s', (_name, change, detail) => {
    expect(refusalOf(change(chromiumOffer()))).toMatch(detail);
  });

  it('answers any mutation of an offer, and hands on only checked text', () => {
    const lines = chromiumOffer().split('\r\n');
    const mutation = fc.record({
      at: fc.nat(lines.length - 1),
      action: fc.constantFrom('drop', 'double', 'swap', 'cut', 'noise'),
      other: fc.nat(lines.length - 1),
      noise: fc.string({ unit: 'binary', maxLength: 80 }),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 12 }), (mutations) => {
        const mutated = [...lines];
        for (const { at, action, other, noise } of mutations) {
          const line = mutated[at] ?? '';
          if (action === 'drop') mutated[at] = '';
          else if (action === 'double') mutated[at] = `${line}\r\n${line}`;
          else if (action === 'swap') mutated[at] = mutated[other] ?? '';
          else if (action === 'cut') mutated[at] = line.slice(0, line.length / 2);
          else mutated[at] = line + noise;
        }
        const reading = parseWhepOffer(mutated.join('\r\n'));
        if (!reading.ok) return reading.detail !== '';
        const choice = chooseCodecs(reading.offer, tracks({}, g711));
        const chosen = choice.ok ? [choice.video, ...(choice.audio === null ? [] : [choice.audio])] : [];
        return /^[\x20-\x7e\r\n]*$/.test(writeCanonicalOffer(reading.offer, chosen));
      }),
      { numRuns: 500 },
    );
  });

  it('answers any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((text) => `v=0\r\n${text}`),
        ),
        (text) => !parseWhepOffer(text).ok,
      ),
      { numRuns: 500 },
    );
  });
});

describe('chooseCodecs', () => {
  it.each<[string, string, number]>([
    ['its own profile: Main', 'avc1.4d001f', 116],
    ['its own profile: Constrained Baseline', 'avc1.42e01f', 102],
    ['the highest there is for High', 'avc1.640028', 41],
  ])('takes %s', (_name, codecString, payloadType) => {
    const choice = chooseCodecs(read(chromiumOffer()), tracks({ codecString }));
    expect(choice.ok && choice.video.format.payloadType).toBe(payloadType);
  });

  it('takes only packetization-mode 1', () => {
    const offer = read(chromiumOffer().replaceAll('packetization-mode=1', 'packetization-mode=0'));
    expect(chooseCodecs(offer, tracks({}))).toMatchObject({ ok: false, refusal: 'codec-not-offered' });
  });

  it('takes H.265 where the browser offers it, and says when it does not', () => {
    expect(chooseCodecs(read(chromiumOffer()), tracks({ codec: 'h265' }))).toMatchObject({ ok: false, refusal: 'codec-not-offered' });
    const offer = read(chromiumOffer().replace('a=rtpmap:96 VP8/90000', 'a=rtpmap:96 H265/90000'));
    expect(chooseCodecs(offer, tracks({ codec: 'h265' }))).toMatchObject({ ok: true, video: { format: { payloadType: 96 } } });
  });

  it('refuses B-frames', () => {
    expect(chooseCodecs(read(chromiumOffer()), tracks({ hasReordering: true }))).toMatchObject({ ok: false, refusal: 'reordering-not-supported' });
  });

  it('sends along audio that fits, and leaves out AAC', () => {
    const offer = read(chromiumOffer());
    expect(chooseCodecs(offer, tracks({}, g711))).toMatchObject({ audio: { mid: '1', format: { payloadType: 8 } } });
    expect(chooseCodecs(offer, tracks({}, { ...g711, codec: 'opus', clockRateHz: 48_000 }))).toMatchObject({
      audio: { format: { payloadType: 111 } },
    });
    expect(chooseCodecs(offer, tracks({}, { ...g711, codec: 'aac', clockRateHz: 16_000 }))).toMatchObject({ ok: true, audio: null });
    expect(chooseCodecs(offer, tracks({}, { ...g711, clockRateHz: 16_000 }))).toMatchObject({ ok: true, audio: null });
  });

  it('refuses an offer that does not ask for video', () => {
    const offer = read(chromiumOffer().replace('a=recvonly', 'a=sendonly'));
    expect(chooseCodecs(offer, tracks({}))).toMatchObject({ ok: false, refusal: 'offer-invalid' });
  });
});

describe('addHostCandidates', () => {
  const answer = [
    'v=0',
    'm=video 9 X 1',
    'a=mid:0',
    'a=candidate:1 1 UDP 5 192.0.2.2 8189 typ host',
    'a=end-of-candidates',
    'm=audio 9 X 1',
    'a=mid:1',
    '',
  ];

  it('adds what the library left out to the first section, and doubles nothing', () => {
    const lines = addHostCandidates(answer.join('\r\n'), ['127.0.0.1', '192.0.2.2', '203.0.113.5'], 8189).split('\r\n');
    expect(lines.filter((line) => line.startsWith('a=candidate:')).map((line) => line.split(' ')[4])).toEqual([
      '192.0.2.2',
      '127.0.0.1',
      '203.0.113.5',
    ]);
    expect(lines.indexOf('a=end-of-candidates')).toBeLessThan(lines.indexOf('m=audio 9 X 1'));
    expect(lines.filter((line) => line === 'a=end-of-candidates')).toHaveLength(1);
  });

  it('works with a single section', () => {
    const lines = addHostCandidates(answer.slice(0, 5).join('\r\n'), ['127.0.0.1'], 8189).split('\r\n');
    expect(lines.slice(-3)).toEqual([expect.stringContaining('127.0.0.1 8189 typ host'), 'a=end-of-candidates', '']);
  });
});
