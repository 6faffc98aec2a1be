/**
 * Reads bit fields and Exp-Golomb codes of parameter sets (ITU-T H.264 §7.2 and §9.1, H.265 §7.2 and §9.2).
 * Fails like `ByteReader`: the first read past the end sticks and gives zeros.
 */

/** Cursor over bits, most significant first. */
export class BitReader {
  readonly #bytes: Buffer;
  #bit = 0;
  #isFailed = false;

  /** Borrows `bytes`. For a NAL unit, pass what {@link unescapeNalUnit} returns. */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isFailed(): boolean {
    return this.#isFailed;
  }

  /** Offset of the next bit. */
  get position(): number {
    return this.#bit;
  }

  /** Unsigned value of the next `count` bits, 0 to 32. */
  bits(count: number): number {
    if (this.#isFailed || this.#bit + count > this.#bytes.length * 8) {
      this.#isFailed = true;
      return 0;
    }
    let value = 0;
    for (let left = count; left > 0;) {
      const offset = this.#bit & 7;
      const taken = Math.min(8 - offset, left);
      const part = (this.#bytes[this.#bit >> 3]! >> (8 - offset - taken)) & ((1 << taken) - 1);
      value = value * (1 << taken) + part;
      this.#bit += taken;
      left -= taken;
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  skip(count: number): void {
    if (this.#isFailed || this.#bit + count > this.#bytes.length * 8) this.#isFailed = true;
    else this.#bit += count;
  }

  /** ue(v): 0 to 2^32 − 2. */
  ue(): number {
    let zeros = 0;
    while (!this.#isFailed && this.bits(1) === 0) {
      zeros += 1;
      if (zeros > 32) this.#isFailed = true;
    }
    if (this.#isFailed) return 0;
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v). */
  se(): number {
    const code = this.ue();
    return code % 2 === 1 ? (code + 1) / 2 : 0 - code / 2;
  }
}

/** Copies a NAL unit without its emulation prevention bytes (the 3 of every 0 0 3; H.264 §7.4.1.1, H.265 §7.4.2). */
export function unescapeNalUnit(nalUnit: Buffer): Buffer {
  const out = Buffer.allocUnsafe(nalUnit.length);
  let length = 0;
  let zeros = 0;
  for (const byte of nalUnit) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    out[length] = byte;
    length += 1;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return out.subarray(0, length);
}
