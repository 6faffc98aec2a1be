/**
 * A WebRTC viewer without a browser, on libdatachannel: makes an offer, keeps the packets that arrive as they were on the wire
 * below SRTP, and says by RTCP and data channel what a test wants said.
 */
import nodeDataChannel from 'node-datachannel';

export interface WhepPeerOptions {
  readonly video?: 'H264' | 'H265';
  /** Static payload types of G.711, or Opus. */
  readonly audio?: 'PCMA' | 'PCMU' | 'OPUS' | null;
  /** False makes an offer without the data channel `clock`. */
  readonly hasChannel?: boolean;
  /** Gets video packets as they come, borrowed; nothing is kept then. */
  readonly onVideo?: (packet: Buffer) => void;
}

const videoFormats = {
  H264: { payloadType: 102, parameters: 'packetization-mode=1;profile-level-id=42e01f' },
  H265: { payloadType: 49, parameters: '' },
} as const;

export interface ReceivedPacket {
  readonly payloadType: number;
  readonly hasMarker: boolean;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Buffer;
}

/** Reads an RTP packet without extensions (RFC 3550 §5.1). */
export function readRtpPacket(packet: Buffer): ReceivedPacket {
  return {
    payloadType: packet.readUInt8(1) & 0x7f,
    hasMarker: (packet.readUInt8(1) & 0x80) !== 0,
    sequenceNumber: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    payload: Buffer.from(packet.subarray(12)),
  };
}

/** Packet types 192–223 are RTCP (RFC 5761 §4). */
function isRtcp(packet: Buffer): boolean {
  const type = packet.readUInt8(1);
  return type >= 192 && type <= 223;
}

export class WhepPeer {
  readonly video: ReceivedPacket[] = [];
  readonly audio: ReceivedPacket[] = [];
  /** Compound packets from the node. */
  readonly rtcp: Buffer[] = [];
  /** Parsed texts of the data channel. */
  readonly texts: Record<string, unknown>[] = [];
  readonly #connection: InstanceType<typeof nodeDataChannel.PeerConnection>;
  readonly #videoTrack: ReturnType<InstanceType<typeof nodeDataChannel.PeerConnection>['addTrack']>;
  readonly #tracks: { close(): void }[] = [];
  readonly #channel: ReturnType<InstanceType<typeof nodeDataChannel.PeerConnection>['createDataChannel']> | null = null;
  state = 'new';

  constructor(options: WhepPeerOptions = {}) {
    this.#connection = new nodeDataChannel.PeerConnection('viewer', { iceServers: [], disableAutoNegotiation: true });
    this.#connection.onStateChange((state) => (this.state = state));
    const { payloadType, parameters } = videoFormats[options.video ?? 'H264'];
    const video = new nodeDataChannel.Video('0', 'RecvOnly');
    video.addVideoCodec(payloadType, options.video ?? 'H264', parameters);
    this.#videoTrack = this.#connection.addTrack(video);
    this.#tracks.push(this.#videoTrack);
    // Without a media handler every packet arrives here, sender reports included, and RTCP may be sent by hand.
    this.#videoTrack.onMessage((packet) => {
      if (isRtcp(packet)) this.rtcp.push(Buffer.from(packet));
      else if (options.onVideo !== undefined) options.onVideo(packet);
      else this.video.push(readRtpPacket(packet));
    });
    if (options.audio != null) {
      const audio = new nodeDataChannel.Audio('1', 'RecvOnly');
      if (options.audio === 'OPUS') audio.addOpusCodec(111);
      else audio.addAudioCodec(options.audio === 'PCMA' ? 8 : 0, options.audio);
      const track = this.#connection.addTrack(audio);
      this.#tracks.push(track);
      track.onMessage((packet) => {
        if (!isRtcp(packet)) this.audio.push(readRtpPacket(packet));
      });
    }
    if (options.hasChannel === false) return;
    this.#channel = this.#connection.createDataChannel('clock');
    this.#channel.onMessage((text) => {
      if (typeof text === 'string') this.texts.push(JSON.parse(text));
    });
  }

  /** The offer with all candidates. */
  offer(): Promise<string> {
    return new Promise((resolve) => {
      this.#connection.onGatheringStateChange((state) => {
        if (state === 'complete') resolve(this.#connection.localDescription()?.sdp ?? '');
      });
      this.#connection.setLocalDescription('offer');
    });
  }

  accept(answerSdp: string): void {
    this.#connection.setRemoteDescription(answerSdp, 'answer');
  }

  sendRtcp(packet: Buffer): void {
    this.#videoTrack.sendMessageBinary(packet);
  }

  say(message: unknown): void {
    this.#channel?.sendMessage(JSON.stringify(message));
  }

  close(): void {
    this.#connection.close();
    for (const track of this.#tracks.splice(0)) track.close();
    this.#channel?.close();
  }
}
