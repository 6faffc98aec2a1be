/**
 * Events of the default Socket.io namespace. Connect with `auth: {token?, lastEventId?}` (or the session cookie). Every
 * event has an `id` that grows; after a reconnect with `lastEventId` the server first replays what was missed, or sends
 * `stream.reset` when that is no longer possible and the client must read its lists again.
 */
import type { Alarm } from './alarms.ts';
import type { CameraState, MediaNode } from './cameras.ts';

interface EventHead {
  /** Decimal, grows by time; compare as numbers. */
  readonly id: string;
  readonly at: string;
}

export type RealtimeEvent =
  | (EventHead & { readonly name: 'camera.changed'; readonly cameraId: string; readonly state: CameraState })
  | (EventHead & { readonly name: 'alarm.raised'; readonly alarm: Alarm })
  | (EventHead & { readonly name: 'alarm.changed'; readonly alarm: Alarm })
  | (EventHead & { readonly name: 'media-node.changed'; readonly mediaNode: MediaNode })
  | (EventHead & { readonly name: 'district.changed' });

/** Socket.io event name → payload (the event without its name). */
export interface ServerToBrowser {
  'camera.changed': (event: Omit<Extract<RealtimeEvent, { name: 'camera.changed' }>, 'name'>) => void;
  'alarm.raised': (event: Omit<Extract<RealtimeEvent, { name: 'alarm.raised' }>, 'name'>) => void;
  'alarm.changed': (event: Omit<Extract<RealtimeEvent, { name: 'alarm.changed' }>, 'name'>) => void;
  'media-node.changed': (event: Omit<Extract<RealtimeEvent, { name: 'media-node.changed' }>, 'name'>) => void;
  'district.changed': (event: EventHead) => void;
  /** After connecting: newest event id, and whether everything since `lastEventId` was replayed. */
  'stream.ready': (answer: { readonly lastEventId: string; readonly serverTime: string }) => void;
  'stream.reset': (answer: { readonly lastEventId: string; readonly serverTime: string }) => void;
}
