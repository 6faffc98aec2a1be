/** HTTP face of devices. */
import { z } from 'zod';
import { pageOf, pageQuery, parseCursor, toPage } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { DeviceService } from './device-service.ts';

const device = z
  .strictObject({
    id: z.uuid(),
    kind: z.enum(['ipc', 'nvr']),
    name: z.string(),
    vendor: z.string().nullable(),
    model: z.string().nullable(),
    host: z.string().nullable(),
    compoundId: z.uuid().nullable(),
    siteLinkId: z.uuid().nullable(),
    channelCount: z.int(),
  })
  .meta({ id: 'Device' });

const words = z.string().trim().min(1).max(100).nullable();
const fields = {
  name: z.string().trim().min(1).max(100),
  vendor: words,
  model: words,
  host: z.string().trim().min(1).max(255).nullable(),
  compoundId: z.uuid().nullable(),
  siteLinkId: z.uuid().nullable(),
  channelCount: z.int().min(1).max(1024),
};

export function deviceRoutes(service: DeviceService): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/devices',
      right: 'cameras.read',
      summary: 'Devices that cameras hang on',
      query: z.strictObject({ ...pageQuery, compoundId: z.uuid().optional() }),
      answer: pageOf(device),
      handler: async ({ query }) => {
        const after = parseCursor(query.cursor, z.tuple([z.uuid()]))?.[0] ?? null;
        const rows = await service.page({ compoundId: query.compoundId ?? null, after, limit: query.limit });
        return toPage(
          rows,
          query.limit,
          (row) => [row.id],
          (row) => row,
        );
      },
    }),
    defineRoute({
      method: 'post',
      path: '/devices',
      right: 'cameras.edit',
      summary: 'Enter a device',
      body: z.strictObject({
        kind: device.shape.kind,
        name: fields.name,
        vendor: words.default(null),
        model: words.default(null),
        host: fields.host.default(null),
        compoundId: fields.compoundId.default(null),
        siteLinkId: fields.siteLinkId.default(null),
        channelCount: fields.channelCount.default(1),
      }),
      answer: device,
      status: 201,
      handler: ({ actor, body }) => service.create(actor, body),
    }),
    defineRoute({
      method: 'patch',
      path: '/devices/{id}',
      right: 'cameras.edit',
      summary: 'Change a device',
      params: z.strictObject({ id: z.uuid() }),
      body: z.strictObject(fields).partial(),
      answer: device,
      handler: ({ actor, params: { id }, body }) => service.update(actor, id, body),
    }),
  ];
}
