/** Every page and its URL. Pages are loaded when they are first opened; a section lists its own in `routes.ts` beside it. */
import { createRouter, createWebHistory, type RouteRecordRaw, type Router } from 'vue-router';
import type { Right } from '../server/contract/accounts.ts';
import { alarmRoutes } from './alarms/routes.ts';
import { cameraRoutes } from './cameras/routes.ts';
import { compoundRoutes } from './compounds/routes.ts';
import { coverageRoutes } from './coverage/routes.ts';
import { homePathOf } from './frame/sections.ts';
import { mapRoutes } from './map/routes.ts';
import { playbackRoutes } from './playback/routes.ts';
import { useSession } from './session/session-store.ts';
import type { Theme } from './session/theme.ts';
import { systemRoutes } from './system/routes.ts';
import { wallRoutes } from './wall/routes.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Right the page needs; absent: any logged-in person. */
    right?: Right;
    /** Shown without login. */
    isPublic?: boolean;
    /** Without the bar: login and the like. */
    isBare?: boolean;
    /** Theme unless the person chose one; light when absent. */
    theme?: Theme;
    /** Key of the page's name for the window title, such as `frame.sections.wall`. */
    title?: string;
  }
}

const ownRoutes: readonly RouteRecordRaw[] = [
  { path: '/login', component: () => import('./session/LoginPage.vue'), meta: { isPublic: true, isBare: true, title: 'session.login' } },
  { path: '/setup', component: () => import('./session/SetupPage.vue'), meta: { isPublic: true, isBare: true, title: 'session.setup' } },
  { path: '/password', component: () => import('./session/PasswordPage.vue'), meta: { isBare: true, title: 'session.changePassword' } },
  { path: '/forbidden', component: () => import('./frame/ForbiddenPage.vue'), meta: { title: 'frame.forbidden' } },
  { path: '/:rest(.*)*', component: () => import('./frame/NotFoundPage.vue'), meta: { title: 'frame.notFound' } },
];

/** Creates the router with its guard: set up first, then log in, then the password, then the right. */
export function createPageRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/', name: 'home', component: () => import('./frame/NotFoundPage.vue') },
      ...wallRoutes,
      ...mapRoutes,
      ...playbackRoutes,
      ...alarmRoutes,
      ...coverageRoutes,
      ...compoundRoutes,
      ...cameraRoutes,
      ...systemRoutes,
      ...ownRoutes,
    ],
  });

  router.beforeEach(async (to) => {
    const session = useSession();
    await session.start();
    if (session.system && !session.system.isSetUp) return to.path === '/setup' ? true : { path: '/setup', query: to.query };
    if (!session.user) return to.meta.isPublic && to.path !== '/setup' ? true : { path: '/login', query: { next: to.fullPath } };
    if (session.user.mustChangePassword && to.path !== '/password') return '/password';
    if (to.path === '/' || to.path === '/login' || to.path === '/setup') return homePathOf(session.user.role);
    if (to.meta.right && !session.can(to.meta.right)) return { path: '/forbidden', query: { from: to.fullPath } };
    return true;
  });
  return router;
}
