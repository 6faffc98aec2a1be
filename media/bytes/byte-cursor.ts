/** Writes big-endian fields into a buffer whose size was computed beforehand. */

/** Cursor over a buffer; throws when the buffer is too small, for then the size was computed wrongly: a bug of ours. */
export class ByteCursor {
  readonly bytes: Buffer;
  #position: number;

  constructor(bytes: Buffer, position = 0) {
    this.bytes = bytes;
    this.#position = position;
  }

  get position(): number {
    return this.#position;
  }

  u8(value: number): this {
    this.#position = this.bytes.writeUInt8(value, this.#position);
    return this;
  }

  u16(value: number): this {
    this.#position = this.bytes.writeUInt16BE(value, this.#position);
    return this;
  }

  u24(value: number): this {
    this.#position = this.bytes.writeUIntBE(value, this.#position, 3);
    return this;
  }

  u32(value: number): this {
    this.#position = this.bytes.writeUInt32BE(value, this.#position);
    return this;
  }

  /** Copies `source` in whole. */
  copy(source: Buffer): this {
    if (source.length > this.bytes.length - this.#position) throw new RangeError('source is longer than the room left');
    source.copy(this.bytes, this.#position);
    this.#position += source.length;
    return this;
  }
}
