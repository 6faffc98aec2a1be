/** Pages of cameras and devices. */
import type { RouteRecordRaw } from 'vue-router';

export const cameraRoutes: readonly RouteRecordRaw[] = [
  { path: '/cameras', component: () => import('./CamerasPage.vue'), meta: { right: 'cameras.read', title: 'frame.sections.cameras' } },
  { path: '/cameras/new', component: () => import('./CameraFormPage.vue'), meta: { right: 'cameras.edit', title: 'cameras.add' } },
  { path: '/cameras/:id', component: () => import('./CameraPage.vue'), meta: { right: 'cameras.read', title: 'frame.sections.cameras' } },
  { path: '/cameras/:id/edit', component: () => import('./CameraFormPage.vue'), meta: { right: 'cameras.edit', title: 'cameras.edit' } },
];
