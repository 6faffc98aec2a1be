/** Does a series grow? The trend that single peaks do not bend. */

export interface Sample {
  readonly atSeconds: number;
  readonly value: number;
}

/** Growth per second: the median of the slopes between all pairs of samples (Theil and Sen); 0 for fewer than two. */
export function trendPerSecond(samples: readonly Sample[]): number {
  const slopes = samples.flatMap((earlier, index) =>
    samples
      .slice(index + 1)
      .filter((later) => later.atSeconds > earlier.atSeconds)
      .map((later) => (later.value - earlier.value) / (later.atSeconds - earlier.atSeconds)),
  );
  slopes.sort((a, b) => a - b);
  const middle = Math.floor(slopes.length / 2);
  const upper = slopes[middle] ?? 0;
  return slopes.length % 2 === 1 ? upper : ((slopes[middle - 1] ?? 0) + upper) / 2;
}
