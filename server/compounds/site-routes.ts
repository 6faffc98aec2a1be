/** HTTP face of buildings, monitoring points and site links. */
import { z } from 'zod';
import { pageOf, pageQuery, parseCursor, toPage } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { positionFields, refinePosition } from './position.ts';
import type { SiteService } from './site-service.ts';

const position = { longitude: z.number().nullable(), latitude: z.number().nullable() };

const building = z.strictObject({ id: z.uuid(), compoundId: z.uuid(), name: z.string(), ...position }).meta({ id: 'Building' });

const point = z
  .strictObject({
    id: z.uuid(),
    compoundId: z.uuid(),
    buildingId: z.uuid().nullable(),
    kind: z.enum(['entrance', 'building-entrance', 'road', 'parking', 'public-area', 'boundary-wall']),
    name: z.string(),
    isRequired: z.boolean(),
    ...position,
    cameraIds: z.array(z.uuid()),
  })
  .meta({ id: 'MonitoringPoint' });

const siteLink = z.strictObject({ id: z.uuid(), compoundId: z.uuid(), name: z.string(), provider: z.string().nullable() }).meta({ id: 'SiteLink' });

const name = z.string().trim().min(1).max(100);
const buildingFields = { name, ...positionFields };
const pointFields = { name, buildingId: z.uuid().nullable(), kind: point.shape.kind, isRequired: z.boolean(), ...positionFields };

const params = z.strictObject({ id: z.uuid() });
const listQuery = z.strictObject({ ...pageQuery, compoundId: z.uuid().optional() });

export function siteRoutes(service: SiteService): readonly Route[] {
  return [...buildingRoutes(service), ...pointRoutes(service), ...siteLinkRoutes(service)];
}

function buildingRoutes(service: SiteService): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/buildings',
      right: 'district.read',
      summary: 'Buildings',
      query: listQuery,
      answer: pageOf(building),
      handler: async ({ query }) =>
        toPage(
          await service.buildings(filterOf(query)),
          query.limit,
          (row) => [row.id],
          (row) => row,
        ),
    }),
    defineRoute({
      method: 'post',
      path: '/buildings',
      right: 'district.edit',
      summary: 'Add a building to a compound',
      body: z.strictObject({ compoundId: z.uuid(), ...buildingFields }).superRefine(refinePosition),
      answer: building,
      status: 201,
      handler: ({ actor, body }) => service.createBuilding(actor, { ...body, ...positionOf(body) }),
    }),
    defineRoute({
      method: 'patch',
      path: '/buildings/{id}',
      right: 'district.edit',
      summary: 'Change a building',
      params,
      body: z.strictObject(buildingFields).partial().superRefine(refinePosition),
      answer: building,
      handler: ({ actor, params: { id }, body }) => service.updateBuilding(actor, id, body),
    }),
    defineRoute({
      method: 'delete',
      path: '/buildings/{id}',
      right: 'district.edit',
      summary: 'Remove a building without cameras and points',
      params,
      handler: ({ actor, params: { id } }) => service.removeBuilding(actor, id),
    }),
  ];
}

function pointRoutes(service: SiteService): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/monitoring-points',
      right: 'district.read',
      summary: 'Monitoring points with the cameras that see them',
      query: listQuery,
      answer: pageOf(point),
      handler: async ({ query }) =>
        toPage(
          await service.points(filterOf(query)),
          query.limit,
          (row) => [row.id],
          (row) => row,
        ),
    }),
    defineRoute({
      method: 'post',
      path: '/monitoring-points',
      right: 'district.edit',
      summary: 'Add a monitoring point to a compound',
      body: z
        .strictObject({
          compoundId: z.uuid(),
          ...pointFields,
          buildingId: pointFields.buildingId.default(null),
          isRequired: z.boolean().default(true),
        })
        .superRefine(refinePosition),
      answer: point,
      status: 201,
      handler: ({ actor, body }) => service.createPoint(actor, { ...body, ...positionOf(body) }),
    }),
    defineRoute({
      method: 'patch',
      path: '/monitoring-points/{id}',
      right: 'district.edit',
      summary: 'Change a monitoring point',
      params,
      body: z.strictObject(pointFields).partial().superRefine(refinePosition),
      answer: point,
      handler: ({ actor, params: { id }, body }) => service.updatePoint(actor, id, body),
    }),
    defineRoute({
      method: 'delete',
      path: '/monitoring-points/{id}',
      right: 'district.edit',
      summary: 'Remove a monitoring point',
      params,
      handler: ({ actor, params: { id } }) => service.removePoint(actor, id),
    }),
    defineRoute({
      method: 'put',
      path: '/monitoring-points/{id}/cameras',
      right: 'district.edit',
      summary: 'Say which cameras see the point, all of them',
      params,
      body: z.strictObject({ cameraIds: z.array(z.uuid()).max(50) }),
      answer: point,
      handler: ({ actor, params: { id }, body }) => service.linkCameras(actor, id, body.cameraIds),
    }),
  ];
}

function siteLinkRoutes(service: SiteService): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/site-links',
      right: 'district.read',
      summary: 'Uplinks that the devices of a compound share',
      query: listQuery,
      answer: pageOf(siteLink),
      handler: async ({ query }) =>
        toPage(
          await service.siteLinks(filterOf(query)),
          query.limit,
          (row) => [row.id],
          (row) => row,
        ),
    }),
    defineRoute({
      method: 'post',
      path: '/site-links',
      right: 'district.edit',
      summary: 'Add an uplink',
      body: z.strictObject({ compoundId: z.uuid(), name, provider: z.string().trim().max(100).nullable().default(null) }),
      answer: siteLink,
      status: 201,
      handler: ({ actor, body }) => service.createSiteLink(actor, body),
    }),
  ];
}

function filterOf(query: z.output<typeof listQuery>) {
  return { compoundId: query.compoundId ?? null, after: parseCursor(query.cursor, z.tuple([z.uuid()]))?.[0] ?? null, limit: query.limit };
}

function positionOf(body: { readonly longitude?: number | null | undefined; readonly latitude?: number | null | undefined }) {
  return { longitude: body.longitude ?? null, latitude: body.latitude ?? null };
}
