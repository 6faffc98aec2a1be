/** Which nodes are linked, what they said last, and who wants to know. In memory: a node repeats everything after a link-up. */
import type { NodeHello } from '../../media/contract/link.ts';
import type { ObservedState } from '../../media/contract/streams.ts';
import type { Clock } from '../clock/clock.ts';
import type { LinkState, NodeObservations } from './media-nodes.ts';

/** A node's present link. */
export interface NodeLink {
  readonly nodeId: string;
  readonly hello: NodeHello;
  readonly linkedSinceMs: number;
}

/** Links and observations of all nodes. One link per node: a later one replaces the earlier. */
export class NodeLinks implements NodeObservations {
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #links = new Map<string, NodeLink>();
  readonly #lostAtMs = new Map<string, number>();
  /** How often each present link was looked at since its newest snapshot. */
  readonly #silentLooks = new Map<NodeLink, number>();
  readonly #observed = new Map<string, ObservedState>();
  readonly #linkListeners = new Set<(state: LinkState) => void>();
  readonly #observationListeners = new Set<(nodeId: string, state: ObservedState) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedMs = clock.wallClockMs();
  }

  latest(nodeId: string): ObservedState | null {
    return this.#observed.get(nodeId) ?? null;
  }

  subscribe(listener: (nodeId: string, state: ObservedState) => void): () => void {
    this.#observationListeners.add(listener);
    return () => void this.#observationListeners.delete(listener);
  }

  onLinkChanged(listener: (state: LinkState) => void): () => void {
    this.#linkListeners.add(listener);
    return () => void this.#linkListeners.delete(listener);
  }

  link(nodeId: string): NodeLink | null {
    return this.#links.get(nodeId) ?? null;
  }

  linkedIds(): readonly string[] {
    return [...this.#links.keys()];
  }

  state(nodeId: string): LinkState {
    const link = this.#links.get(nodeId);
    if (link !== undefined) return { nodeId, isLinked: true, sinceMs: link.linkedSinceMs };
    return { nodeId, isLinked: false, sinceMs: this.#lostAtMs.get(nodeId) ?? this.#startedMs };
  }

  /** A node said hello. */
  open(nodeId: string, hello: NodeHello): NodeLink {
    const link = { nodeId, hello, linkedSinceMs: this.#clock.wallClockMs() };
    this.#forget(nodeId);
    this.#links.set(nodeId, link);
    this.#silentLooks.set(link, 0);
    this.#tellLink(nodeId);
    return link;
  }

  /** A link ended. Nothing happens when another link has replaced it. */
  close(link: NodeLink): void {
    if (this.#links.get(link.nodeId) !== link) return;
    this.#forget(link.nodeId);
    this.#lostAtMs.set(link.nodeId, this.#clock.wallClockMs());
    this.#tellLink(link.nodeId);
  }

  /** A snapshot came in over a link; ignored when the link is not the present one. */
  observe(link: NodeLink, state: ObservedState): void {
    if (this.#links.get(link.nodeId) !== link) return;
    this.#observed.set(link.nodeId, state);
    this.#silentLooks.set(link, 0);
    for (const listener of this.#observationListeners) listener(link.nodeId, state);
  }

  /**
   * To be called at regular times. Links over which no snapshot came in at least the last `looks` of them: counted instead of timed,
   * because a server that stood still itself finds the snapshots of that time only afterwards.
   */
  lookForSilence(looks: number): readonly NodeLink[] {
    for (const [link, count] of this.#silentLooks) this.#silentLooks.set(link, count + 1);
    return [...this.#silentLooks].filter(([, count]) => count > looks).map(([link]) => link);
  }

  #forget(nodeId: string): void {
    const link = this.#links.get(nodeId);
    if (link !== undefined) this.#silentLooks.delete(link);
    this.#links.delete(nodeId);
    this.#observed.delete(nodeId);
  }

  #tellLink(nodeId: string): void {
    const state = this.state(nodeId);
    for (const listener of this.#linkListeners) listener(state);
  }
}
