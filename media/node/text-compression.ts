/**
 * Compressed playlists. The ticket stands in every line, so 11 KB become about 1 KB: over a sub stream the playlists of a
 * low-latency viewer are otherwise a third of what the line carries. Segments are not compressed: they are already.
 */
import { constants, gzipSync } from 'node:zlib';

/** Below, the head of the answer is the larger part. */
const minCompressedBytes = 1024;

/** Level 1, and a window of 16 KB: more would cost memory per call and gain nothing on texts of this size. */
const options = { level: constants.Z_BEST_SPEED, windowBits: 14, memLevel: 6 } as const;

/** Whether the peer takes gzip (RFC 9110 §12.5.3): named, or meant by `*`, and not with a weight of zero. */
export function acceptsGzip(acceptEncoding: string | string[] | undefined): boolean {
  if (typeof acceptEncoding !== 'string') return false;
  let star = false;
  for (const entry of acceptEncoding.split(',')) {
    const [name = '', ...parameters] = entry.split(';').map((text) => text.trim().toLowerCase());
    const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    if (name === 'gzip' || name === 'x-gzip') return !isRefused;
    if (name === '*') star = !isRefused;
  }
  return star;
}

/** The text as it goes out: compressed if the peer takes it and it pays. Copies. */
export function compressText(text: string, acceptEncoding: string | string[] | undefined): { readonly body: Buffer; readonly isCompressed: boolean } {
  const body = Buffer.from(text);
  if (body.length < minCompressedBytes || !acceptsGzip(acceptEncoding)) return { body, isCompressed: false };
  return { body: gzipSync(body, options), isCompressed: true };
}
