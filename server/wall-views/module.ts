/** The wall views' part of the server. */
import type { DomainModule, Platform } from '../platform.ts';
import { wallViewRoutes } from './routes.ts';
import { createWallViewService } from './service.ts';

export function createWallViewsModule(platform: Platform): DomainModule {
  return { routes: wallViewRoutes(createWallViewService(platform)) };
}
