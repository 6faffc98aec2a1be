/** What the node says on the data channel `clock` of a WHEP session (`media/contract/media-api.ts`), read once at the edge. */
import { parseClockMessage, type ClockMessage } from './picture-age.ts';

/** `alive` is anything else: a later node may say more, and it shows that the path carries. */
export type WhepMessage =
  | { readonly kind: 'clock'; readonly clock: ClockMessage }
  /** The path does not carry the stream. */
  | { readonly kind: 'slow'; readonly droppedFrames: number }
  /** The session is over; `code` is a problem code of the node. */
  | { readonly kind: 'ended'; readonly code: string }
  | { readonly kind: 'alive' };

/** Reads one text; never throws. */
export function parseWhepMessage(text: string): WhepMessage {
  const clock = parseClockMessage(text);
  if (clock !== null) return { kind: 'clock', clock };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'alive' };
  }
  if (typeof value !== 'object' || value === null) return { kind: 'alive' };
  const { kind, code, droppedFrames } = value as Record<string, unknown>;
  if (kind === 'ended' && typeof code === 'string') return { kind: 'ended', code };
  if (kind === 'slow' && typeof droppedFrames === 'number') return { kind: 'slow', droppedFrames };
  return { kind: 'alive' };
}
