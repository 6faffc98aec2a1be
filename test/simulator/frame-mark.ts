/**
 * The frame mark: a strip of black and white blocks in the bottom-left corner of every simulated picture, by which a
 * test reads back which frame of the loop it is looking at, after any decoder, browser or recording.
 *
 *     block   0 1 2 3 | 4 ... 15          | 16         | 17
 *     value   1 0 1 1 | 12-bit loop frame | odd parity | 0
 *             sync      most significant    of the 12
 *                       bit first           bits
 *
 * A block is a square of 1/80 of the picture's width (16 px at 1280, 8 px at 640), so that the strip survives
 * scaling. It lies flush with the left and bottom edges. White is 1. Odd parity makes an all-black or all-white corner
 * unreadable rather than frame 0 or 4095.
 *
 * Runs in Node and in a browser: on a luma plane, or on canvas pixels with a pixel stride of 4.
 */

/** Blocks in the strip. */
export const FRAME_MARK_BLOCKS = 18;

/** Largest loop frame index the mark can carry: 12 bits. */
export const FRAME_MARK_MAX_INDEX = 4095;

const SYNC = [1, 0, 1, 1] as const;
const INDEX_BITS = 12;
/** The strip's blocks per picture width. */
const BLOCKS_PER_WIDTH = 80;
/** Levels between these are too grey to trust; pure video black is 16 and white 235, and a coarse encoder smears both. */
const DARK_BELOW = 96;
const LIGHT_ABOVE = 160;

/**
 * The blocks for a loop frame, left to right, 1 for white.
 *
 * Throws a RangeError if the index is not an integer from 0 to {@link FRAME_MARK_MAX_INDEX}.
 */
export function frameMarkBlocks(loopFrame: number): readonly number[] {
  if (!Number.isInteger(loopFrame) || loopFrame < 0 || loopFrame > FRAME_MARK_MAX_INDEX) {
    throw new RangeError(`loop frame ${loopFrame} does not fit the frame mark`);
  }
  const bits = indexBits(loopFrame);
  return [...SYNC, ...bits, oddParity(bits), 0];
}

/**
 * Draws the mark into a picture of interleaved 8-bit channels.
 *
 * @param pixels borrows; the first three channels of each pixel (all, if it has fewer) are overwritten
 * @param pixelStride bytes from one pixel to the next: 1 for a luma plane, 4 for RGBA
 */
export function drawFrameMark(pixels: Uint8Array | Uint8ClampedArray, width: number, height: number, loopFrame: number, pixelStride = 1): void {
  const block = width / BLOCKS_PER_WIDTH;
  const channels = Math.min(3, pixelStride);
  frameMarkBlocks(loopFrame).forEach((value, index) => {
    for (let y = Math.round(height - block); y < height; y++) {
      for (let x = Math.round(index * block); x < Math.round((index + 1) * block); x++) {
        const at = (y * width + x) * pixelStride;
        pixels.fill(value * 255, at, at + channels);
      }
    }
  });
}

/**
 * Reads the loop frame index from a picture, or null when the picture carries no readable mark (black, another
 * picture, too blurred).
 *
 * @param luma borrows; a luma plane, or canvas pixels (any one channel serves, since the mark is grey)
 * @param stride bytes from one row to the next
 * @param pixelStride bytes from one pixel to the next: 1 for a luma plane, 4 for canvas RGBA
 */
export function readFrameMark(luma: Uint8Array | Uint8ClampedArray, width: number, height: number, stride: number, pixelStride = 1): number | null {
  const block = width / BLOCKS_PER_WIDTH;
  if (block < 2 || height < block) return null;
  const values: number[] = [];
  for (let index = 0; index < FRAME_MARK_BLOCKS; index++) {
    const level = blockLevel(luma, index, block, height, stride, pixelStride);
    if (level === null || (level >= DARK_BELOW && level <= LIGHT_ABOVE)) return null;
    values.push(level > LIGHT_ABOVE ? 1 : 0);
  }
  if (SYNC.some((value, index) => values[index] !== value)) return null;
  const bits = values.slice(SYNC.length, SYNC.length + INDEX_BITS);
  if (values[SYNC.length + INDEX_BITS] !== oddParity(bits)) return null;
  if (values[FRAME_MARK_BLOCKS - 1] !== 0) return null;
  return bits.reduce((number, bit) => number * 2 + bit, 0);
}

function indexBits(loopFrame: number): number[] {
  return Array.from({ length: INDEX_BITS }, (_, bit) => (loopFrame >> (INDEX_BITS - 1 - bit)) & 1);
}

function oddParity(bits: readonly number[]): number {
  return 1 - (bits.reduce((sum, bit) => sum + bit, 0) % 2);
}

/** Mean level of the middle half of a block, where neighbouring blocks do not bleed in; null outside the picture. */
function blockLevel(
  luma: Uint8Array | Uint8ClampedArray,
  index: number,
  block: number,
  height: number,
  stride: number,
  pixelStride: number,
): number | null {
  let sum = 0;
  let count = 0;
  for (let y = Math.floor(height - block * 0.75); y < height - block * 0.25; y++) {
    for (let x = Math.floor((index + 0.25) * block); x < (index + 0.75) * block; x++) {
      const value = luma[y * stride + x * pixelStride];
      if (value === undefined) return null;
      sum += value;
      count++;
    }
  }
  return count === 0 ? null : sum / count;
}
