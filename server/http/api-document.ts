/** The API described as OpenAPI 3.1, made from the very schemas that check requests, and a page to read it. */
import express from 'express';
import type { Router } from 'express';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import type { ProblemCode } from '../contract/problems.ts';
import { statusOf } from './problem.ts';
import type { Route } from './route.ts';

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.enum(Object.keys(statusOf) as [ProblemCode, ...ProblemCode[]]),
    detail: z.string().optional(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('With validation-failed'),
    acknowledgedBy: z.object({ id: z.string(), username: z.string(), displayName: z.string() }).optional().describe('With already-acknowledged'),
    retryAfterSeconds: z.number().optional().describe('With account-locked and too-many-requests'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457; screens show the text for the code' });

/** The whole document. */
export function describeApi(routes: readonly Route[], version: string): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: describeRoute(route) };
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Yilan',
      version,
      description: 'District video monitoring. Realtime events and media URLs are described beside the contracts in the source.',
    },
    servers: [{ url: '/api/v1' }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'Token of POST /session' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'yilan_session' },
      },
    },
  });
}

function describeRoute(route: Route): ZodOpenApiOperationObject {
  const answer =
    route.answer === null
      ? { description: 'Done' }
      : { description: 'Answer', content: { [route.textType?.split(';')[0] ?? 'application/json']: { schema: route.answer } } };
  return {
    summary: route.summary,
    tags: [route.path.split('/')[1]?.split('.')[0] ?? ''],
    description: describeAccess(route),
    security: route.access === 'public' ? [] : [{ bearer: [] }, { cookie: [] }],
    requestParams: {
      ...(hasFields(route.params) ? { path: route.params } : {}),
      ...(hasFields(route.query) ? { query: route.query } : {}),
    },
    ...(route.body === null ? {} : { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }),
    responses: {
      [String(route.status) as `2${string}`]: answer,
      default: { description: 'Refused', content: { 'application/problem+json': { schema: problemSchema } } },
    },
  };
}

function hasFields(schema: z.ZodType): schema is z.ZodObject {
  return schema instanceof z.ZodObject && Object.keys(schema.shape).length > 0;
}

function describeAccess(route: Route): string {
  if (route.access === 'public') return 'No login needed.';
  return route.access === 'session' ? 'Anybody who is logged in.' : `Right: ${route.access}.`;
}

/** `/api/v1/openapi.json` and `/api/v1/docs`; everything comes from this server. */
export function apiDocumentRouter(routes: readonly Route[], version: string): Router {
  const router = express.Router();
  const text = JSON.stringify(describeApi(routes, version));
  router.get('/api/v1/openapi.json', (_request, response) => {
    response.setHeader('Content-Type', 'application/json').end(text);
  });
  router.get('/api/v1/docs', (_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8').end(page);
  });
  router.get('/api/v1/docs/start.js', (_request, response) => {
    response.setHeader('Content-Type', 'text/javascript; charset=utf-8').end(script);
  });
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/swagger-ui.css'));
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    router.get(`/api/v1/docs/${file}`, (_request, response) => {
      response.sendFile(file, { root: folder });
    });
  }
  return router;
}

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Yilan API</title>
    <link rel="stylesheet" href="/api/v1/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="document"></div>
    <script src="/api/v1/docs/swagger-ui-bundle.js"></script>
    <script src="/api/v1/docs/start.js"></script>
  </body>
</html>
`;

const script = `SwaggerUIBundle({ url: '/api/v1/openapi.json', dom_id: '#document', docExpansion: 'none' });\n`;
