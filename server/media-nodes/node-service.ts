/** The media nodes of this server: registers them, keeps their links, sends them what to do. */
import { createHash, randomBytes } from 'node:crypto';
import type { DesiredState } from '../../media/contract/streams.ts';
import type { NodeHello, NodeWelcome } from '../../media/contract/link.ts';
import type { Changes } from '../audit/change.ts';
import type { Clock } from '../clock/clock.ts';
import type { Database } from '../database/connect.ts';
import type { Log } from '../http/log.ts';
import type { RealtimeOutbox } from '../realtime/outbox.ts';
import { applyNodeEvents } from './apply-events.ts';
import { baseUrlOf, describeNode } from './describe-node.ts';
import type { NodeAddress } from './describe-node.ts';
import type { DesiredStateSource, MediaNodes, NodeEventHandler } from './media-nodes.ts';
import type { ReceivedEvent } from './messages.ts';
import { NodeLinks } from './node-links.ts';
import type { NodeLink } from './node-links.ts';
import {
  deleteOldPositions,
  findNodeByKeyHash,
  listNodeIds,
  loadEventPosition,
  loadNode,
  loadNodes,
  saveEmbeddedNode,
  saveHello,
  saveLastSeen,
  saveNode,
} from './store.ts';
import type { TicketSigner } from './ticket-signer.ts';

export interface NodeServiceOptions {
  readonly db: Database;
  readonly changes: Changes;
  readonly outbox: RealtimeOutbox;
  readonly clock: Clock;
  readonly log: Log;
  readonly signer: TicketSigner;
}

/** What the cameras and recordings contribute; known once their modules are made. */
export interface NodeDuties {
  readonly source: DesiredStateSource;
  readonly handlers: readonly NodeEventHandler[];
}

/** How a linked node is reached. */
export interface NodeChannel {
  sendDesired(state: DesiredState): void;
  /** Ends a link that another one of the same node has replaced. */
  close(): void;
}

/** Edits come in bursts; a node is told once per burst. */
const gatherMs = 50;
const retryMs = 2_000;
/**
 * A node sends a snapshot at least every 2 s. One that is silent for five times as long stands still, or cannot measure; what it
 * said last must not be shown as the present, though its connection may still be open.
 */
const silenceCheckMs = 2_000;
const allowedSilentChecks = 5;
const keepPositionsMs = 7 * 86_400_000;
/** More nodes than any district has. */
const maxNodes = 1_000;

/** Key of a node as the database knows it. */
export function hashNodeKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

export class NodeService {
  readonly links: NodeLinks;
  readonly #options: NodeServiceOptions;
  readonly #channels = new Map<NodeLink, NodeChannel>();
  /** Where nodes were last reached by browsers, by node id; kept while they are away. */
  readonly #addresses = new Map<string, NodeAddress>();
  /** One chain per node: its events are applied in order. */
  readonly #applying = new Map<string, Promise<unknown>>();
  #duties: NodeDuties | null = null;
  #generation = 0;
  /** Counts changes of what nodes shall do, to notice one that falls into a welcome. */
  #changeCount = 0;
  #cancelPush: (() => void) | null = null;
  #cancelSilenceCheck: (() => void) | null = null;
  #setAsideEvents = 0;
  #isStopped = false;

  constructor(options: NodeServiceOptions) {
    this.#options = options;
    this.links = new NodeLinks(options.clock);
  }

  /** Events of nodes that were acknowledged without being applied, since the process began. */
  get setAsideEvents(): number {
    return this.#setAsideEvents;
  }

  /** From now on nodes can be welcomed. */
  async start(duties: NodeDuties): Promise<void> {
    for (const row of await loadNodes(this.#options.db, { after: null, limit: maxNodes })) {
      if (row.mediaPort !== null) this.#addresses.set(row.id, { publicUrl: row.publicUrl, mediaPort: row.mediaPort, usesTls: row.usesTls });
    }
    this.#duties = duties;
    this.links.onLinkChanged(({ nodeId }) => this.#announce(nodeId));
    this.#scheduleSilenceCheck();
  }

  /** Stops pushing and waits for events that are being applied. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelPush?.();
    this.#cancelSilenceCheck?.();
    for (const channel of this.#channels.values()) channel.close();
    await Promise.allSettled(this.#applying.values());
  }

  /** The part that domain folders see. */
  facade(): MediaNodes {
    const { links } = this;
    return {
      observations: links,
      listIds: () => listNodeIds(this.#options.db),
      linkOf: (nodeId) => links.state(nodeId),
      onLinkChanged: (listener) => links.onLinkChanged(listener),
      desiredStateChanged: () => {
        this.#changeCount += 1;
        this.#schedulePush(gatherMs);
      },
      signTicket: (payload) => this.#options.signer.sign(payload),
      baseUrlFor: (nodeId, request) => {
        const link = links.link(nodeId);
        return link === null ? null : baseUrlOf(link.hello, request);
      },
    };
  }

  /** Base URLs of all nodes for the browser that asks, also of those that are away: they may be back before the page is left. */
  baseUrls(request: { readonly protocol: string; readonly hostname: string }): readonly string[] {
    return [...this.#addresses.values()].map((address) => baseUrlOf(address, request));
  }

  /** Registers the node that this server starts and returns its new key. */
  async registerEmbedded(): Promise<{ readonly nodeId: string; readonly key: string }> {
    const key = randomBytes(32).toString('base64url');
    const at = new Date(this.#options.clock.wallClockMs());
    return { nodeId: await saveEmbeddedNode(this.#options.db, { name: '本机节点', keyHash: hashNodeKey(key), at }), key };
  }

  /** Registers a node on its own by the key that server and node share in their configuration. */
  async registerWithKey(name: string, key: string): Promise<string> {
    return saveNode(this.#options.db, { name, keyHash: hashNodeKey(key), at: new Date(this.#options.clock.wallClockMs()) });
  }

  /** Id of the node that has this key, or null. */
  async findByKey(key: string): Promise<string | null> {
    return (await findNodeByKeyHash(this.#options.db, hashNodeKey(key)))?.id ?? null;
  }

  /** Takes a node in. An older link of the same node is closed. */
  async welcome(nodeId: string, hello: NodeHello, channel: NodeChannel): Promise<{ readonly link: NodeLink; readonly welcome: NodeWelcome }> {
    const { db, clock, log } = this.#options;
    const at = new Date(clock.wallClockMs());
    await saveHello(db, nodeId, hello, at);
    await deleteOldPositions(db, nodeId, hello.epoch, new Date(at.getTime() - keepPositionsMs));
    const acknowledgedSequence = await loadEventPosition(db, nodeId, hello.epoch);
    const changeCount = this.#changeCount;
    const desired = await this.#loadDesired(nodeId);
    const former = this.links.link(nodeId);
    const link = this.links.open(nodeId, hello);
    this.#channels.set(link, channel);
    this.#addresses.set(nodeId, { publicUrl: hello.publicUrl, mediaPort: hello.mediaPort, usesTls: hello.usesTls });
    if (changeCount !== this.#changeCount) this.#schedulePush(gatherMs);
    if (former !== null) this.#channels.get(former)?.close();
    log.info(
      { nodeId, epoch: hello.epoch, version: hello.version, webRtcEngine: hello.webRtcEngine, streams: desired.streams.length },
      'media-node.linked',
    );
    return { link, welcome: { nodeId, acknowledgedSequence, desired } };
  }

  /** The connection behind a link is gone. */
  async linkClosed(link: NodeLink, cause: string): Promise<void> {
    this.#channels.delete(link);
    this.links.close(link);
    this.#options.log.warn({ nodeId: link.nodeId, cause }, 'media-node.link-lost');
    if (!this.#isStopped) await saveLastSeen(this.#options.db, link.nodeId, new Date(this.#options.clock.wallClockMs()));
  }

  /** Applies events of a link, after those that came before. Returns the last number that needs no repetition. */
  async applyEvents(link: NodeLink, events: readonly ReceivedEvent[]): Promise<number> {
    const { changes, log } = this.#options;
    const former = this.#applying.get(link.nodeId) ?? Promise.resolve();
    const run = { nodeId: link.nodeId, epoch: link.hello.epoch };
    const options = { changes, log, handlers: this.#duties?.handlers ?? [], onSetAside: () => void this.#setAsideEvents++ };
    const applied = former.catch(() => {}).then(() => applyNodeEvents(options, run, events));
    this.#applying.set(link.nodeId, applied);
    return applied;
  }

  async #loadDesired(nodeId: string): Promise<DesiredState> {
    const { clock, signer } = this.#options;
    if (this.#duties === null) throw new Error('Nodes are welcomed after start()');
    // A restarted server must not fall below what a node has already seen, so generations begin at the clock.
    const generation = Math.max(this.#generation + 1, clock.wallClockMs());
    this.#generation = generation;
    return { generation, streams: await this.#duties.source.loadDesiredStreams(nodeId), ticketKeys: signer.keys };
  }

  #scheduleSilenceCheck(): void {
    this.#cancelSilenceCheck = this.#options.clock.setTimer(silenceCheckMs, () => {
      for (const link of this.links.lookForSilence(allowedSilentChecks)) {
        this.#options.log.warn({ nodeId: link.nodeId }, 'media-node.silent');
        this.links.close(link);
        this.#channels.get(link)?.close();
      }
      this.#scheduleSilenceCheck();
    });
  }

  #schedulePush(delayMs: number): void {
    if (this.#isStopped || this.#duties === null) return;
    this.#cancelPush ??= this.#options.clock.setTimer(delayMs, () => {
      this.#cancelPush = null;
      this.#push().catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'media-node.push-failed');
        this.#schedulePush(retryMs);
      });
    });
  }

  async #push(): Promise<void> {
    for (const nodeId of this.links.linkedIds()) {
      const desired = await this.#loadDesired(nodeId);
      const link = this.links.link(nodeId);
      if (link !== null) this.#channels.get(link)?.sendDesired(desired);
    }
  }

  #announce(nodeId: string): void {
    if (this.#isStopped) return;
    const { db, outbox, log } = this.#options;
    loadNode(db, nodeId)
      .then((row) => {
        if (row !== null) outbox.announceSoon({ name: 'media-node.changed', mediaNode: describeNode(row, this.links, null) }, `media-node ${nodeId}`);
      })
      .catch((error: unknown) => log.error({ err: error, nodeId }, 'media-node.announce-failed'));
  }
}
