/** The coverage part of the server. */
import type { DomainModule, Platform } from '../platform.ts';
import { coverageRoutes } from './routes.ts';
import { createCoverageService } from './service.ts';

export function createCoverageModule(platform: Platform): DomainModule {
  return { routes: coverageRoutes(createCoverageService(platform)) };
}
