/** Makes hostile inputs of good ones, the same for the same random numbers. */

/** Longest input: above every limit in the readers that is worth reaching, and quick to run. */
const MAX_INPUT_BYTES = 64 * 1024;
/** Numbers at which lengths, counts and signs turn. */
const EDGES = [0, 1, 2, 0x0f, 0x10, 0x7f, 0x80, 0xfe, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];
/** What text formats hinge on. */
const TOKENS = ['\r\n', '\n', '\r\n\r\n', '\0', ':', '=', ';', '/', ' ', '$', 'a=', 'm=', '-1', '99999999999', 'é', '%', '"', '\\', '{', '.'].map(
  (text) => Buffer.from(text),
);

/** A changed copy of one of `corpus`, which must not be empty. `random` gives numbers from 0 to under 1. */
export function mutate(corpus: readonly Buffer[], random: () => number): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  let bytes = Buffer.from(pick(corpus));
  // Few changes keep an input deep in a reader, many take it apart.
  for (let changes = 1 + below(2) * below(8); changes >= 0; changes -= 1) {
    const at = below(bytes.length + 1);
    const span = below(Math.min(64, bytes.length - at) + 1);
    switch (below(9)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
        break;
      case 1:
        if (at < bytes.length) bytes[at] = below(256);
        break;
      case 2:
        bytes = replace(bytes, at, 4, edge(pick(EDGES), 1 + below(4)));
        break;
      case 3:
        bytes = replace(bytes, at, span, Buffer.alloc(0));
        break;
      case 4:
        bytes = replace(bytes, at, 0, pick(TOKENS));
        break;
      case 5:
        bytes = replace(bytes, at, 0, Buffer.from(bytes.subarray(at, at + span)));
        break;
      case 6:
        bytes = replace(bytes, at, 0, Buffer.alloc(1 + below(64), below(256)));
        break;
      case 7: {
        const other = pick(corpus);
        bytes = Buffer.concat([bytes.subarray(0, at), other.subarray(below(other.length + 1))]);
        break;
      }
      default:
        if (random() < 0.3) bytes = Buffer.from(bytes.subarray(0, at));
    }
  }
  return bytes.subarray(0, MAX_INPUT_BYTES);
}

function edge(value: number, widthBytes: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.subarray(4 - widthBytes);
}

/** `insert` instead of the `length` bytes at `at`; overwrites as much as it inserts when `length` is 4 or less and fits. */
function replace(bytes: Buffer, at: number, length: number, insert: Buffer): Buffer<ArrayBuffer> {
  const removed = insert.length > 0 ? Math.min(length, insert.length) : length;
  return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + removed)]);
}
