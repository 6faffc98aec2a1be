/**
 * A network that loses, delays and reorders datagrams, the same way for the same seed. Pure: it says what becomes of the
 * next packet, whoever sends carries it out.
 */
import type { CameraConfig } from './camera-config.ts';

/** What becomes of a packet: lost, or sent after so many milliseconds and behind so many of its successors. */
export interface PacketFate {
  readonly isLost: boolean;
  readonly delayMs: number;
  readonly behindPackets: number;
}

/** A packet that is to be reordered waits for so many others. */
const REORDER_DISTANCE = 3;

/** Fates in order, one per call. */
export function createImpairedNetwork({ lossRate, reorderRate, jitterMs, seed }: CameraConfig['network']): () => PacketFate {
  const random = seededRandom(seed);
  return () => {
    // Three draws for every packet, so that changing one rate does not change what the others decide.
    const [loss, reorder, jitter] = [random(), random(), random()];
    return { isLost: loss < lossRate, delayMs: jitter * jitterMs, behindPackets: reorder < reorderRate ? REORDER_DISTANCE : 0 };
  };
}

/** Numbers from 0 to under 1; a Weyl sequence through an integer hash, which is random enough for packets. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}
