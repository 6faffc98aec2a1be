/** Alarms as people handle them. */
import type { Actor, Change, Changes } from '../audit/change.ts';
import type { Alarm } from '../contract/alarms.ts';
import type { Database } from '../database/connect.ts';
import { DomainError } from '../http/problem.ts';
import { judgeAcknowledgement, judgeClosing } from './handling.ts';
import { loadAlarm, loadAlarms, lockHandling, saveAcknowledgement, saveClosing } from './store.ts';
import type { AlarmFilter } from './store.ts';

export interface AlarmService {
  /** Up to `limit` + 1 alarms, newest first. */
  page(filter: AlarmFilter): Promise<readonly Alarm[]>;
  /** @throws {DomainError} `not-found`. */
  find(id: string): Promise<Alarm>;
  /**
   * Takes an alarm on oneself. The row lock decides between two who do so at once.
   *
   * @throws {DomainError} `not-found`, `already-acknowledged` with who was first, `already-closed`.
   */
  acknowledge(actor: Actor, accountId: string, id: string, note: string | null): Promise<Alarm>;
  /** @throws {DomainError} `not-found`, `already-closed`. */
  close(actor: Actor, accountId: string, id: string, note: string): Promise<Alarm>;
}

export function createAlarmService(options: { readonly db: Database; readonly changes: Changes }): AlarmService {
  const { db, changes } = options;
  return {
    page: (filter) => loadAlarms(db, { ...filter, limit: filter.limit + 1 }),

    async find(id) {
      return found(await loadAlarm(db, id));
    },

    async acknowledge(actor, accountId, id, note) {
      // The same person again is answered without a change, so it is asked for before one begins.
      const known = found(await loadAlarm(db, id));
      if (known.acknowledgedBy?.id === accountId) return known;
      return changes.make(actor, async (change) => {
        const verdict = judgeAcknowledgement(found(await lockHandling(change.tx, id)), accountId);
        if (verdict === 'already-closed') throw new DomainError('already-closed');
        if (verdict === 'already-acknowledged') {
          const acknowledgedBy = (await loadAlarm(change.tx, id))?.acknowledgedBy;
          throw new DomainError('already-acknowledged', acknowledgedBy === null || acknowledgedBy === undefined ? {} : { acknowledgedBy });
        }
        if (verdict === 'acknowledge') await saveAcknowledgement(change.tx, id, accountId, note, change.at);
        return tell(change, verdict === 'acknowledge' ? 'alarm.acknowledged' : 'alarm.acknowledged-again', id, note);
      });
    },

    close: (actor, accountId, id, note) =>
      changes.make(actor, async (change) => {
        if (judgeClosing(found(await lockHandling(change.tx, id))) === 'already-closed') throw new DomainError('already-closed');
        await saveClosing(change.tx, id, accountId, note, change.at);
        return tell(change, 'alarm.closed', id, note);
      }),
  };
}

async function tell(change: Change, action: string, id: string, note: string | null): Promise<Alarm> {
  const alarm = found(await loadAlarm(change.tx, id));
  change.audit({ action, subjectKind: 'alarm', subjectId: id, detail: { note, cameraId: alarm.cameraId } });
  change.announce({ name: 'alarm.changed', alarm });
  return alarm;
}

function found<Thing>(thing: Thing | null): Thing {
  if (thing === null) throw new DomainError('not-found');
  return thing;
}
