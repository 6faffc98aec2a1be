/** Pages of the map. */
import type { RouteRecordRaw } from 'vue-router';

export const mapRoutes: readonly RouteRecordRaw[] = [
  { path: '/map', component: () => import('./MapPage.vue'), meta: { right: 'cameras.read', theme: 'dark', title: 'frame.sections.map' } },
];
