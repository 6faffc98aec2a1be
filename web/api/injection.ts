/** How components and stores reach the API client that `main.ts` created. */
import { inject, type InjectionKey } from 'vue';
import type { ApiClient } from './client.ts';

export const apiKey: InjectionKey<ApiClient> = Symbol('api');

/** The API client. Call in `setup` of a component or a store. */
export function useApi(): ApiClient {
  const api = inject(apiKey);
  if (!api) throw new Error('main.ts provides no API client');
  return api;
}
