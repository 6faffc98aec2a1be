/**
 * The `Transport` header of SETUP: how the packets of one track shall travel, and how the camera says they will
 * (RFC 2326 §12.39).
 *
 *     RTP/AVP/TCP;unicast;interleaved=0-1
 *     RTP/AVP;unicast;client_port=50000-50001            answered with …;server_port=6970-6971;source=10.0.0.5
 */
import { isIP } from 'node:net';

/**
 * Where the packets of one track arrive. Up to 255: channels of the RTSP connection (RFC 2326 §10.12). From
 * {@link FIRST_DATAGRAM_CHANNEL} up: our numbers for UDP ports, so that whoever receives packets needs not know how they came.
 */
export interface TrackChannels {
  readonly rtp: number;
  readonly rtcp: number;
}

/** Above every interleaved channel, which is one byte. */
export const FIRST_DATAGRAM_CHANNEL = 256;

/** The camera's end of a track that comes by UDP. */
export interface DatagramPeer {
  /** Null: the camera did not say; it shows with the first packet. */
  readonly rtpPort: number | null;
  readonly rtcpPort: number | null;
  /** Address that packets come from when it is another one than the connection's. */
  readonly sourceAddress: string | null;
}

/** How one track travels. `datagrams` is null over TCP. */
export interface TrackRoute {
  readonly channels: TrackChannels;
  readonly datagrams: DatagramPeer | null;
}

/** What is asked of the camera; `clientPort` is our even RTP port, or null for the RTSP connection itself. */
export interface AskedRoute {
  readonly channels: TrackChannels;
  readonly clientPort: number | null;
}

/** The header of our SETUP. */
export function formatTransport({ channels, clientPort }: AskedRoute): string {
  if (clientPort === null) return `RTP/AVP/TCP;unicast;interleaved=${channels.rtp}-${channels.rtcp}`;
  return `RTP/AVP;unicast;client_port=${clientPort}-${clientPort + 1}`;
}

/** What the camera's answer means; null when it chose what was not offered. */
export function parseTransport(header: string, asked: AskedRoute): TrackRoute | null {
  // A camera that was asked for UDP and answers with channels of the connection is taken at its word: they need no port.
  const interleaved = /interleaved\s*=\s*(\d{1,3})(?:-(\d{1,3}))?/i.exec(header);
  if (interleaved !== null) return interleavedRoute(interleaved);
  if (/;\s*multicast/i.test(header)) return null;
  if (asked.clientPort === null) {
    if (/RTP\/AVP(\/UDP)?\s*;/i.test(header)) return null;
    // Quirk: an answer without `interleaved` means the channels asked for.
    return { channels: asked.channels, datagrams: null };
  }
  if (/RTP\/AVP\/TCP/i.test(header)) return null;
  const server = /server_port\s*=\s*(\d{1,5})(?:-(\d{1,5}))?/i.exec(header);
  const rtpPort = portNumber(server?.[1]);
  const source = /source\s*=\s*"?\[?([0-9a-fA-F.:]+)/i.exec(header)?.[1] ?? '';
  return {
    channels: asked.channels,
    datagrams: {
      rtpPort,
      rtcpPort: portNumber(server?.[2]) ?? (rtpPort === null ? null : portNumber(String(rtpPort + 1))),
      // A name would have to be resolved, and "0.0.0.0" is what cameras write that do not know their own address.
      sourceAddress: isIP(source) === 0 || /^[0.:]+$/.test(source) ? null : source,
    },
  };
}

function interleavedRoute(match: RegExpExecArray): TrackRoute | null {
  const rtp = Number(match[1]);
  const rtcp = match[2] === undefined ? rtp + 1 : Number(match[2]);
  return rtp <= 255 && rtcp <= 255 ? { channels: { rtp, rtcp }, datagrams: null } : null;
}

/** Quirk: a port of 0 means that the camera does not say. */
function portNumber(text: string | undefined): number | null {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port <= 65_535 ? port : null;
}
