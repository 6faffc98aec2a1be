/** The word for why nothing was recorded. */
import type { RecordingGapReason } from '../../server/contract/cameras.ts';

const ownReasons = ['not-recorded', 'before-first-recording', 'expired', 'in-the-future', 'unexplained'] as const;

/** Key of the text: reasons of ours, or the camera's own reason for no picture. */
export function gapReasonKey(reason: RecordingGapReason): string {
  return ownReasons.some((own) => own === reason) ? `reason.gap.${reason}` : `reason.noPicture.${reason}`;
}
