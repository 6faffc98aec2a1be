/** `GET /system`: what the first page needs before anybody is logged in. */
import { z } from 'zod';
import type { Settings } from '../../config/settings.ts';
import type { Clock } from '../clock/clock.ts';
import type { DatabaseEngine } from '../database/connect.ts';
import { defineRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';

const systemSchema = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    serverTime: z.iso.datetime(),
    isSetUp: z.boolean().describe('False until the first administrator is made'),
    isDemo: z.boolean(),
    database: z.enum(['pglite', 'postgresql']),
  })
  .meta({ id: 'SystemInfo' });

export interface SystemRoutesOptions {
  readonly settings: Settings;
  readonly version: string;
  readonly engine: DatabaseEngine;
  readonly clock: Clock;
  readonly isSetUp: () => Promise<boolean>;
}

export function systemRoutes(options: SystemRoutesOptions): readonly Route[] {
  const { settings, version, engine, clock, isSetUp } = options;
  return [
    defineRoute({
      method: 'get',
      path: '/system',
      right: 'public',
      summary: 'Name, version and state of the installation',
      answer: systemSchema,
      handler: async () => ({
        name: settings.installation.name,
        version,
        serverTime: new Date(clock.wallClockMs()).toISOString(),
        isSetUp: await isSetUp(),
        isDemo: settings.installation.demo,
        database: engine,
      }),
    }),
  ];
}
