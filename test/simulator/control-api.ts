/**
 * The simulator's HTTP face: what cameras there are, what is wrong with them, and which frames they sent.
 *
 *     GET    /cameras                          all cameras
 *     GET    /cameras/{n}                      one
 *     POST   /cameras/{n}/fault                {kind, seconds?}
 *     DELETE /cameras/{n}/fault
 *     GET    /cameras/{n}/frames?role=&limit=  the last frames sent
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';

import { z } from 'zod';

import { FAULT_KINDS } from './fault.ts';
import type { FaultKind } from './fault.ts';
import type { SimulatedCamera } from './simulator.ts';

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const faultRequestSchema = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  seconds: z.number().positive().optional(),
});

const MAX_BODY_BYTES = 10_000;

/** A server that is not listening yet. The cameras in number order. */
export function createControlApi(cameras: readonly SimulatedCamera[]): Server {
  return createServer((request, response) => {
    reply(request, cameras)
      .catch((error: unknown): Reply => ({ status: 400, body: { error: String(error) } }))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body === null ? '' : JSON.stringify(body));
      })
      .catch(() => response.destroy());
  });
}

async function reply(request: IncomingMessage, cameras: readonly SimulatedCamera[]): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://simulator');
  if (url.pathname === '/cameras' && request.method === 'GET') {
    return { status: 200, body: { cameras: cameras.map((camera) => camera.describe()) } };
  }
  const match = /^\/cameras\/(\d+)(\/fault|\/frames)?$/.exec(url.pathname);
  const camera = match === null ? undefined : cameras[Number(match[1]) - 1];
  if (match === null || camera === undefined) return { status: 404, body: { error: 'no such camera' } };
  switch (`${request.method} ${match[2] ?? ''}`) {
    case 'GET ':
      return { status: 200, body: camera.describe() };
    case 'GET /frames': {
      const role = url.searchParams.get('role') === 'sub' ? 'sub' : 'main';
      const limit = Number(url.searchParams.get('limit') ?? 600) || 600;
      return { status: 200, body: { frames: camera.sentFrames(role, limit) } };
    }
    case 'POST /fault': {
      const { kind, seconds } = await readFaultRequest(request);
      camera.setFault(kind, seconds);
      return { status: 200, body: camera.describe() };
    }
    case 'DELETE /fault':
      camera.clearFault();
      return { status: 200, body: camera.describe() };
    default:
      return { status: 405, body: { error: 'no such method' } };
  }
}

async function readFaultRequest(request: IncomingMessage): Promise<{ kind: FaultKind; seconds?: number | undefined }> {
  let body = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    body += chunk.toString();
    if (body.length > MAX_BODY_BYTES) throw new Error('body too long');
  }
  return faultRequestSchema.parse(JSON.parse(body));
}
