/**
 * Puts together what a decoder process writes: pictures one after another in one pipe, and in another a line for each (ffmpeg's
 * `framecrc`), which tells its presentation time, here the number it was asked for, and its size. Only so a picture that a damaged
 * frame did not yield, or that came late, cannot be taken for another camera's.
 *
 *     #software: Lavf59.27.100                                  comments
 *     0,          4,          4,        1,    84368, 0x55437094     track, decode time, presentation time, duration, bytes, checksum
 */

/** Pictures are bounded by what the caller knows of their size; an index without pictures, or the reverse, is a broken process. */
const maxLineCharacters = 400;
/**
 * The two pipes are read in any order: a picture and what pushed it out, of a key frame and of the one before, may lie here before their
 * lines do.
 */
const picturesAhead = 4;

export interface PictureListener {
  /** `bytes` are the listener's. */
  onPicture(number: number, bytes: Buffer): void;
}

/** One process. After `false` from a `push` the process is not to be trusted any more. */
export class PictureReader {
  readonly #listener: PictureListener;
  readonly #maxPictureBytes: number;
  #chunks: Buffer[] = [];
  #chunkBytes = 0;
  #text = '';
  /** Pictures announced whose bytes are not all there. */
  readonly #announced: { readonly number: number; readonly sizeBytes: number }[] = [];

  constructor(maxPictureBytes: number, listener: PictureListener) {
    this.#maxPictureBytes = maxPictureBytes;
    this.#listener = listener;
  }

  /** Bytes of pictures (keeps). */
  pushPictures(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#chunkBytes += chunk.length;
    this.#take();
    return this.#chunkBytes <= picturesAhead * this.#maxPictureBytes;
  }

  /** Text of the index. */
  pushIndex(text: string): boolean {
    this.#text += text;
    const lines = this.#text.split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '' || line.startsWith('#')) continue;
      const [, , presentation, , size] = line.split(',').map((field) => Number(field.trim()));
      if (presentation === undefined || size === undefined || !Number.isSafeInteger(presentation) || !Number.isSafeInteger(size)) return false;
      if (size < 1 || size > this.#maxPictureBytes) return false;
      this.#announced.push({ number: presentation, sizeBytes: size });
    }
    this.#take();
    return this.#text.length <= maxLineCharacters;
  }

  #take(): void {
    for (let next = this.#announced[0]; next !== undefined && this.#chunkBytes >= next.sizeBytes; next = this.#announced[0]) {
      const all = this.#chunks.length === 1 && this.#chunks[0] !== undefined ? this.#chunks[0] : Buffer.concat(this.#chunks);
      const rest = all.subarray(next.sizeBytes);
      this.#chunks = rest.length === 0 ? [] : [rest];
      this.#chunkBytes = rest.length;
      this.#announced.shift();
      this.#listener.onPicture(next.number, all.subarray(0, next.sizeBytes));
    }
  }
}
