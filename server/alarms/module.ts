/** The alarms' part of the server. Start it before health, whose news it must not miss. */
import type { HealthService } from '../health/service.ts';
import type { DomainModule, Platform } from '../platform.ts';
import { createOfflineAlarms } from './offline-alarms.ts';
import type { OfflineAlarms } from './offline-alarms.ts';
import { alarmRoutes } from './routes.ts';
import { createAlarmService } from './service.ts';

export function createAlarmsModule(platform: Platform, health: HealthService): DomainModule & { readonly offlineAlarms: OfflineAlarms } {
  const offlineAlarms = createOfflineAlarms(platform, health);
  return {
    routes: alarmRoutes(createAlarmService(platform)),
    start: () => offlineAlarms.start(),
    stop: () => offlineAlarms.stop(),
    offlineAlarms,
  };
}
