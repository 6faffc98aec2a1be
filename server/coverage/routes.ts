/** HTTP face of coverage. */
import { z } from 'zod';
import { moment } from '../health/state-schema.ts';
import { defineRoute, defineTextRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { CoverageService } from './service.ts';

const kind = z.enum(['A', 'B']);
const fraction = z.number().min(0).max(1);

const pointRef = { pointId: z.uuid(), pointName: z.string() };
const failure = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('no-accepted-camera') }),
  z.strictObject({ code: z.literal('no-standard') }),
  z.strictObject({ code: z.literal('point-without-camera'), ...pointRef }),
  z.strictObject({ code: z.literal('point-camera-not-networked'), ...pointRef, cameraIds: z.array(z.uuid()) }),
]);

const figureFields = {
  kind,
  formulaVersion: z.string(),
  areaId: z.uuid(),
  at: z.iso.datetime(),
  numerator: z.int(),
  denominator: z.int(),
  rate: fraction.nullable(),
  target: fraction.nullable(),
  members: z.array(z.uuid()),
  excluded: z.array(z.strictObject({ id: z.uuid(), reason: z.enum(['merged', 'demolished']) })),
  failing: z.array(z.strictObject({ compoundId: z.uuid(), reasons: z.array(failure) })),
  inputHash: z.string(),
};
const figure = z.strictObject(figureFields).meta({ id: 'CoverageFigure' });
const namedFigure = z.strictObject({ ...figureFields, areaName: z.string() }).meta({ id: 'NamedCoverageFigure' });

const target = z.strictObject({ areaId: z.uuid(), kind, target: fraction, setAt: z.iso.datetime() }).meta({ id: 'CoverageTarget' });

const wish = z.strictObject({
  area: z.uuid().optional().describe('Absent: the district'),
  kind: kind.default('A'),
  at: moment.optional().describe('Absent: now'),
});

export function coverageRoutes(service: CoverageService): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/coverage',
      right: 'coverage.read',
      summary: 'Coverage rate of an area with everything it was computed from',
      query: wish,
      answer: figure,
      handler: ({ query }) => service.figure(wishOf(query)),
    }),
    defineRoute({
      method: 'get',
      path: '/coverage/by-area',
      right: 'coverage.read',
      summary: 'Coverage rate of every area right below one; of every street office when none is named',
      query: wish.extend({ area: z.uuid().optional().describe('Absent: all street offices') }),
      answer: z.strictObject({ items: z.array(namedFigure) }),
      handler: async ({ query }) => ({ items: await service.byArea(wishOf(query)) }),
    }),
    defineTextRoute({
      method: 'get',
      path: '/coverage.csv',
      right: 'coverage.read',
      summary: 'Coverage rate and its compounds as CSV for spreadsheets',
      query: wish,
      textType: 'text/csv; charset=utf-8',
      handler: async ({ query, setHeader }) => {
        const { text, fileName } = await service.csv(wishOf(query));
        setHeader('Content-Disposition', `attachment; filename="${fileName}"`);
        return text;
      },
    }),
    defineRoute({
      method: 'put',
      path: '/coverage-targets',
      right: 'coverage.edit-target',
      summary: 'Set the target of an area; it holds below it until one is set there',
      body: z.strictObject({ areaId: z.uuid(), kind, target: fraction }),
      answer: target,
      handler: ({ actor, body }) => service.setTarget(actor, body),
    }),
  ];
}

function wishOf(query: z.output<typeof wish>) {
  return { areaId: query.area ?? null, kind: query.kind, at: query.at ?? null };
}
