/**
 * The media node, its thin centre: the desired state comes in, streams are started, changed and stopped one by one, and what
 * they report goes out. It moves no byte itself.
 */
import type { Logger } from 'pino';
import type { NodeEvent } from '../contract/link.ts';
import type {
  DesiredState,
  DesiredStream,
  NoPictureReason,
  ObservedState,
  ObservedStorage,
  ObservedTranscoding,
  StreamPhase,
  StreamRole,
} from '../contract/streams.ts';
import { planConvergence, streamKey, type StreamKey } from './convergence.ts';
import type { ServedStream } from './served-stream.ts';
import type { TicketChecker } from './ticket-check.ts';

export interface MediaNodeOptions {
  readonly tickets: TicketChecker;
  readonly createStream: (desired: DesiredStream, onChange: (stream: ServedStream) => void) => ServedStream;
  /** What is known at the moment: the snapshot waits for no disk. */
  readonly observeStorage: () => ObservedStorage;
  readonly observeTranscoding: () => ObservedTranscoding;
  readonly tell: (event: NodeEvent) => void;
  /** A snapshot taken now would differ from the last. */
  readonly onChange: () => void;
  readonly wallClockMs: () => number;
  readonly log: Logger;
}

interface LastTold {
  readonly phase: StreamPhase;
  readonly reason: NoPictureReason | null;
}

/** What a node serves at the moment. */
export class MediaNode {
  readonly #options: MediaNodeOptions;
  readonly #streams = new Map<StreamKey, ServedStream>();
  readonly #lastTold = new Map<StreamKey, LastTold>();
  /** Streams on their way out; a node that closes waits for them. */
  readonly #closing = new Set<Promise<void>>();
  #generation = 0;

  constructor(options: MediaNodeOptions) {
    this.#options = options;
  }

  get streams(): ReadonlyMap<StreamKey, ServedStream> {
    return this.#streams;
  }

  stream(cameraId: string, role: StreamRole): ServedStream | null {
    return this.#streams.get(streamKey(cameraId, role)) ?? null;
  }

  /** Converges to `state`. Streams that stay the same are not touched. */
  apply(state: DesiredState): void {
    const { log, tickets, createStream, onChange } = this.#options;
    tickets.setKeys(state.ticketKeys);
    const running = new Map<StreamKey, DesiredStream>();
    for (const [key, stream] of this.#streams) running.set(key, stream.desired);
    const plan = planConvergence(running, state.streams);
    for (const key of plan.stop) this.#stop(key);
    for (const desired of plan.update) this.#streams.get(streamKey(desired.cameraId, desired.role))?.update(desired);
    for (const desired of plan.start) {
      const stream = createStream(desired, (changed) => this.#onStreamChange(changed));
      this.#streams.set(streamKey(desired.cameraId, desired.role), stream);
      this.#onStreamChange(stream);
    }
    this.#generation = state.generation;
    if (plan.stop.length + plan.start.length + plan.update.length > 0) {
      const counts = { started: plan.start.length, updated: plan.update.length, stopped: plan.stop.length };
      log.info({ generation: state.generation, streams: this.#streams.size, ...counts }, 'node.converged');
    }
    onChange();
  }

  observe(): ObservedState {
    const storage = this.#options.observeStorage();
    const streams = [...this.#streams.values()].map((stream) => stream.observe());
    return { generation: this.#generation, atMs: this.#options.wallClockMs(), streams, storage, transcoding: this.#options.observeTranscoding() };
  }

  /** Cameras whose recordings belong to this node. */
  recordedCameraIds(): string[] {
    return [...this.#streams.values()].filter((stream) => stream.desired.recording !== null).map((stream) => stream.desired.cameraId);
  }

  /** Days that recordings of a camera are kept; null when it is not recorded. */
  retentionDays(cameraId: string): number | null {
    const main = this.stream(cameraId, 'main')?.desired.recording ?? this.stream(cameraId, 'sub')?.desired.recording;
    return main?.retentionDays ?? null;
  }

  async close(): Promise<void> {
    for (const key of this.#streams.keys()) this.#stop(key);
    await Promise.all(this.#closing);
  }

  #stop(key: StreamKey): void {
    const stream = this.#streams.get(key);
    if (stream === undefined) return;
    this.#streams.delete(key);
    this.#lastTold.delete(key);
    const closed = stream
      .close()
      .catch((error: unknown) => this.#options.log.error({ err: error, stream: key }, 'stream.close-failed'))
      .finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }

  #onStreamChange(stream: ServedStream): void {
    const { cameraId, role, phase, reason } = stream.observe();
    const key = streamKey(cameraId, role);
    if (this.#streams.get(key) !== stream) return;
    const last = this.#lastTold.get(key);
    if (last?.phase !== phase || last.reason !== reason) {
      this.#lastTold.set(key, { phase, reason });
      this.#options.tell({ kind: 'stream.changed', cameraId, role, phase, reason });
    }
    this.#options.onChange();
  }
}
