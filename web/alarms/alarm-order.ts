/** Order of alarms on screen, and which of them the live list keeps. */
import type { Alarm } from '../../server/contract/alarms.ts';

/** Compares for newest first; ids decide between alarms of the same moment, so that the order never flickers. */
export function newestFirst(a: Alarm, b: Alarm): number {
  return Date.parse(b.raisedAt) - Date.parse(a.raisedAt) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/** Closed alarms leave the live list; cleared ones stay until somebody has seen to them. */
export function keepWhileNotClosed(alarm: Alarm): Alarm | null {
  return alarm.handling === 'closed' ? null : alarm;
}
