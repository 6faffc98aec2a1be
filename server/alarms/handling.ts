/** Who may do what with an alarm: the handling axis (open → acknowledged → closed). Pure; the database decides races by the same rules. */
import type { AlarmHandling } from '../contract/alarms.ts';

/** The handling columns of an alarm. */
export interface HandlingFacts {
  readonly handling: AlarmHandling;
  /** Account id. */
  readonly acknowledgedBy: string | null;
}

export type AcknowledgementVerdict = 'acknowledge' | 'unchanged' | 'already-acknowledged' | 'already-closed';

/** The same person acknowledging twice equals once; a second person learns who was first. */
export function judgeAcknowledgement(alarm: HandlingFacts, accountId: string): AcknowledgementVerdict {
  if (alarm.acknowledgedBy === accountId) return 'unchanged';
  if (alarm.acknowledgedBy !== null) return 'already-acknowledged';
  return alarm.handling === 'closed' ? 'already-closed' : 'acknowledge';
}

/** An alarm may be closed whether or not it was acknowledged and whether or not the camera is back: the note says why. */
export function judgeClosing(alarm: HandlingFacts): 'close' | 'already-closed' {
  return alarm.handling === 'closed' ? 'already-closed' : 'close';
}
