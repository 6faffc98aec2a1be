/** Pages of playback. */
import type { RouteRecordRaw } from 'vue-router';

export const playbackRoutes: readonly RouteRecordRaw[] = [
  { path: '/playback', component: () => import('./PlaybackPage.vue'), meta: { right: 'recordings.watch', title: 'frame.sections.playback' } },
];
