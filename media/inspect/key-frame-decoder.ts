/** What pictures are asked of: a decoder of single key frames. */
import type { KeyFrame } from './key-frame.ts';
import type { PictureFormat } from './picture-format.ts';

/** Turns a key frame into a picture. */
export interface KeyFrameDecoder {
  /** Null when the frame does not decode. Rejects with {@link DecoderMissing} when there is no decoder on this machine. */
  decode(keyFrame: KeyFrame, format: PictureFormat): Promise<Buffer | null>;
}

/** There is nothing to decode with; the message says what to install. */
export class DecoderMissing extends Error {}
