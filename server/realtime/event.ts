/** Realtime events before they have a number, and who may read each kind. */
import type { Right } from '../contract/accounts.ts';
import type { RealtimeEvent } from '../contract/realtime.ts';

export type RealtimeEventName = RealtimeEvent['name'];

/** Removes members of each kind of event by itself, so that the union stays a union. */
type WithoutHead<Event> = Event extends RealtimeEvent ? Omit<Event, 'id' | 'at'> : never;

/** An event as a service announces it: `{ name: 'alarm.raised', alarm }`. Number and moment come from the outbox. */
export type RealtimeDraft = WithoutHead<RealtimeEvent>;

/** An event is sent only to people who could also read its subject over HTTP. */
export const rightToRead: { readonly [Name in RealtimeEventName]: Right } = {
  'camera.changed': 'cameras.read',
  'alarm.raised': 'alarms.read',
  'alarm.changed': 'alarms.read',
  'media-node.changed': 'system.read',
  'district.changed': 'district.read',
};
