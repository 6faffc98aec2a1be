/**
 * Shares out connection attempts, so that 500 cameras that come back at once neither knock over their NVRs nor this node.
 * A slot is held from the attempt's beginning until there is a picture or a failure.
 */

/** How many attempts may run at once. */
export interface ConnectBudget {
  /** To one device: an NVR starts an encoder per stream and answers one after another anyway. */
  readonly perDevice: number;
  /** Of the whole node. Dead cameras hold a slot for seconds, so this is well above what handshakes alone need. */
  readonly perNode: number;
}

export const DEFAULT_CONNECT_BUDGET: ConnectBudget = { perDevice: 2, perNode: 64 };

/** A wish for a slot. */
export interface ConnectRequest {
  /** Null: stands alone, only the node's budget counts. */
  readonly deviceId: string | null;
  /** Failures in a row so far: who failed less goes first, so that dead cameras do not keep living ones waiting. */
  readonly failures: number;
  /** Called once, perhaps at once. */
  readonly onGranted: () => void;
}

/**
 * One slot in so many goes to who has waited longest, whatever it failed: else a camera that failed often would never get its turn
 * while others come and go.
 */
const LONGEST_WAITING_EVERY = 4;

/** Where slots come from. */
export interface ConnectSlots {
  /** Asks for a slot; returns what gives it back, or withdraws the wish (idempotent). */
  request(request: ConnectRequest): () => void;
}

interface Waiting {
  readonly request: ConnectRequest;
  /** Counts up with every wish. */
  readonly order: number;
  state: 'waiting' | 'granted' | 'released';
}

/** Budget of one node. */
export class ConnectScheduler implements ConnectSlots {
  readonly #budget: ConnectBudget;
  readonly #waiting: Waiting[] = [];
  readonly #heldByDevice = new Map<string, number>();
  #held = 0;
  #wishes = 0;
  #grants = 0;

  constructor(budget: ConnectBudget = DEFAULT_CONNECT_BUDGET) {
    this.#budget = budget;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  get heldCount(): number {
    return this.#held;
  }

  request(request: ConnectRequest): () => void {
    const entry: Waiting = { request, order: this.#wishes++, state: 'waiting' };
    const index = this.#waiting.findIndex((other) => other.request.failures > request.failures);
    this.#waiting.splice(index < 0 ? this.#waiting.length : index, 0, entry);
    this.#grant();
    return () => this.#release(entry);
  }

  #release(entry: Waiting): void {
    const before = entry.state;
    entry.state = 'released';
    if (before === 'waiting') {
      this.#waiting.splice(this.#waiting.indexOf(entry), 1);
    } else if (before === 'granted') {
      this.#count(entry.request.deviceId, -1);
      this.#grant();
    }
  }

  #grant(): void {
    for (;;) {
      if (this.#held >= this.#budget.perNode) return;
      const index = this.#nextIndex();
      const entry = this.#waiting[index];
      if (entry === undefined) return;
      this.#waiting.splice(index, 1);
      this.#grants += 1;
      entry.state = 'granted';
      this.#count(entry.request.deviceId, 1);
      entry.request.onGranted();
    }
  }

  /** Whose turn it is: the first in order whose device is free; every so often the one that has waited longest. −1: nobody's. */
  #nextIndex(): number {
    const first = this.#waiting.findIndex((entry) => this.#isFree(entry));
    if (first < 0 || this.#grants % LONGEST_WAITING_EVERY !== LONGEST_WAITING_EVERY - 1) return first;
    let oldest = first;
    for (let index = first + 1; index < this.#waiting.length; index += 1) {
      const entry = this.#waiting[index]!;
      if (entry.order < this.#waiting[oldest]!.order && this.#isFree(entry)) oldest = index;
    }
    return oldest;
  }

  #isFree({ request }: Waiting): boolean {
    return this.#heldBy(request.deviceId) < this.#budget.perDevice;
  }

  #heldBy(deviceId: string | null): number {
    return deviceId === null ? 0 : (this.#heldByDevice.get(deviceId) ?? 0);
  }

  #count(deviceId: string | null, change: 1 | -1): void {
    this.#held += change;
    if (deviceId === null) return;
    const held = this.#heldBy(deviceId) + change;
    if (held === 0) this.#heldByDevice.delete(deviceId);
    else this.#heldByDevice.set(deviceId, held);
  }
}
