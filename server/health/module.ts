/** The health part of the server. */
import type { DomainModule, Platform } from '../platform.ts';
import { healthRoutes } from './routes.ts';
import { createHealthService } from './service.ts';
import type { HealthService } from './service.ts';

export function createHealthModule(platform: Platform): DomainModule & { readonly health: HealthService } {
  const health = createHealthService(platform);
  return {
    routes: healthRoutes(health, () => platform.clock.wallClockMs()),
    start: () => health.start(),
    stop: () => health.stop(),
    health,
  };
}
