/**
 * Binary messages to a page. What is the same for all viewers of a stream is made once, without the channel:
 *
 *     u16  channel                        per viewer, a WebSocket frame of its own
 *     u8   kind  1 init segment, 2 fragment
 *     u8   flags  1: the fragment begins with a key frame
 *     f64  arrival of the first frame, ms since 1970
 *     f64  media time of the beginning, seconds
 *          the segment or fragment
 *
 * All big-endian; see `protocol.md`. Hot: once per fragment of a stream.
 */
import type { Fragment } from '../fmp4/sample-collector.ts';

/** A message without its channel; shared by all viewers, never written again. */
export interface MediaMessage {
  readonly bytes: Buffer;
  readonly isKeyFrame: boolean;
}

const kindInit = 1;
const kindFragment = 2;
const flagKeyFrame = 1;
/** Without the channel. */
const headBytes = 18;

/** Copies the init segment. */
export function writeInitMessage(segment: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes + segment.length);
  writeHead(bytes, kindInit, 0, 0, 0);
  segment.copy(bytes, headBytes);
  return bytes;
}

/** Copies the fragment and lets go of its slabs. `scratch` is emptied; it saves an array per fragment. */
export function writeFragmentMessage(fragment: Fragment, clockRateHz: number, scratch: Uint8Array[]): MediaMessage {
  const bytes = Buffer.allocUnsafe(headBytes + fragment.sizeBytes);
  const flags = fragment.startsWithKeyFrame ? flagKeyFrame : 0;
  writeHead(bytes, kindFragment, flags, fragment.arrivedWallClockMs, fragment.startTicks / clockRateHz);
  let at = headBytes + fragment.header.copy(bytes, headBytes);
  scratch.length = 0;
  fragment.body.appendTo(scratch);
  for (let index = 0; index < scratch.length; index++) {
    const view = scratch[index]!;
    bytes.set(view, at);
    at += view.length;
  }
  scratch.length = 0;
  fragment.body.release();
  return { bytes, isKeyFrame: fragment.startsWithKeyFrame };
}

/** The frame that goes before a message: the viewer's channel. */
export function writeChannelHead(channel: number): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(channel);
  return head;
}

function writeHead(bytes: Buffer, kind: number, flags: number, arrivedAtMs: number, startSeconds: number): void {
  bytes[0] = kind;
  bytes[1] = flags;
  bytes.writeDoubleBE(arrivedAtMs, 2);
  bytes.writeDoubleBE(startSeconds, 10);
}
