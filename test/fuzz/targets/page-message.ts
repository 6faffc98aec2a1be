/** What pages say over their WebSocket. */
import { parsePageMessage } from '../../../media/websocket/page-message.ts';
import { mustHold } from '../fuzz-target.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

/** A message or nothing, and never one with a channel that two bytes do not hold. */
export const pageMessage: FuzzTarget = {
  name: 'page-message',
  run(input) {
    const message = parsePageMessage(input.toString('utf8'));
    if (message === null) return;
    mustHold(Number.isInteger(message.channel) && message.channel >= 1 && message.channel <= 0xffff, 'a channel out of range');
    if (message.kind === 'subscribe') mustHold(message.cameraId !== '' && message.cameraId.length <= 64, 'an id of no length');
  },
};
