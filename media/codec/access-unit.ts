/** What depacketizers hand on, and the face they share. */
import type { RtpPacket } from '../rtp/rtp-packet.ts';

/** Receives whole access units; the bytes lie in the writer that the depacketizer was given, as its unit in the making. */
export interface AccessUnitListener {
  /**
   * A whole, undamaged unit: the listener commits or drops it in the writer before it returns. `isBidirectional`: it has a
   * B slice, as far as that is cheap to know (H.264).
   */
  onAccessUnit(rtpTimestamp: number, isKeyFrame: boolean, isBidirectional: boolean): void;
  /** A unit was begun and is lost: packets missing, out of bounds, or malformed. The writer has forgotten it. `isKeyFrame`: as far as what came of it tells. */
  onDamagedUnit(isKeyFrame: boolean): void;
  /** Parameter sets other than those known have arrived (between units or within one). */
  onParameterSet(nalUnit: Buffer): void;
}

/** Puts access units together from RTP payloads. */
export interface VideoDepacketizer {
  /** Borrows the packet. */
  push(packet: RtpPacket): void;
  /** Packets are missing before the next one. */
  onLoss(): void;
  /** Throws when the state contradicts itself. For tests. */
  checkInvariants(): void;
}

/** No access unit may be larger: 8 MiB is an intra picture of a 4K camera at its very best, several times over. */
export const MAX_ACCESS_UNIT_BYTES = 8 * 1024 * 1024;
