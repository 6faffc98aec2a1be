import { describe, expect, it } from 'vitest';
import { formatTransport, parseTransport } from '../../../media/rtsp/transport-header.ts';

const tcp = { channels: { rtp: 2, rtcp: 3 }, clientPort: null };
const udp = { channels: { rtp: 256, rtcp: 257 }, clientPort: 50_000 };
const ports = (rtpPort: number | null, rtcpPort: number | null, sourceAddress: string | null = null) => ({ rtpPort, rtcpPort, sourceAddress });

it('asks', () => {
  expect([formatTransport(tcp), formatTransport(udp)]).toEqual(['RTP/AVP/TCP;unicast;interleaved=2-3', 'RTP/AVP;unicast;client_port=50000-50001']);
});

describe('asked for TCP', () => {
  it.each([
    ['RTP/AVP/TCP;unicast;interleaved=4-5', { channels: { rtp: 4, rtcp: 5 }, datagrams: null }],
    ['RTP/AVP/TCP;interleaved = 6', { channels: { rtp: 6, rtcp: 7 }, datagrams: null }],
    ['RTP/AVP/TCP;ssrc=22345684;interleaved=0-1', { channels: { rtp: 0, rtcp: 1 }, datagrams: null }],
    ['RTP/AVP/TCP;unicast', { channels: { rtp: 2, rtcp: 3 }, datagrams: null }],
    ['', { channels: { rtp: 2, rtcp: 3 }, datagrams: null }],
    ['RTP/AVP/TCP;interleaved=300-301', null],
    ['RTP/AVP;unicast;client_port=1-2;server_port=3-4', null],
    ['RTP/AVP/UDP;unicast', null],
    ['RTP/AVP;multicast;destination=239.0.0.1', null],
  ])('%s', (header, route) => {
    expect(parseTransport(header, tcp)).toEqual(route);
  });
});

describe('asked for UDP', () => {
  it.each([
    ['RTP/AVP;unicast;client_port=50000-50001;server_port=6970-6971;ssrc=1234', ports(6970, 6971)],
    ['RTP/AVP;ssrc=22345685;unicast;client_port=54060-54061;server_port=49152-49153', ports(49_152, 49_153)],
    ['RTP/AVP/UDP;unicast;server_port=6970;source=10.0.0.7', ports(6970, 6971, '10.0.0.7')],
    ['RTP/AVP;unicast;source="fe80::1";server_port=6970-6980', ports(6970, 6980, 'fe80::1')],
    ['RTP/AVP;unicast;source=camera.local;server_port=0-0', ports(null, null)],
    ['RTP/AVP;unicast;source=0.0.0.0', ports(null, null)],
    ['RTP/AVP;unicast;server_port=99999-99999', ports(null, null)],
    ['', ports(null, null)],
  ])('%s', (header, datagrams) => {
    expect(parseTransport(header, udp)).toEqual({ channels: udp.channels, datagrams });
  });

  it('takes the connection when the camera insists on it, and refuses what was not asked', () => {
    expect(parseTransport('RTP/AVP/TCP;unicast;interleaved=0-1', udp)).toEqual({ channels: { rtp: 0, rtcp: 1 }, datagrams: null });
    expect(parseTransport('RTP/AVP/TCP;unicast', udp)).toBeNull();
    expect(parseTransport('RTP/AVP;multicast;destination=239.0.0.1;port=5000', udp)).toBeNull();
  });
});
