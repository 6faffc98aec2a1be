/** HTTP face of alarms. */
import { z } from 'zod';
import { noPictureReason } from '../health/state-schema.ts';
import { pageOf, pageQuery, parseCursor, toPage } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { AlarmService } from './service.ts';

const moment = z.iso.datetime();
const person = z.strictObject({ id: z.uuid(), username: z.string(), displayName: z.string() });

const alarm = z
  .strictObject({
    id: z.uuid(),
    kind: z.literal('camera-offline'),
    cameraId: z.uuid(),
    cameraName: z.string(),
    compoundId: z.uuid().nullable(),
    place: z.string(),
    reason: noPictureReason.nullable(),
    condition: z.enum(['active', 'cleared']),
    handling: z.enum(['open', 'acknowledged', 'closed']),
    beganAt: moment,
    raisedAt: moment,
    clearedAt: moment.nullable(),
    acknowledgedAt: moment.nullable(),
    acknowledgedBy: person.nullable(),
    note: z.string().nullable(),
    closedAt: moment.nullable(),
    closedBy: person.nullable(),
  })
  .meta({ id: 'Alarm' });

const params = z.strictObject({ id: z.uuid() });
const note = z.string().trim().min(1).max(1000);

export function alarmRoutes(service: AlarmService): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/alarms',
      right: 'alarms.read',
      summary: 'Alarms, newest first',
      query: z.strictObject({
        ...pageQuery,
        handling: alarm.shape.handling.optional(),
        condition: alarm.shape.condition.optional(),
        cameraId: z.uuid().optional(),
      }),
      answer: pageOf(alarm),
      handler: async ({ query }) => {
        const rows = await service.page({
          handling: query.handling ?? null,
          condition: query.condition ?? null,
          cameraId: query.cameraId ?? null,
          before: parseCursor(query.cursor, z.tuple([z.uuid()]))?.[0] ?? null,
          limit: query.limit,
        });
        return toPage(
          rows,
          query.limit,
          (row) => [row.id],
          (row) => row,
        );
      },
    }),
    defineRoute({
      method: 'get',
      path: '/alarms/{id}',
      right: 'alarms.read',
      summary: 'One alarm',
      params,
      answer: alarm,
      handler: ({ params: { id } }) => service.find(id),
    }),
    defineRoute({
      method: 'post',
      path: '/alarms/{id}/acknowledgement',
      right: 'alarms.handle',
      summary: 'Take an alarm on oneself; of several people the first one has it',
      params,
      body: z.strictObject({ note: note.nullable().optional() }),
      answer: alarm,
      handler: ({ actor, person: { id: accountId }, params: { id }, body }) => service.acknowledge(actor, accountId, id, body.note ?? null),
    }),
    defineRoute({
      method: 'post',
      path: '/alarms/{id}/close',
      right: 'alarms.handle',
      summary: 'Close an alarm with a note on what was done',
      params,
      body: z.strictObject({ note }),
      answer: alarm,
      handler: ({ actor, person: { id: accountId }, params: { id }, body }) => service.close(actor, accountId, id, body.note),
    }),
  ];
}
