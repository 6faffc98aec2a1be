/** HTTP face of compounds and of the compounds' table. */
import { z } from 'zod';
import { pageOf, pageQuery, parseCursor, toPage } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { geoPolygon, positionFields, refinePosition } from './position.ts';
import type { CompoundService } from './service.ts';

const compound = z
  .strictObject({
    id: z.uuid(),
    areaId: z.uuid(),
    name: z.string(),
    address: z.string().nullable(),
    category: z.enum(['property-company', 'community-custody', 'self-governing', 'grid-staff']).nullable(),
    phase: z.enum(['mobilise', 'cure', 'accept', 'consolidate', 'keep-up']),
    state: z.enum(['in-ledger', 'merged', 'demolished']),
    longitude: z.number().nullable(),
    latitude: z.number().nullable(),
    boundary: geoPolygon.nullable(),
  })
  .meta({ id: 'Compound' });

const summary = z
  .strictObject({
    compound,
    areaPath: z.array(z.strictObject({ id: z.uuid(), name: z.string(), kind: z.enum(['district', 'street-office', 'community', 'grid']) })),
    cameraCount: z.int(),
    onlineCameraCount: z.int(),
    requiredPointCount: z.int(),
    coveredPointCount: z.int(),
    openAlarmCount: z.int(),
  })
  .meta({ id: 'CompoundSummary' });

const fields = {
  areaId: z.uuid(),
  name: z.string().trim().min(1).max(100),
  address: z.string().trim().max(200).nullable(),
  category: compound.shape.category,
  phase: compound.shape.phase,
  state: compound.shape.state,
  boundary: geoPolygon.nullable(),
  ...positionFields,
};

const draft = z
  .strictObject({
    ...fields,
    address: fields.address.default(null),
    category: fields.category.default(null),
    phase: fields.phase.default('mobilise'),
    state: fields.state.default('in-ledger'),
    boundary: fields.boundary.default(null),
  })
  .superRefine(refinePosition);

const params = z.strictObject({ id: z.uuid() });
const idKey = z.tuple([z.uuid()]);

export function compoundRoutes(service: CompoundService): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/compounds',
      right: 'district.read',
      summary: 'Compounds, of an area and all below it when one is named',
      query: z.strictObject({ ...pageQuery, area: z.uuid().optional(), q: z.string().trim().min(1).max(100).optional() }),
      answer: pageOf(compound),
      handler: async ({ query }) => {
        const after = parseCursor(query.cursor, idKey)?.[0] ?? null;
        const rows = await service.page({ areaId: query.area ?? null, query: query.q ?? null, after, limit: query.limit });
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
      path: '/compound-summaries',
      right: 'district.read',
      summary: 'Compounds with counts of cameras, points and alarms',
      query: z.strictObject({ ...pageQuery, area: z.uuid().optional(), compoundId: z.uuid().optional() }),
      answer: pageOf(summary),
      handler: async ({ query }) => {
        const after = parseCursor(query.cursor, idKey)?.[0] ?? null;
        const filter = { areaId: query.area ?? null, compoundId: query.compoundId ?? null, after, limit: query.limit };
        return toPage(
          await service.summaries(filter),
          query.limit,
          (row) => [row.compound.id],
          (row) => row,
        );
      },
    }),
    defineRoute({
      method: 'post',
      path: '/compounds',
      right: 'district.edit',
      summary: 'Enter a compound into the ledger',
      body: draft,
      answer: compound,
      status: 201,
      handler: ({ actor, body }) => service.create(actor, { ...body, longitude: body.longitude ?? null, latitude: body.latitude ?? null }),
    }),
    defineRoute({
      method: 'get',
      path: '/compounds/{id}',
      right: 'district.read',
      summary: 'One compound',
      params,
      answer: compound,
      handler: ({ params: { id } }) => service.find(id),
    }),
    defineRoute({
      method: 'patch',
      path: '/compounds/{id}',
      right: 'district.edit',
      summary: 'Change a compound; merged and demolished ones leave the coverage',
      params,
      body: z.strictObject(fields).partial().superRefine(refinePosition),
      answer: compound,
      handler: ({ actor, params: { id }, body }) => service.update(actor, id, body),
    }),
    defineRoute({
      method: 'delete',
      path: '/compounds/{id}',
      right: 'district.edit',
      summary: 'Remove a compound that was entered by mistake',
      params,
      handler: ({ actor, params: { id } }) => service.remove(actor, id),
    }),
  ];
}
