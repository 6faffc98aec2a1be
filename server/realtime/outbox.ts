/**
 * Outbox of realtime events: written with the change they tell of, read in order, handed to whoever is subscribed.
 *
 * Writers take one advisory lock until their commit before numbers are drawn. So numbers are visible in the order in which
 * they grow, and "everything above the last number" never misses an event that was drawn earlier and committed later.
 * Frequent events go through {@link RealtimeOutbox.announceSoon}: gathered for a moment, newest per key, one insert.
 */
import { sql } from 'drizzle-orm';
import type { RealtimeEvent } from '../contract/realtime.ts';
import type { Clock } from '../clock/clock.ts';
import type { Database, Queryable } from '../database/connect.ts';
import type { Log } from '../http/log.ts';
import type { RealtimeDraft } from './event.ts';
import { deleteEventsBefore, loadEventsAfter, loadNewestId, saveEvents } from './store.ts';

export interface RealtimeOutbox {
  /** Writes events at the end of a transaction. Call {@link wake} after its commit. */
  append(tx: Queryable, at: Date, events: readonly RealtimeDraft[]): Promise<void>;
  /** Says that something was committed. */
  wake(): void;
  /** Announces outside of a change. Of several events with one key within {@link gatherMs} only the newest is kept. */
  announceSoon(event: RealtimeDraft, key: string): void;
  /** Receives every event once, in order. Returns the end of the subscription. */
  subscribe(listener: (events: readonly RealtimeEvent[]) => void): () => void;
  /** Number of the newest event handed out; what comes to subscribers is greater. */
  newestId(): bigint;
  start(): Promise<void>;
  /** Writes what is gathered, hands it out and stops. */
  stop(): Promise<void>;
}

/** A control room does not notice a quarter of a second; 10,000 cameras that change together become 40 inserts. */
const gatherMs = 250;
/** Events of other servers on the same database, and those whose wake-up was lost, are found this often. */
const pollMs = 2_000;
const readBatch = 500;
/** A client that was away for longer reads its lists again. */
const keepMs = 60 * 60_000;
const pruneMs = 5 * 60_000;
/** Advisory lock of writers: the letters "event". */
const writerLock = 0x65_76_65_6e_74;

export interface OutboxOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
}

export function createRealtimeOutbox(options: OutboxOptions): RealtimeOutbox {
  return new Outbox(options);
}

class Outbox implements RealtimeOutbox {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #listeners = new Set<(events: readonly RealtimeEvent[]) => void>();
  #gathered = new Map<string, RealtimeDraft>();
  #newestId = 0n;
  #isStopped = false;
  /** The reading under way, or null. */
  #reading: Promise<void> | null = null;
  #isReadAgain = false;
  #writing: Promise<void> = Promise.resolve();
  #cancelGather: (() => void) | null = null;
  #cancelPoll: (() => void) | null = null;
  #cancelPrune: (() => void) | null = null;

  constructor(options: OutboxOptions) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  async start(): Promise<void> {
    this.#newestId = await this.#db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${writerLock})`);
      return loadNewestId(tx);
    });
    this.#schedulePoll();
    this.#schedulePrune();
  }

  async stop(): Promise<void> {
    this.#cancelGather?.();
    this.#cancelPoll?.();
    this.#cancelPrune?.();
    this.#writeGathered();
    await this.#writing;
    this.wake();
    await this.#reading;
    this.#isStopped = true;
  }

  async append(tx: Queryable, at: Date, events: readonly RealtimeDraft[]): Promise<void> {
    if (events.length === 0) return;
    await tx.execute(sql`select pg_advisory_xact_lock(${writerLock})`);
    await saveEvents(tx, at, events);
  }

  wake(): void {
    if (this.#isStopped) return;
    if (this.#reading !== null) {
      this.#isReadAgain = true;
      return;
    }
    this.#reading = this.#readAll();
  }

  announceSoon(event: RealtimeDraft, key: string): void {
    if (this.#isStopped) return;
    this.#gathered.set(key, event);
    this.#cancelGather ??= this.#clock.setTimer(gatherMs, () => this.#writeGathered());
  }

  subscribe(listener: (events: readonly RealtimeEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  newestId(): bigint {
    return this.#newestId;
  }

  /** Starts writing what is gathered, after what is being written. */
  #writeGathered(): void {
    this.#cancelGather = null;
    if (this.#gathered.size === 0) return;
    const events = [...this.#gathered.values()];
    this.#gathered = new Map();
    const at = new Date(this.#clock.wallClockMs());
    this.#writing = this.#writing
      .then(() => this.#db.transaction((tx) => this.append(tx, at, events)))
      .then(() => this.wake())
      .catch((error: unknown) => this.#log.error({ err: error, count: events.length }, 'realtime.write-failed'));
  }

  async #readAll(): Promise<void> {
    try {
      do {
        this.#isReadAgain = false;
        const events = await loadEventsAfter(this.#db, this.#newestId, readBatch);
        const last = events.at(-1);
        if (last === undefined) continue;
        this.#newestId = BigInt(last.id);
        for (const listener of this.#listeners) listener(events);
        if (events.length === readBatch) this.#isReadAgain = true;
      } while (this.#isReadAgain);
    } catch (error) {
      this.#log.error({ err: error }, 'realtime.read-failed');
    } finally {
      // At once, not in a later turn: a wake-up in between would be taken for one of this reading.
      this.#reading = null;
    }
  }

  #schedulePoll(): void {
    this.#cancelPoll = this.#clock.setTimer(pollMs, () => {
      this.wake();
      this.#schedulePoll();
    });
  }

  #schedulePrune(): void {
    this.#cancelPrune = this.#clock.setTimer(pruneMs, () => {
      deleteEventsBefore(this.#db, new Date(this.#clock.wallClockMs() - keepMs)).catch((error: unknown) =>
        this.#log.error({ err: error }, 'realtime.prune-failed'),
      );
      this.#schedulePrune();
    });
  }
}
