/** HTTP face of areas. */
import { z } from 'zod';
import { pageOf, pageQuery, parseCursor, toPage } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { AreaService } from './service.ts';

const area = z
  .strictObject({
    id: z.uuid(),
    parentId: z.uuid().nullable(),
    kind: z.enum(['district', 'street-office', 'community', 'grid']),
    name: z.string(),
    divisionCode: z.string().nullable(),
  })
  .meta({ id: 'Area' });

const fields = {
  parentId: z.uuid().nullable(),
  kind: area.shape.kind,
  name: z.string().trim().min(1).max(100),
  divisionCode: z
    .string()
    .regex(/^(\d{6}|\d{9}|\d{12})$/, 'A division code has 6, 9 or 12 digits')
    .nullable(),
};

const params = z.strictObject({ id: z.uuid() });

export function areaRoutes(service: AreaService): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/areas',
      right: 'district.read',
      summary: 'Areas of the district, as a flat list with parents',
      query: z.strictObject(pageQuery),
      answer: pageOf(area),
      handler: async ({ query }) => {
        const key = parseCursor(query.cursor, z.tuple([z.uuid()]));
        const rows = await service.page({ after: key?.[0] ?? null, limit: query.limit });
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
      path: '/areas',
      right: 'district.edit',
      summary: 'Add an area',
      body: z.strictObject({ ...fields, parentId: fields.parentId.default(null), divisionCode: fields.divisionCode.default(null) }),
      answer: area,
      status: 201,
      handler: ({ actor, body }) => service.create(actor, body),
    }),
    defineRoute({
      method: 'patch',
      path: '/areas/{id}',
      right: 'district.edit',
      summary: 'Change or move an area',
      params,
      body: z.strictObject(fields).partial(),
      answer: area,
      handler: ({ actor, params: { id }, body }) => service.update(actor, id, body),
    }),
    defineRoute({
      method: 'delete',
      path: '/areas/{id}',
      right: 'district.edit',
      summary: 'Remove an area that holds nothing',
      params,
      handler: ({ actor, params: { id } }) => service.remove(actor, id),
    }),
  ];
}
