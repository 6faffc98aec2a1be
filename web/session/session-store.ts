/** Who is logged in, what he may do, and which installation this is. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Right, SessionAnswer, SessionUser } from '../../server/contract/accounts.ts';
import type { SystemInfo } from '../../server/contract/system.ts';
import { useApi } from '../api/injection.ts';
import { ApiProblem } from '../api/problem.ts';
import { useServerClock } from '../clock/server-clock.ts';

export const useSession = defineStore('session', () => {
  const api = useApi();
  const serverClock = useServerClock();
  const system = shallowRef<SystemInfo | null>(null);
  const user = shallowRef<SessionUser | null>(null);
  /** True after a session ended by itself, so that the login page can say why it is there. */
  const hasExpired = shallowRef(false);
  let starting: Promise<void> | null = null;

  /** Reads the installation and the session once; later calls give the same promise. Throws when the server cannot be reached. */
  function start(): Promise<void> {
    starting ??= load().catch((error: unknown) => {
      starting = null;
      throw error;
    });
    return starting;
  }

  async function load(): Promise<void> {
    const info = await api.get<SystemInfo>('/system');
    serverClock.learn(info.serverTime);
    system.value = info;
    if (!info.isSetUp) return;
    try {
      user.value = (await api.get<SessionAnswer>('/session')).user;
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== 'unauthenticated') throw error;
    }
    hasExpired.value = false;
  }

  async function logIn(username: string, password: string): Promise<void> {
    user.value = (await api.post<SessionAnswer>('/session', { username, password })).user;
    hasExpired.value = false;
  }

  async function setUp(entry: { token: string; username: string; password: string; displayName: string }): Promise<void> {
    user.value = (await api.post<SessionAnswer>('/setup', entry)).user;
    if (system.value) system.value = { ...system.value, isSetUp: true };
  }

  async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
    await api.post('/session/password', { currentPassword, newPassword });
    if (user.value) user.value = { ...user.value, mustChangePassword: false };
  }

  async function logOut(): Promise<void> {
    try {
      await api.remove('/session');
    } finally {
      user.value = null;
    }
  }

  /** The server no longer knows the session. */
  function expire(): void {
    if (user.value === null) return;
    user.value = null;
    hasExpired.value = true;
  }

  const can = (right: Right) => user.value?.rights.includes(right) ?? false;
  const isLoggedIn = computed(() => user.value !== null);
  return { system, user, hasExpired, isLoggedIn, can, start, logIn, logOut, setUp, changePassword, expire };
});
