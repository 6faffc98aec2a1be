/** HTTP face of wall views. */
import { z } from 'zod';
import { pageOf, pageQuery, parseCursor, toPage } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { WallViewService } from './service.ts';

const fields = {
  name: z.string().trim().min(1).max(60),
  isShared: z.boolean(),
  layout: z.union([z.literal(1), z.literal(4), z.literal(9), z.literal(16), z.literal(25)]),
  tiles: z.array(z.uuid().nullable()).max(1000).describe('Camera ids by tile; more than one page is patrolled'),
  patrolSeconds: z.int().min(5).max(3600).nullable(),
};

const view = z.strictObject({ id: z.uuid(), ownerId: z.uuid(), ...fields }).meta({ id: 'WallView' });
const draft = z.strictObject({ ...fields, isShared: z.boolean().default(false), patrolSeconds: fields.patrolSeconds.default(null) });
const params = z.strictObject({ id: z.uuid() });

export function wallViewRoutes(service: WallViewService): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/wall-views',
      right: 'live.watch',
      summary: 'Own and shared arrangements of the wall',
      query: z.strictObject(pageQuery),
      answer: pageOf(view),
      handler: async ({ person, query }) => {
        const after = parseCursor(query.cursor, z.tuple([z.uuid()]))?.[0] ?? null;
        return toPage(
          await service.page(person.id, { after, limit: query.limit }),
          query.limit,
          (row) => [row.id],
          (row) => row,
        );
      },
    }),
    defineRoute({
      method: 'post',
      path: '/wall-views',
      right: 'wall-views.edit',
      summary: 'Save an arrangement of the wall',
      body: draft,
      answer: view,
      status: 201,
      handler: ({ person, actor, body }) => service.create(person, actor, body),
    }),
    defineRoute({
      method: 'put',
      path: '/wall-views/{id}',
      right: 'wall-views.edit',
      summary: 'Replace an arrangement',
      params,
      body: draft,
      answer: view,
      handler: ({ person, actor, params: { id }, body }) => service.replace(person, actor, id, body),
    }),
    defineRoute({
      method: 'delete',
      path: '/wall-views/{id}',
      right: 'wall-views.edit',
      summary: 'Delete an arrangement',
      params,
      handler: ({ person, actor, params: { id } }) => service.remove(person, actor, id),
    }),
  ];
}
