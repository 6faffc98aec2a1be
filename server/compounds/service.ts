/** Compounds: the units that are governed. */
import { v7 as newId } from 'uuid';
import type { Actor, Changes } from '../audit/change.ts';
import type { Compound, CompoundSummary } from '../contract/district.ts';
import type { Database } from '../database/connect.ts';
import { DomainError } from '../http/problem.ts';
import { applyPatch } from './patch.ts';
import type { Patch } from './patch.ts';
import { loadCompoundSummaries } from './summaries.ts';
import type { SummaryFilter } from './summaries.ts';
import {
  insertCompound,
  isAreaKnown,
  isCompoundInUse,
  loadCompound,
  loadCompounds,
  lockCompound,
  markCompoundRemoved,
  updateCompound,
} from './store.ts';
import type { CompoundFilter } from './store.ts';

export type CompoundDraft = Omit<Compound, 'id'>;

export interface CompoundService {
  /** Up to `limit` + 1 compounds in the order of ids. */
  page(filter: CompoundFilter): Promise<readonly Compound[]>;
  /** Up to `limit` + 1 rows in the order of compounds' ids. */
  summaries(filter: SummaryFilter): Promise<readonly CompoundSummary[]>;
  /** @throws {DomainError} `not-found`. */
  find(id: string): Promise<Compound>;
  /** @throws {DomainError} `validation-failed` for an unknown area. */
  create(actor: Actor, draft: CompoundDraft): Promise<Compound>;
  /** @throws {DomainError} as `create`, `not-found`. */
  update(actor: Actor, id: string, patch: Patch<CompoundDraft>): Promise<Compound>;
  /** @throws {DomainError} `not-found`, `in-use`. */
  remove(actor: Actor, id: string): Promise<void>;
}

export function createCompoundService(options: { readonly db: Database; readonly changes: Changes }): CompoundService {
  const { db, changes } = options;
  return {
    page: (filter) => loadCompounds(db, { ...filter, limit: filter.limit + 1 }),
    summaries: (filter) => loadCompoundSummaries(db, { ...filter, limit: filter.limit + 1 }),

    async find(id) {
      const compound = await loadCompound(db, id);
      if (compound === null) throw new DomainError('not-found');
      return compound;
    },

    create: (actor, draft) =>
      changes.make(actor, async (change) => {
        const compound: Compound = { id: newId(), ...draft };
        if (!(await isAreaKnown(change.tx, compound.areaId))) refuseArea();
        await insertCompound(change.tx, compound, change.at);
        change.audit({ action: 'compound.created', subjectKind: 'compound', subjectId: compound.id, detail: compound });
        change.announce({ name: 'district.changed' });
        return compound;
      }),

    update: (actor, id, patch) =>
      changes.make(actor, async (change) => {
        const before = await lockCompound(change.tx, id);
        if (before === null) throw new DomainError('not-found');
        const after = applyPatch<Compound>(before, patch);
        if (after.areaId !== before.areaId && !(await isAreaKnown(change.tx, after.areaId))) refuseArea();
        await updateCompound(change.tx, before, after, change.at);
        change.audit({ action: 'compound.changed', subjectKind: 'compound', subjectId: id, detail: { before, after } });
        change.announce({ name: 'district.changed' });
        return after;
      }),

    remove: (actor, id) =>
      changes.make(actor, async (change) => {
        const before = await lockCompound(change.tx, id);
        if (before === null) throw new DomainError('not-found');
        if (await isCompoundInUse(change.tx, id)) throw new DomainError('in-use');
        await markCompoundRemoved(change.tx, id, change.at);
        change.audit({ action: 'compound.removed', subjectKind: 'compound', subjectId: id, detail: before });
        change.announce({ name: 'district.changed' });
      }),
  };
}

function refuseArea(): never {
  throw new DomainError('validation-failed', { errors: [{ path: 'body.areaId', message: 'There is no such area' }] });
}
