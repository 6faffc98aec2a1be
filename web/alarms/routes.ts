/** Pages of alarms. */
import type { RouteRecordRaw } from 'vue-router';

export const alarmRoutes: readonly RouteRecordRaw[] = [
  { path: '/alarms/:id?', component: () => import('./AlarmsPage.vue'), meta: { right: 'alarms.read', title: 'frame.sections.alarms' } },
];
