/**
 * A seeded source of chance for the demo town.
 *
 * The generator must give the same bytes on every machine, so it never asks `Math.random`. mulberry32 is enough: its
 * period of 2^32 is far above the few hundred thousand draws of one town, and it needs only 32-bit integer arithmetic.
 */

/** A deterministic stream of numbers: the same seed gives the same town. */
export interface Chance {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** True with the given probability, 0 to 1. */
  isLucky(probability: number): boolean;
  /** One of the items; the list must not be empty. */
  pick<T>(items: readonly T[]): T;
}

/** Starts a stream of chance at `seed`, any 32-bit integer. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const between = (low: number, high: number): number => low + (high - low) * next();
  return {
    next,
    between,
    isLucky: (probability) => next() < probability,
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}
