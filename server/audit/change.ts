/**
 * A change: one transaction that holds what is changed, its audit rows and its realtime events.
 *
 * Services load, decide and save inside {@link Changes.make}. Nothing of it is seen by anybody before the commit, and
 * all of it afterwards: events are written to the outbox last, in the same transaction, and sent once it is committed.
 */
import type { PersonRef } from '../contract/problems.ts';
import type { Clock } from '../clock/clock.ts';
import type { Database, Queryable } from '../database/connect.ts';
import type { RealtimeDraft } from '../realtime/event.ts';
import type { RealtimeOutbox } from '../realtime/outbox.ts';
import { saveAuditEntries } from './store.ts';

/** Who acts: a person at an address, or the system itself (`person` null). */
export interface Actor {
  readonly person: PersonRef | null;
  readonly address: string | null;
}

/** The system acting by its own rules: health, alarms, retention. */
export const systemActor: Actor = { person: null, address: null };

export interface AuditDraft {
  /** Dotted, past tense: `camera.created`. */
  readonly action: string;
  /** Singular noun of the glossary: `camera`. */
  readonly subjectKind: string;
  readonly subjectId: string | null;
  /** What changed, as JSON. Never a secret. */
  readonly detail?: unknown;
}

export interface Change {
  /** Pass it to every store function. The pool must not be used until the change is over. */
  readonly tx: Queryable;
  /** Moment of the change; use it for every column that says when. */
  readonly at: Date;
  readonly actor: Actor;
  audit(entry: AuditDraft): void;
  announce(event: RealtimeDraft): void;
}

export interface Changes {
  /**
   * Runs `work` in a transaction. What it throws undoes everything and is thrown on.
   *
   * @throws Error when a person changed something without an audit row: a bug of the service.
   */
  make<T>(actor: Actor, work: (change: Change) => Promise<T>): Promise<T>;
}

/** Changes on a database, announced through an outbox. */
export function createChanges(options: { readonly db: Database; readonly outbox: RealtimeOutbox; readonly clock: Clock }): Changes {
  const { db, outbox, clock } = options;
  return {
    async make(actor, work) {
      const at = new Date(clock.wallClockMs());
      const entries: AuditDraft[] = [];
      const events: RealtimeDraft[] = [];
      const result = await db.transaction(async (tx) => {
        const answer = await work({
          tx,
          at,
          actor,
          audit: (entry) => void entries.push(entry),
          announce: (event) => void events.push(event),
        });
        if (actor.person !== null && entries.length === 0) throw new Error(`${actor.person.username} changed something without an audit row`);
        await saveAuditEntries(tx, at, actor, entries);
        await outbox.append(tx, at, events);
        return answer;
      });
      if (events.length > 0) outbox.wake();
      return result;
    },
  };
}
