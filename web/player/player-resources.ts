/** What all players of a page share. */
import { inject, readonly, shallowReactive, shallowRef, type InjectionKey, type Ref } from 'vue';
import { detectBrowserCodecs } from './browser-codecs.ts';
import { HlsBudget } from './hls-budget.ts';
import { LiveSockets } from './live-socket.ts';
import { NodeClocks } from './node-clock.ts';
import type { BrowserCodecs } from './stream-plan.ts';
import { TransportMemory } from './transport-memory.ts';

export interface PlayerResources {
  readonly browser: BrowserCodecs;
  readonly nodeClocks: NodeClocks;
  readonly hlsBudget: HlsBudget;
  readonly liveSockets: LiveSockets;
  readonly transportMemory: TransportMemory;
  /** Grows when the memory begins to avoid a way: plans made before are out of date. */
  readonly transportMemoryVersion: Readonly<Ref<number>>;
  /** Tiles that want the main stream because they are enlarged, in the order they came; see `zoom/zoom-stream.ts`. */
  readonly zoomAskers: Set<symbol>;
}

export const playerResourcesKey: InjectionKey<PlayerResources> = Symbol('player-resources');

/** Creates them, once per page. */
export function createPlayerResources(): PlayerResources {
  const transportMemoryVersion = shallowRef(0);
  return {
    browser: detectBrowserCodecs(),
    nodeClocks: new NodeClocks({ fetch: (input, init) => window.fetch(input, init), nowMs: () => Date.now() }),
    hlsBudget: new HlsBudget(),
    liveSockets: new LiveSockets({ createSocket: (url, protocol) => new WebSocket(url, protocol) }),
    transportMemory: new TransportMemory({ nowMs: () => performance.now(), onChange: () => transportMemoryVersion.value++ }),
    transportMemoryVersion: readonly(transportMemoryVersion),
    zoomAskers: shallowReactive(new Set<symbol>()),
  };
}

/** The page's shared player resources. Call in `setup`. */
export function usePlayerResources(): PlayerResources {
  const resources = inject(playerResourcesKey);
  if (!resources) throw new Error('main.ts provides no player resources');
  return resources;
}
