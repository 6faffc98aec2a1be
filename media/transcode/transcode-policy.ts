/** Decisions about transcodes: how large, how many, when again. */

/** Size in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Sessions that a consumer GPU's encoder takes at once (NVIDIA's limit). */
const gpuLimit = 8;
const longestRestartMs = 30_000;

/** The largest even size of the same shape, at most `maxWidth` wide and 9/16 of it high; never larger than the picture. */
export function decideSize({ width, height }: PictureSize, maxWidth: number): PictureSize {
  const scale = Math.min(1, maxWidth / width, (maxWidth * 9) / 16 / height);
  return { width: evenSide(width * scale), height: evenSide(height * scale) };
}

/** Transcodes at once: as set, else by what there is to encode with. 0: none. */
export function decideLimit(setting: number | null, cores: number, isOnGpu: boolean): number {
  if (setting !== null) return setting;
  return isOnGpu ? gpuLimit : Math.max(1, Math.floor(cores / 2));
}

/** Wait before the next process after `failures` in a row, at least 1. */
export function decideRestartDelay(failures: number): number {
  return Math.min(longestRestartMs, 1000 * 2 ** Math.min(10, failures - 1));
}

function evenSide(pixels: number): number {
  return Math.max(2, 2 * Math.floor(pixels / 2 + 1e-6));
}
