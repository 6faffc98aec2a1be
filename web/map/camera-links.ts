/** Where the map sends cameras: to the wall and to playback. Pure. */
import type { RouteLocationRaw } from 'vue-router';

/** The wall with these cameras on its tiles, in this order. */
export function wallLink(cameraIds: readonly string[]): RouteLocationRaw {
  return { path: '/wall', query: { cameras: cameraIds.join(',') } };
}

/** Playback of these cameras. */
export function playbackLink(cameraIds: readonly string[]): RouteLocationRaw {
  return { path: '/playback', query: { cameras: cameraIds.join(',') } };
}
