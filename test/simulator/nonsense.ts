/** Bytes that mean nothing, the same ones each time, so that a failing test fails again. */
import { PACKET_HEADER_BYTES } from './packet-template.ts';

/** Overwrites `bytes` from `start` to `end` with nonsense. */
export function writeNonsense(bytes: Buffer, start: number, end: number, seed: number): void {
  // xorshift32: Marsaglia, "Xorshift RNGs" (2003).
  let state = (seed * 2_654_435_761 + 1) | 0 || 1;
  for (let at = start; at < end; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state & 0xff;
  }
}

/** Overwrites the payload of interleaved RTP packets, whose headers stay. */
export function writeNonsensePackets(bytes: Buffer, packetStarts: readonly number[], seed: number): void {
  packetStarts.forEach((start, index) => {
    writeNonsense(bytes, start + PACKET_HEADER_BYTES, packetStarts[index + 1] ?? bytes.length, seed + index);
  });
}
