/**
 * Finds boxes in bytes that may be anything.
 *
 *     size:32 type:32                       size ≥ 8
 *     size:32 = 1 type:32 largesize:64      largesize ≥ 16
 *     size:32 = 0 type:32                   reaches to the end
 *
 * ISO/IEC 14496-12:2022 §4.2.
 */

/** A box within a buffer: `start` of its header, `bodyStart` behind it, `end` behind the box. */
export interface BoxRange {
  readonly type: string;
  readonly start: number;
  readonly bodyStart: number;
  readonly end: number;
}

/** Head of a box whose body may lie elsewhere. `sizeBytes` 0: reaches to the end. */
export interface BoxHead {
  readonly type: string;
  readonly headBytes: number;
  readonly sizeBytes: number;
}

/** Bytes of the longest head. */
export const maxBoxHeadBytes = 16;

/** The head at `offset`, or null when it is cut off or impossible. */
export function readBoxHead(bytes: Buffer, offset: number, end = bytes.length): BoxHead | null {
  if (offset < 0 || end > bytes.length || offset + 8 > end) return null;
  const type = bytes.toString('latin1', offset + 4, offset + 8);
  const sizeBytes = bytes.readUInt32BE(offset);
  if (sizeBytes !== 1) return sizeBytes === 0 || sizeBytes >= 8 ? { type, headBytes: 8, sizeBytes } : null;
  if (offset + 16 > end) return null;
  const largeBytes = bytes.readUInt32BE(offset + 8) * 0x1_0000_0000 + bytes.readUInt32BE(offset + 12);
  return largeBytes >= 16 && Number.isSafeInteger(largeBytes) ? { type, headBytes: 16, sizeBytes: largeBytes } : null;
}

/** The whole box at `offset`, or null when it is not all there. */
export function readBox(bytes: Buffer, offset: number, end = bytes.length): BoxRange | null {
  const head = readBoxHead(bytes, offset, end);
  if (head === null) return null;
  const boxEnd = head.sizeBytes === 0 ? end : offset + head.sizeBytes;
  return boxEnd > end ? null : { type: head.type, start: offset, bodyStart: offset + head.headBytes, end: boxEnd };
}

/** The boxes that lie one after another in a range, up to the first that is not whole. */
export function* boxesIn(bytes: Buffer, start = 0, end = bytes.length): Generator<BoxRange, void, undefined> {
  let offset = start;
  for (;;) {
    const box = readBox(bytes, offset, end);
    if (box === null) return;
    yield box;
    offset = box.end;
  }
}

/** The first box of a type in a range, or null. */
export function findBox(bytes: Buffer, type: string, start = 0, end = bytes.length): BoxRange | null {
  for (const box of boxesIn(bytes, start, end)) if (box.type === type) return box;
  return null;
}

/** The first box at the end of a path of types, such as `mdia`, `mdhd`. */
export function findBoxAt(bytes: Buffer, path: readonly string[], within: BoxRange): BoxRange | null {
  let box: BoxRange | null = within;
  for (const type of path) {
    if (box === null) return null;
    box = findBox(bytes, type, box.bodyStart, box.end);
  }
  return box;
}
