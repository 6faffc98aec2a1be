/**
 * Reads big-endian fields of untrusted bytes. The first read past the end makes the reader *failed*: from then on every
 * read gives 0 or an empty view, so that a parser reads straight through and asks {@link ByteReader.isFailed} once.
 */

/** Cursor over a byte range that it never leaves. */
export class ByteReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #position: number;
  #isFailed = false;

  /** Borrows `bytes`; a range outside of them is cut to what is there. */
  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#end = Math.max(0, Math.min(end, bytes.length));
    this.#position = Math.max(0, Math.min(start, this.#end));
  }

  /** True once something was read that is not there. */
  get isFailed(): boolean {
    return this.#isFailed;
  }

  /** Offset of the next byte in the buffer given to the constructor. */
  get position(): number {
    return this.#position;
  }

  /** Bytes that are left; 0 after a failure. */
  get remaining(): number {
    return this.#isFailed ? 0 : this.#end - this.#position;
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.#bytes[at]!;
  }

  u16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : this.#bytes.readUInt16BE(at);
  }

  u24(): number {
    const at = this.#take(3);
    return at < 0 ? 0 : this.#bytes.readUIntBE(at, 3);
  }

  u32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#bytes.readUInt32BE(at);
  }

  skip(sizeBytes: number): void {
    this.#take(sizeBytes);
  }

  /** The next `sizeBytes` as a view on the reader's bytes (borrows); empty when they are not there. */
  view(sizeBytes: number): Buffer {
    const at = this.#take(sizeBytes);
    return at < 0 ? this.#bytes.subarray(0, 0) : this.#bytes.subarray(at, at + sizeBytes);
  }

  #take(sizeBytes: number): number {
    if (this.#isFailed || sizeBytes < 0 || sizeBytes > this.#end - this.#position) {
      this.#isFailed = true;
      return -1;
    }
    const at = this.#position;
    this.#position += sizeBytes;
    return at;
  }
}
