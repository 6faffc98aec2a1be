import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxFragmentBytes, parseTrickleFragment } from '../../../media/webrtc/trickle-fragment.ts';

const fragment = [
  'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=ice-ufrag:EsAw',
  'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
  'a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1',
  'a=candidate:3471623853 1 udp 2122194687 198.51.100.2 61765 typ host generation 0 ufrag EsAw network-id 2',
  'a=candidate:473322822 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active generation 0',
  'a=candidate:9 1 udp 2113937151 c73c4a10-ee29-457d-908d-b4e2100f715b.local 52299 typ host',
  'a=end-of-candidates',
  '',
];

describe('parseTrickleFragment', () => {
  it.each(['\r\n', '\n'])('reads credentials and usable candidates, lines ended by %j', (end) => {
    expect(parseTrickleFragment(fragment.join(end))).toEqual({
      iceUfrag: 'EsAw',
      icePwd: 'P2uYro0UCOQ4zxjKXaWCBui1',
      candidates: [fragment[5]?.slice(2), fragment[6]?.slice(2)],
    });
  });

  it('takes the end of candidates alone', () => {
    expect(parseTrickleFragment('a=end-of-candidates\r\n')).toEqual({ iceUfrag: null, icePwd: null, candidates: [] });
  });

  it.each([['hello'], [''], ['m=audio 9 X 0\r\n'], ['v=0\r\n'], ['{"candidate":""}'], [`a=ice-ufrag:x\r\n${'a=x\r\n'.repeat(maxFragmentBytes)}`]])(
    'refuses %.20j',
    (text) => {
      expect(parseTrickleFragment(text)).toBeNull();
    },
  );

  it('bounds the candidates, and never throws', () => {
    const many = Array.from({ length: 100 }, () => fragment[5]).join('\r\n');
    expect(parseTrickleFragment(many)?.candidates).toHaveLength(24);
    const line = fc.oneof(fc.constantFrom(...fragment), fc.string());
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const read = parseTrickleFragment(lines.join('\r\n'));
        for (const candidate of read?.candidates ?? []) expect(candidate).not.toMatch(/[\r\n]|local/);
      }),
    );
  });
});
