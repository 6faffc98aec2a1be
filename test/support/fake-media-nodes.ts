/** Media nodes that link, report and vanish when a test says so. */
import { mediaNodes } from '../../server/media-nodes/schema.ts';
import type { LinkState, MediaNodes } from '../../server/media-nodes/media-nodes.ts';
import type { Queryable } from '../../server/database/connect.ts';
import type { ObservedState, ObservedStream, StreamRole } from '../../media/contract/streams.ts';
import type { TicketPayload } from '../../media/contract/ticket.ts';
import type { Clock } from '../../server/clock/clock.ts';

export class FakeMediaNodes implements MediaNodes {
  /** Payloads of all tickets, in the order they were signed. */
  readonly tickets: Omit<TicketPayload, 'keyId'>[] = [];
  /** How often nodes were to be told something new. */
  pushes = 0;
  readonly #clock: Clock;
  readonly #ids: string[] = [];
  readonly #links = new Map<string, LinkState>();
  readonly #latest = new Map<string, ObservedState>();
  readonly #observers = new Set<(nodeId: string, state: ObservedState) => void>();
  readonly #linkListeners = new Set<(state: LinkState) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly observations = {
    latest: (nodeId: string) => this.#latest.get(nodeId) ?? null,
    subscribe: (listener: (nodeId: string, state: ObservedState) => void) => {
      this.#observers.add(listener);
      return () => void this.#observers.delete(listener);
    },
  };

  /** Stores a node, so that rows can refer to it. It is not linked yet. */
  async register(db: Queryable, name: string): Promise<string> {
    const id = crypto.randomUUID();
    await db.insert(mediaNodes).values({ id, name, keyHash: id, isEmbedded: false, createdAt: new Date(this.#clock.wallClockMs()) });
    this.#ids.push(id);
    return id;
  }

  link(nodeId: string): void {
    this.#setLink(nodeId, true);
  }

  lose(nodeId: string): void {
    this.#setLink(nodeId, false);
  }

  observe(nodeId: string, streams: readonly ObservedStream[]): void {
    const storage = { usedBytes: 0, quotaBytes: 1, freeBytes: 1, fault: null };
    const state: ObservedState = { generation: 1, atMs: this.#clock.wallClockMs(), streams, storage, transcoding: null };
    this.#latest.set(nodeId, state);
    for (const listener of this.#observers) listener(nodeId, state);
  }

  /** The server that listened is gone, and with it every link. */
  forgetListeners(): void {
    this.#observers.clear();
    this.#linkListeners.clear();
    this.#links.clear();
    this.#latest.clear();
  }

  listIds = (): Promise<readonly string[]> => Promise.resolve(this.#ids);

  linkOf = (nodeId: string): LinkState => this.#links.get(nodeId) ?? { nodeId, isLinked: false, sinceMs: this.#clock.wallClockMs() };

  onLinkChanged = (listener: (state: LinkState) => void): (() => void) => {
    this.#linkListeners.add(listener);
    return () => void this.#linkListeners.delete(listener);
  };

  desiredStateChanged = (): void => {
    this.pushes += 1;
  };

  signTicket = (payload: Omit<TicketPayload, 'keyId'>): string => {
    this.tickets.push(payload);
    return `ticket.${this.tickets.length}`;
  };

  baseUrlFor = (nodeId: string, request: { readonly protocol: string; readonly hostname: string }): string | null =>
    this.linkOf(nodeId).isLinked ? `${request.protocol}://${request.hostname}:8090` : null;

  #setLink(nodeId: string, isLinked: boolean): void {
    const state: LinkState = { nodeId, isLinked, sinceMs: this.#clock.wallClockMs() };
    this.#links.set(nodeId, state);
    this.#latest.delete(nodeId);
    for (const listener of this.#linkListeners) listener(state);
  }
}

/** A stream as a node reports it: sound and streaming, but for what `over` says. */
export function observedStream(cameraId: string, nowMs: number, over: Partial<ObservedStream> & { readonly role?: StreamRole } = {}): ObservedStream {
  return {
    cameraId,
    role: 'main',
    phase: 'streaming',
    reason: null,
    sinceMs: nowMs,
    retryAtMs: null,
    codec: 'h264',
    audioCodec: null,
    width: 1920,
    height: 1080,
    framesPerSecond: 25,
    bitrateBps: 1_500_000,
    lastFrameAtMs: nowMs,
    keyFrameIntervalMs: 2000,
    lostPackets: 0,
    clock: null,
    viewers: 0,
    slowViewers: 0,
    droppedFrames: 0,
    isRecording: true,
    ...over,
  };
}
