/** Pages of this section. */
import type { RouteRecordRaw } from 'vue-router';

export const mapRoutes: readonly RouteRecordRaw[] = [];
