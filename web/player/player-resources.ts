/** What all players of a page share. */
import { inject, type InjectionKey } from 'vue';
import { detectBrowserCodecs } from './browser-codecs.ts';
import { HlsBudget } from './hls-budget.ts';
import { NodeClocks } from './node-clock.ts';
import type { BrowserCodecs } from './stream-plan.ts';

export interface PlayerResources {
  readonly browser: BrowserCodecs;
  readonly nodeClocks: NodeClocks;
  readonly hlsBudget: HlsBudget;
}

export const playerResourcesKey: InjectionKey<PlayerResources> = Symbol('player-resources');

/** Creates them, once per page. */
export function createPlayerResources(): PlayerResources {
  return {
    browser: detectBrowserCodecs(),
    nodeClocks: new NodeClocks({ fetch: (input, init) => window.fetch(input, init), nowMs: () => Date.now() }),
    hlsBudget: new HlsBudget(),
  };
}

/** The page's shared player resources. Call in `setup`. */
export function usePlayerResources(): PlayerResources {
  const resources = inject(playerResourcesKey);
  if (!resources) throw new Error('main.ts provides no player resources');
  return resources;
}
