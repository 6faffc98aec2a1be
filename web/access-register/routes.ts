/** Pages of the access register. */
import type { RouteRecordRaw } from 'vue-router';

export const accessRegisterRoutes: readonly RouteRecordRaw[] = [
  {
    path: '/access-register',
    component: () => import('./AccessRegisterPage.vue'),
    meta: { right: 'access-register.read', title: 'frame.sections.accessRegister' },
  },
];
