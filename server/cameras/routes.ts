/** HTTP face of cameras, their acceptance and tickets. */
import { z } from 'zod';
import { positionFields, refinePosition } from '../compounds/position.ts';
import { cameraState, cameraStatus, moment } from '../health/state-schema.ts';
import { pageOf, pageQuery, parseCursor, toPage } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { CameraService } from './service.ts';
import type { TicketOffice } from './tickets.ts';

const role = z.enum(['main', 'sub']);
const mode = z.enum(['always', 'on-demand']);
const transport = z
  .enum(['tcp', 'udp', 'auto'])
  .describe('How the packets travel: `tcp` in the RTSP connection, `udp` as datagrams, `auto` as `tcp` unless the camera refuses that');

const camera = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    deviceId: z.uuid(),
    channel: z.int(),
    compoundId: z.uuid().nullable(),
    buildingId: z.uuid().nullable(),
    longitude: z.number().nullable(),
    latitude: z.number().nullable(),
    bearingDeg: z.number().nullable(),
    mode,
    isRecorded: z.boolean(),
    retentionDays: z.int(),
    isKeyPlace: z.boolean(),
    streams: z.array(z.strictObject({ role, url: z.string(), transport, hasCredentials: z.boolean() })),
    acceptedOn: z.string().nullable(),
    acceptedBy: z.string().nullable(),
    firstOnlineAt: z.iso.datetime().nullable(),
    mediaNodeId: z.uuid().nullable(),
    createdAt: z.iso.datetime(),
    state: cameraState,
  })
  .meta({ id: 'Camera' });

const fields = {
  name: z.string().trim().min(1).max(100),
  compoundId: z.uuid().nullable(),
  buildingId: z.uuid().nullable(),
  bearingDeg: z.number().min(0).lt(360).nullable(),
  mode,
  isRecorded: z.boolean(),
  retentionDays: z.int().min(1).max(365),
  isKeyPlace: z.boolean(),
  streams: z
    .array(z.strictObject({ role, url: z.string().min(1).max(1000), transport: transport.optional() }))
    .min(1)
    .max(2),
  ...positionFields,
};

const draft = z
  .strictObject({
    ...fields,
    compoundId: fields.compoundId.default(null),
    buildingId: fields.buildingId.default(null),
    bearingDeg: fields.bearingDeg.default(null),
    mode: mode.default('always'),
    isRecorded: z.boolean().optional().describe('Default: true for a camera that is always pulled'),
    retentionDays: fields.retentionDays.default(30),
    isKeyPlace: z.boolean().default(false),
    deviceId: z.uuid().nullable().default(null).describe('Absent: a device is made for the camera'),
    channel: z.int().min(1).max(1024).nullable().default(null).describe('Absent: the first free channel of the device'),
  })
  .superRefine(refinePosition);

const acceptance = z.union([
  z.strictObject({ acceptedOn: z.iso.date(), acceptedBy: z.string().trim().min(1).max(100) }),
  z.strictObject({ acceptedOn: z.null(), acceptedBy: z.null() }),
]);

const ticketWish = z.discriminatedUnion('right', [
  z.strictObject({ right: z.literal('live'), stream: role.default('main') }),
  z.strictObject({ right: z.literal('playback'), from: moment, to: moment, registerEntryId: z.uuid().nullable().default(null) }),
]);

const ticket = z
  .strictObject({
    ticket: z.string(),
    expiresAt: z.iso.datetime(),
    urls: z.union([
      z.strictObject({ hls: z.string(), whep: z.string(), snapshot: z.string() }),
      z.strictObject({ hls: z.string(), mp4: z.string() }),
    ]),
    webSocketUrl: z.string().optional(),
  })
  .meta({ id: 'Ticket' });

const params = z.strictObject({ id: z.uuid() });

export function cameraRoutes(service: CameraService, tickets: TicketOffice): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/cameras',
      right: 'cameras.read',
      summary: 'Cameras with their present state',
      query: z.strictObject({
        ...pageQuery,
        compoundId: z.uuid().optional(),
        area: z.uuid().optional(),
        status: cameraStatus.optional(),
        q: z.string().trim().min(1).max(100).optional().describe('Name of camera or compound, in characters, pinyin or initials'),
      }),
      answer: pageOf(camera),
      handler: async ({ query }) => {
        const rows = await service.page({
          compoundId: query.compoundId ?? null,
          areaId: query.area ?? null,
          status: query.status ?? null,
          query: query.q ?? null,
          after: parseCursor(query.cursor, z.tuple([z.uuid()]))?.[0] ?? null,
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
      method: 'post',
      path: '/cameras',
      right: 'cameras.edit',
      summary: 'Enter a camera; a media node begins to serve it',
      body: draft,
      answer: camera,
      status: 201,
      handler: ({ actor, body }) =>
        service.create(actor, {
          ...body,
          longitude: body.longitude ?? null,
          latitude: body.latitude ?? null,
          isRecorded: body.isRecorded ?? body.mode === 'always',
        }),
    }),
    defineRoute({
      method: 'get',
      path: '/cameras/{id}',
      right: 'cameras.read',
      summary: 'One camera with its present state',
      params,
      answer: camera,
      handler: ({ params: { id } }) => service.find(id),
    }),
    defineRoute({
      method: 'patch',
      path: '/cameras/{id}',
      right: 'cameras.edit',
      summary: 'Change a camera; streams are replaced as a whole',
      params,
      body: z.strictObject(fields).partial().superRefine(refinePosition),
      answer: camera,
      handler: ({ actor, params: { id }, body }) => service.update(actor, id, body),
    }),
    defineRoute({
      method: 'delete',
      path: '/cameras/{id}',
      right: 'cameras.edit',
      summary: 'Remove a camera; its history and recordings stay',
      params,
      handler: ({ actor, params: { id } }) => service.remove(actor, id),
    }),
    defineRoute({
      method: 'put',
      path: '/cameras/{id}/acceptance',
      right: 'cameras.edit',
      summary: 'Sign a camera off, or take that back with nulls',
      params,
      body: acceptance,
      answer: camera,
      handler: ({ actor, params: { id }, body }) => service.accept(actor, id, body),
    }),
    defineRoute({
      method: 'post',
      path: '/cameras/{id}/tickets',
      right: 'cameras.read',
      summary: 'A ticket for live video (right live.watch) or recordings (right recordings.watch and an entry of the access register)',
      params,
      body: ticketWish,
      answer: ticket,
      handler: ({ actor, person, request, params: { id }, body }) =>
        body.right === 'live' ? tickets.issueLive(person, request, id, body.stream) : tickets.issuePlayback(person, actor, request, id, body),
    }),
  ];
}
