/** Pages of the video wall. */
import type { RouteRecordRaw } from 'vue-router';

export const wallRoutes: readonly RouteRecordRaw[] = [
  { path: '/wall', component: () => import('./WallPage.vue'), meta: { right: 'live.watch', theme: 'dark', title: 'frame.sections.wall' } },
];
