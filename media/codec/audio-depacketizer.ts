/**
 * Audio from RTP: AAC (RFC 3640 §3.2.1), G.711 (RFC 3551 §4.5.14) and Opus (RFC 7587), the latter two one frame a packet.
 *
 *     AAC: AU-headers-length in bits 16 · { AU-size · AU-Index(-delta) }… padded to a byte · { access unit }…
 */
import { BitReader } from '../bytes/bit-reader.ts';
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import type { SlabWriter } from '../stream/slab-writer.ts';

/** Receives whole audio frames; each lies in the writer as its unit in the making. */
export interface AudioFrameListener {
  /** The listener commits or drops the unit before it returns. */
  onAudioFrame(rtpTimestamp: number): void;
  onDamagedFrame(): void;
}

/** No AAC frame is larger (6,144 bits per channel, 8 channels); G.711 of a second has 8,000 bytes. */
export const MAX_AUDIO_FRAME_BYTES = 16 * 1024;
/** 64 frames of 1,024 samples are 4 s at 16 kHz: nobody waits that long to send sound. */
const MAX_FRAMES_PER_PACKET = 64;

export interface AudioDepacketizer {
  /** Borrows the packet. */
  push(packet: RtpPacket): void;
  onLoss(): void;
}

/** One packet, one frame. */
export class PlainAudioDepacketizer implements AudioDepacketizer {
  readonly #writer: SlabWriter;
  readonly #listener: AudioFrameListener;

  constructor(writer: SlabWriter, listener: AudioFrameListener) {
    this.#writer = writer;
    this.#listener = listener;
  }

  push(packet: RtpPacket): void {
    if (packet.payloadStart === packet.payloadEnd) return;
    if (this.#writer.append(packet.bytes, packet.payloadStart, packet.payloadEnd)) this.#listener.onAudioFrame(packet.timestamp);
    else this.#listener.onDamagedFrame();
  }

  onLoss(): void {
    this.#listener.onDamagedFrame();
  }
}

/** Several frames a packet, or one frame in several packets. */
export class AacDepacketizer implements AudioDepacketizer {
  readonly #writer: SlabWriter;
  readonly #listener: AudioFrameListener;
  readonly #sizeLengthBits: number;
  readonly #indexLengthBits: number;
  readonly #ticksPerFrame: number;
  /** Bytes that a fragmented frame still lacks; 0 when none is open. */
  #missingBytes = 0;

  /** Field widths as the description gives them (RFC 3640 §4.1); `ticksPerFrame` in units of the RTP clock. */
  constructor(writer: SlabWriter, listener: AudioFrameListener, sizeLengthBits: number, indexLengthBits: number, ticksPerFrame: number) {
    this.#writer = writer;
    this.#listener = listener;
    this.#sizeLengthBits = sizeLengthBits;
    this.#indexLengthBits = indexLengthBits;
    this.#ticksPerFrame = ticksPerFrame;
  }

  push(packet: RtpPacket): void {
    const { bytes, payloadStart, payloadEnd, timestamp } = packet;
    const headerBits = payloadEnd - payloadStart < 2 ? 0 : bytes.readUInt16BE(payloadStart);
    const entryBits = this.#sizeLengthBits + this.#indexLengthBits;
    const frameCount = Math.floor(headerBits / entryBits);
    let dataStart = payloadStart + 2 + Math.ceil(headerBits / 8);
    if (frameCount === 0 || frameCount > MAX_FRAMES_PER_PACKET || dataStart > payloadEnd) {
      this.#abandon();
      return;
    }
    const headers = new BitReader(bytes.subarray(payloadStart + 2, dataStart));
    for (let index = 0; index < frameCount; index += 1) {
      const sizeBytes = headers.bits(this.#sizeLengthBits);
      headers.skip(this.#indexLengthBits);
      if (frameCount === 1 && (this.#missingBytes > 0 || sizeBytes > payloadEnd - dataStart)) {
        this.#pushFragment(packet, dataStart, sizeBytes);
        return;
      }
      if (this.#missingBytes > 0) this.#abandon();
      // A frame of nothing is no frame, but its time passes.
      if (sizeBytes === 0) continue;
      const end = dataStart + sizeBytes;
      if (end > payloadEnd || !this.#writer.append(bytes, dataStart, end)) {
        this.#abandon();
        return;
      }
      this.#listener.onAudioFrame((timestamp + index * this.#ticksPerFrame) >>> 0);
      dataStart = end;
    }
  }

  onLoss(): void {
    this.#abandon();
  }

  #pushFragment(packet: RtpPacket, start: number, sizeBytes: number): void {
    if (this.#missingBytes === 0) this.#missingBytes = sizeBytes;
    const partBytes = packet.payloadEnd - start;
    if (partBytes > this.#missingBytes || !this.#writer.append(packet.bytes, start, packet.payloadEnd)) {
      this.#abandon();
      return;
    }
    this.#missingBytes -= partBytes;
    if (this.#missingBytes === 0) this.#listener.onAudioFrame(packet.timestamp);
    else if (packet.hasMarker) this.#abandon();
  }

  #abandon(): void {
    this.#missingBytes = 0;
    this.#writer.dropUnit();
    this.#listener.onDamagedFrame();
  }
}
