/** What one page watches over its WebSocket: channels, each with a ticket, a stream and its place in the flow. */
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';
import type { PageMessage } from '../contract/live-socket.ts';
import type { MediaProblemCode, VideoRendition } from '../contract/media-api.ts';
import type { NoPictureReason, StreamRole } from '../contract/streams.ts';
import type { ViewerDelivery } from '../stream/delivery-measurements.ts';
import type { FragmentFanout, FragmentViewer } from '../websocket/fragment-fanout.ts';
import { writeChannelHead } from '../websocket/media-message.ts';
import type { PageConnection } from '../websocket/page-connection.ts';
import type { TicketChecker } from './ticket-check.ts';
import type { FindStream, WatchedStream } from './watched-stream.ts';

export interface PageSubscriptionsOptions {
  readonly connection: PageConnection;
  readonly stream: FindStream;
  readonly tickets: TicketChecker;
  readonly fanout: (stream: WatchedStream) => FragmentFanout;
  /** A viewer left the fan-out of `stream`. */
  readonly left: (stream: WatchedStream) => void;
  /** Whether the node may serve one more channel. */
  readonly hasRoom: () => boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A wall has 25 tiles at most; more are not shown by any page of ours. */
const maxChannels = 64;
/** A page that drains falls behind again and again at the bound of its backlog: that is one time to the person who watches. */
const slowNewsEveryMs = 5_000;

interface Subscription {
  readonly channel: number;
  readonly cameraId: string;
  readonly role: StreamRole;
  readonly video: VideoRendition | null;
  readonly stream: WatchedStream;
  ticket: string;
  /** Lets go of an on-demand stream. */
  readonly release: () => void;
  /** Null until there is a picture. */
  viewer: FragmentViewer | null;
  delivery: ViewerDelivery | null;
  isInterrupted: boolean;
  toldReason: NoPictureReason | null;
}

/** The channels of one page. */
export class PageSubscriptions {
  readonly #options: PageSubscriptionsOptions;
  readonly #channels = new Map<number, Subscription>();

  constructor(options: PageSubscriptionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#channels.size;
  }

  handle(message: PageMessage): void {
    switch (message.kind) {
      case 'subscribe':
        this.#subscribe(message);
        return;
      case 'renew':
        this.#renew(message.channel, message.ticket);
        return;
      case 'unsubscribe':
        this.#drop(message.channel);
    }
  }

  /** Ends channels whose ticket or stream is over, and tells reasons that got known. Once a second. */
  look(): void {
    for (const subscription of this.#channels.values()) {
      const { channel, cameraId, role, video, stream } = subscription;
      const refusal = this.#check(subscription.ticket, cameraId, role);
      if (refusal !== null) this.#end(channel, refusal, null);
      else if (this.#options.stream(cameraId, role, video) !== stream) this.#end(channel, 'stream-unknown', null);
      else if (subscription.isInterrupted) this.#tellInterrupted(subscription);
    }
  }

  /** Lets go of everything. */
  close(): void {
    for (const channel of this.#channels.keys()) this.#drop(channel);
  }

  #subscribe(message: Extract<PageMessage, { kind: 'subscribe' }>): void {
    const { channel, cameraId, role, ticket, video = null } = message;
    // A number in use would mix two pictures: the former use ends.
    this.#drop(channel);
    const refusal = this.#check(ticket, cameraId, role);
    const stream = this.#options.stream(cameraId, role, video);
    if (refusal !== null) this.#tellEnded(channel, refusal, null);
    else if (this.#channels.size >= maxChannels || !this.#options.hasRoom()) this.#tellEnded(channel, 'too-many-viewers', null);
    else if (stream === null) this.#tellEnded(channel, 'stream-unknown', null);
    else {
      const release = stream.acquire();
      const subscription = {
        channel,
        cameraId,
        role,
        video,
        stream,
        ticket,
        release,
        viewer: null,
        delivery: null,
        isInterrupted: false,
        toldReason: null,
      };
      this.#channels.set(channel, subscription);
      this.#begin(subscription).catch((error: unknown) => {
        this.#options.log.error({ err: error, cameraId, role }, 'websocket.subscription-failed');
        if (this.#channels.get(channel) === subscription) this.#end(channel, 'internal', null);
      });
    }
  }

  async #begin(subscription: Subscription): Promise<void> {
    const { channel, stream, cameraId, role } = subscription;
    const picture = await stream.waitForPicture();
    // The page may have gone on meanwhile.
    if (this.#channels.get(channel) !== subscription) return;
    if (!picture.ok) {
      this.#end(channel, picture.refusal?.code ?? 'stream-unavailable', picture.reason);
      return;
    }
    this.#options.log.debug({ cameraId, role }, 'websocket.viewer-joined');
    subscription.viewer = this.#createViewer(subscription);
    this.#options.fanout(stream).add(subscription.viewer);
  }

  #createViewer(subscription: Subscription): FragmentViewer {
    const { connection } = this.#options;
    const { channel } = subscription;
    const head = writeChannelHead(channel);
    let awaitsKeyFrame = true;
    let isBehind = false;
    let toldSlowAtMs = Number.NEGATIVE_INFINITY;
    subscription.delivery = subscription.stream.delivery.join();
    return {
      onOpening: ({ mimeType, audio, initMessage }) => {
        awaitsKeyFrame = true;
        subscription.isInterrupted = false;
        connection.tell({ kind: 'tracks', channel, mimeType, audio });
        connection.sendMedia(head, initMessage);
      },
      onFragment: ({ bytes, isKeyFrame }) => {
        if (!awaitsKeyFrame || isKeyFrame) {
          const wasBehind = isBehind;
          awaitsKeyFrame = isBehind = connection.isBehind;
          if (isBehind && !wasBehind) toldSlowAtMs = this.#tellSlow(channel, toldSlowAtMs);
        }
        if (!awaitsKeyFrame) connection.sendMedia(head, bytes);
        else if (isBehind) {
          connection.droppedFragments++;
          subscription.delivery?.noteDropped(1, this.#options.clock.monotonicMs());
        }
      },
      onInterrupted: () => {
        subscription.isInterrupted = true;
        subscription.toldReason = null;
        // Why the camera went is not measured yet; why its transcode ended is known at once.
        const { refusal } = subscription.stream.observe();
        connection.tell({ kind: 'interrupted', channel, reason: null, ...(refusal === undefined ? {} : { code: refusal.code }) });
      },
    };
  }

  #renew(channel: number, ticket: string): void {
    const subscription = this.#channels.get(channel);
    // Ended a moment ago, and the page did not know yet.
    if (subscription === undefined) return;
    subscription.ticket = ticket;
    const refusal = this.#check(ticket, subscription.cameraId, subscription.role);
    if (refusal !== null) this.#end(channel, refusal, null);
  }

  #check(ticket: string, cameraId: string, role: StreamRole): MediaProblemCode | null {
    const decision = this.#options.tickets.check(ticket, { right: 'live', cameraId, role }, this.#options.clock.wallClockMs());
    return decision.ok ? null : decision.refusal;
  }

  #tellInterrupted(subscription: Subscription): void {
    const { reason } = subscription.stream.observe();
    if (reason === null || reason === subscription.toldReason) return;
    subscription.toldReason = reason;
    this.#options.connection.tell({ kind: 'interrupted', channel: subscription.channel, reason });
  }

  /** Answers when it was told last, monotonic ms. */
  #tellSlow(channel: number, toldAtMs: number): number {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - toldAtMs < slowNewsEveryMs) return toldAtMs;
    this.#options.connection.tell({ kind: 'slow', channel });
    return nowMs;
  }

  #end(channel: number, code: MediaProblemCode, reason: NoPictureReason | null): void {
    this.#drop(channel);
    this.#tellEnded(channel, code, reason);
  }

  #tellEnded(channel: number, code: MediaProblemCode, reason: NoPictureReason | null): void {
    this.#options.connection.tell({ kind: 'ended', channel, code, reason });
  }

  #drop(channel: number): void {
    const subscription = this.#channels.get(channel);
    if (subscription === undefined) return;
    this.#channels.delete(channel);
    const { stream, viewer, delivery, release } = subscription;
    delivery?.leave();
    if (viewer !== null) this.#options.fanout(stream).remove(viewer);
    this.#options.left(stream);
    release();
  }
}
