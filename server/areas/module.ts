/** The areas' part of the server. */
import type { DomainModule, Platform } from '../platform.ts';
import { areaRoutes } from './routes.ts';
import { createAreaService } from './service.ts';

export function createAreasModule(platform: Platform): DomainModule {
  return { routes: areaRoutes(createAreaService(platform)) };
}
