/** Events on their way to the server: numbered, kept until acknowledged, bounded. */
import type { NodeEvent, NumberedEvent } from '../contract/link.ts';

/**
 * Events kept while the server does not answer: a day of a hundred cameras that flap every ten minutes. Beyond it the oldest
 * go; the snapshot of observed state still tells where everything stands.
 */
export const maxKeptEvents = 20_000;
/** Events per message. */
const maxBatchEvents = 200;
/** Recorded files per message, about 200 bytes each: stays far below Socket.io's limit for one message. */
const maxBatchFiles = 2000;

/** Queue of one node run. */
export class EventOutbox {
  readonly #capacity: number;
  #events: NumberedEvent[] = [];
  #lastSequence = 0;
  #droppedEvents = 0;

  constructor(capacity: number = maxKeptEvents) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#events.length;
  }

  /** Events lost to the bound. */
  get droppedEvents(): number {
    return this.#droppedEvents;
  }

  append(event: NodeEvent, atMs: number): void {
    // Each link-up tells all inventories anew: those that a flapping link left behind would pile up, and say nothing the new one does not.
    if (event.kind === 'recording.inventory') this.#dropInventory(event.inventory.cameraId);
    this.#lastSequence++;
    this.#events.push({ sequence: this.#lastSequence, atMs, event });
    if (this.#events.length > this.#capacity) {
      this.#events.shift();
      this.#droppedEvents++;
    }
  }

  #dropInventory(cameraId: string): void {
    this.#events = this.#events.filter(({ event }) => event.kind !== 'recording.inventory' || event.inventory.cameraId !== cameraId);
  }

  /** The oldest events that fit one message. */
  nextBatch(): readonly NumberedEvent[] {
    let fileCount = 0;
    let end = 0;
    while (end < this.#events.length && end < maxBatchEvents) {
      const event = this.#events[end]?.event;
      if (event?.kind === 'recording.inventory') fileCount += event.inventory.files.length;
      if (fileCount > maxBatchFiles && end > 0) break;
      end++;
    }
    return this.#events.slice(0, end);
  }

  /** Forgets everything up to `sequence`. A number of the future (another epoch's) is ignored. */
  acknowledge(sequence: number): void {
    if (sequence > this.#lastSequence) return;
    const keepFrom = this.#events.findIndex((event) => event.sequence > sequence);
    this.#events = keepFrom < 0 ? [] : this.#events.slice(keepFrom);
  }
}
