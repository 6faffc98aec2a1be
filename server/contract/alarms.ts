/** Alarms: condition and handling are two axes; nothing is deleted. */
import type { NoPictureReason } from '../../media/contract/streams.ts';
import type { PersonRef } from './problems.ts';

export type AlarmKind = 'camera-offline';
export type AlarmCondition = 'active' | 'cleared';
export type AlarmHandling = 'open' | 'acknowledged' | 'closed';

export interface Alarm {
  readonly id: string;
  readonly kind: AlarmKind;
  readonly cameraId: string;
  readonly cameraName: string;
  readonly compoundId: string | null;
  /** District / street office / community / compound, for display. */
  readonly place: string;
  readonly reason: NoPictureReason | null;
  readonly condition: AlarmCondition;
  readonly handling: AlarmHandling;
  /** When the camera went offline. */
  readonly beganAt: string;
  /** When the alarm was raised: `beganAt` + debounce, or a little later. */
  readonly raisedAt: string;
  readonly clearedAt: string | null;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: PersonRef | null;
  readonly note: string | null;
  readonly closedAt: string | null;
  readonly closedBy: PersonRef | null;
}
