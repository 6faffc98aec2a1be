/** Reads what a page says on its WebSocket: text in, a message or nothing out. */
import { z } from 'zod';
import type { PageMessage } from '../contract/live-socket.ts';

/** A page numbers its channels itself; two bytes of a binary message carry the number. */
const channel = z.number().int().min(1).max(0xffff);
/** Longer tickets are none; the checker says so. */
const ticket = z.string().max(4096);

const pageMessage = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('subscribe'),
    channel,
    cameraId: z.string().min(1).max(64),
    role: z.enum(['main', 'sub']),
    ticket,
    video: z.literal('h264').optional(),
  }),
  z.strictObject({ kind: z.literal('renew'), channel, ticket }),
  z.strictObject({ kind: z.literal('unsubscribe'), channel }),
]);

/** Null when it is none of the messages; never throws. */
export function parsePageMessage(text: string): PageMessage | null {
  try {
    const parsed = pageMessage.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON: the peer is none of our pages.
    return null;
  }
}
