/** Pages of the ledger of compounds. */
import type { RouteRecordRaw } from 'vue-router';

export const compoundRoutes: readonly RouteRecordRaw[] = [
  { path: '/compounds', component: () => import('./CompoundsPage.vue'), meta: { right: 'district.read', title: 'frame.sections.compounds' } },
  { path: '/compounds/:id', component: () => import('./CompoundPage.vue'), meta: { right: 'district.read', title: 'frame.sections.compounds' } },
];
