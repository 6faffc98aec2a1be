/** The cameras' part of the server. */
import type { SiteService } from '../compounds/site-service.ts';
import type { HealthService } from '../health/service.ts';
import type { DomainModule, Platform } from '../platform.ts';
import type { CredentialCipher } from './credential-cipher.ts';
import { deviceRoutes } from './device-routes.ts';
import { createDeviceService } from './device-service.ts';
import { cameraRoutes } from './routes.ts';
import { createCameraService } from './service.ts';
import { createTicketOffice } from './tickets.ts';
import type { TicketOfficeOptions } from './tickets.ts';

export interface CamerasModuleOptions {
  readonly cipher: CredentialCipher;
  readonly health: HealthService;
  readonly sites: SiteService;
  readonly findRegisterEntry: TicketOfficeOptions['findRegisterEntry'];
}

export function createCamerasModule(platform: Platform, options: CamerasModuleOptions): DomainModule {
  const service = createCameraService({ platform, ...options });
  const tickets = createTicketOffice({ platform, findRegisterEntry: options.findRegisterEntry });
  let adopting: Promise<void> = Promise.resolve();
  let endLinks: (() => void) | null = null;
  return {
    routes: [...cameraRoutes(service, tickets), ...deviceRoutes(createDeviceService(platform))],
    desiredStateSource: service.desiredState,
    start() {
      endLinks = platform.mediaNodes.onLinkChanged(({ nodeId, isLinked }) => {
        if (!isLinked) return;
        // One after the other, so that two nodes that link together do not both take the same cameras.
        adopting = adopting
          .then(() => service.adoptOrphans(nodeId))
          .catch((error: unknown) => platform.log.error({ err: error, nodeId }, 'cameras.adoption-failed'));
      });
      return Promise.resolve();
    },
    async stop() {
      endLinks?.();
      await adopting;
    },
  };
}
