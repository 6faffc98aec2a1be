/** The compounds' part of the server. */
import type { DomainModule, Platform } from '../platform.ts';
import { compoundRoutes } from './routes.ts';
import { createCompoundService } from './service.ts';
import { siteRoutes } from './site-routes.ts';
import { createSiteService } from './site-service.ts';
import type { SiteService } from './site-service.ts';

export function createCompoundsModule(platform: Platform): DomainModule & { readonly sites: SiteService } {
  const sites = createSiteService(platform);
  return { routes: [...compoundRoutes(createCompoundService(platform)), ...siteRoutes(sites)], sites };
}
