/** Pages of the system section. */
import type { RouteRecordRaw } from 'vue-router';

export const systemRoutes: readonly RouteRecordRaw[] = [
  {
    path: '/system/:tab(nodes|accounts|register|audit)?',
    component: () => import('./SystemPage.vue'),
    meta: { right: 'system.read', title: 'frame.sections.system' },
  },
];
