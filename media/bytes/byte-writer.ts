/** Writes big-endian numbers and bytes into a buffer that was sized beforehand. */

/**
 * A cursor over a buffer. Hot. The buffer must be large enough: writing past its end throws a `RangeError`, which is a
 * bug of whoever computed the size.
 */
export class ByteWriter {
  /** *Keeps*: the caller owns it and hands it on when everything is written. */
  readonly bytes: Buffer;
  /** Offset of the next byte. */
  position: number;

  constructor(bytes: Buffer, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }

  u8(value: number): void {
    this.position = this.bytes.writeUInt8(value, this.position);
  }

  u16(value: number): void {
    this.position = this.bytes.writeUInt16BE(value, this.position);
  }

  u24(value: number): void {
    this.position = this.bytes.writeUIntBE(value, this.position, 3);
  }

  u32(value: number): void {
    this.position = this.bytes.writeUInt32BE(value, this.position);
  }

  i32(value: number): void {
    this.position = this.bytes.writeInt32BE(value, this.position);
  }

  /** `value` is a whole number from 0 to 2^53 − 1; two 32-bit halves, without `BigInt`. */
  u64(value: number): void {
    const high = Math.floor(value / 0x1_0000_0000);
    this.u32(high);
    this.u32(value - high * 0x1_0000_0000);
  }

  /** Four characters of ASCII, such as a box type; longer texts as they are. */
  ascii(text: string): void {
    for (let at = 0; at < text.length; at++) this.u8(text.charCodeAt(at));
  }

  /** *Copies*. */
  raw(source: Uint8Array): void {
    if (this.position + source.length > this.bytes.length) throw new RangeError('no room for the bytes');
    this.bytes.set(source, this.position);
    this.position += source.length;
  }

  zeros(count: number): void {
    this.bytes.fill(0, this.position, this.position + count);
    this.position += count;
  }

  /** Writes a 32-bit number at an offset already passed: sizes that are known afterwards. */
  patchU32(offset: number, value: number): void {
    this.bytes.writeUInt32BE(value, offset);
  }
}
