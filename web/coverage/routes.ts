/** Pages of coverage. */
import type { RouteRecordRaw } from 'vue-router';

export const coverageRoutes: readonly RouteRecordRaw[] = [
  { path: '/coverage', component: () => import('./CoveragePage.vue'), meta: { right: 'coverage.read', title: 'frame.sections.coverage' } },
];
