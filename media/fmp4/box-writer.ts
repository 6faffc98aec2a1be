/**
 * Boxes of the ISO base media file format, written with a cursor.
 *
 *     Box      size:32 type:32 …                          ISO/IEC 14496-12:2022 §4.2
 *     FullBox  size:32 type:32 version:8 flags:24 …       §4.2
 */
import type { ByteWriter } from '../bytes/byte-writer.ts';

/** Begins a box; {@link endBox} takes the answer. */
export function beginBox(writer: ByteWriter, type: string): number {
  const start = writer.position;
  writer.u32(0);
  writer.ascii(type);
  return start;
}

/** Begins a box with version and flags. */
export function beginFullBox(writer: ByteWriter, type: string, version: number, flags: number): number {
  const start = beginBox(writer, type);
  writer.u8(version);
  writer.u24(flags);
  return start;
}

/** Ends the box begun at `start`: writes its size. */
export function endBox(writer: ByteWriter, start: number): void {
  writer.patchU32(start, writer.position - start);
}
