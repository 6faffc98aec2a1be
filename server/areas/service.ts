/** Areas: reading the tree and changing it without breaking it. */
import { v7 as newId } from 'uuid';
import type { Actor, Changes } from '../audit/change.ts';
import type { Area } from '../contract/district.ts';
import type { Database } from '../database/connect.ts';
import { DomainError } from '../http/problem.ts';
import { judgePlacement } from './area-tree.ts';
import { insertArea, isAreaInUse, loadAreaPage, loadAreas, lockAreas, markAreaRemoved, updateArea } from './store.ts';

export type AreaDraft = Omit<Area, 'id'>;
export type AreaPatch = { readonly [Key in keyof AreaDraft]?: AreaDraft[Key] | undefined };

export interface AreaService {
  /** Up to `limit` + 1 areas in the order of ids. */
  page(options: { readonly after: string | null; readonly limit: number }): Promise<readonly Area[]>;
  /** @throws {DomainError} `validation-failed` for a place in the tree that does not fit, `conflict` for a division code in use. */
  create(actor: Actor, draft: AreaDraft): Promise<Area>;
  /** @throws {DomainError} as `create`, `not-found`, `area-cycle`. */
  update(actor: Actor, id: string, patch: AreaPatch): Promise<Area>;
  /** @throws {DomainError} `not-found`, `area-has-children`. */
  remove(actor: Actor, id: string): Promise<void>;
}

export function createAreaService(options: { readonly db: Database; readonly changes: Changes }): AreaService {
  const { db, changes } = options;
  return {
    page: ({ after, limit }) => loadAreaPage(db, { after, limit: limit + 1 }),

    create: (actor, draft) =>
      changes.make(actor, async (change) => {
        await lockAreas(change.tx);
        const area: Area = { id: newId(), ...draft };
        refuseMisfit(area, await loadAreas(change.tx));
        await insertArea(change.tx, area, change.at);
        change.audit({ action: 'area.created', subjectKind: 'area', subjectId: area.id, detail: area });
        change.announce({ name: 'district.changed' });
        return area;
      }),

    update: (actor, id, patch) =>
      changes.make(actor, async (change) => {
        await lockAreas(change.tx);
        const existing = await loadAreas(change.tx);
        const before = existing.find((area) => area.id === id);
        if (before === undefined) throw new DomainError('not-found');
        const area: Area = {
          id,
          parentId: patch.parentId === undefined ? before.parentId : patch.parentId,
          kind: patch.kind ?? before.kind,
          name: patch.name ?? before.name,
          divisionCode: patch.divisionCode === undefined ? before.divisionCode : patch.divisionCode,
        };
        refuseMisfit(area, existing);
        await updateArea(change.tx, area);
        change.audit({ action: 'area.changed', subjectKind: 'area', subjectId: id, detail: { before, after: area } });
        change.announce({ name: 'district.changed' });
        return area;
      }),

    remove: (actor, id) =>
      changes.make(actor, async (change) => {
        await lockAreas(change.tx);
        const before = (await loadAreas(change.tx)).find((area) => area.id === id);
        if (before === undefined) throw new DomainError('not-found');
        if (await isAreaInUse(change.tx, id)) throw new DomainError('area-has-children');
        await markAreaRemoved(change.tx, id, change.at);
        change.audit({ action: 'area.removed', subjectKind: 'area', subjectId: id, detail: before });
        change.announce({ name: 'district.changed' });
      }),
  };
}

function refuseMisfit(area: Area, existing: readonly Area[]): void {
  const fault = judgePlacement(area, existing);
  if (fault === 'area-cycle') throw new DomainError('area-cycle');
  if (fault !== null) throw new DomainError('validation-failed', { errors: [{ path: 'body.parentId', message: PLACEMENT_WORDS[fault] }] });
  const isCodeTaken = area.divisionCode !== null && existing.some((other) => other.id !== area.id && other.divisionCode === area.divisionCode);
  if (isCodeTaken) throw new DomainError('conflict', { detail: 'Another area has this division code' });
}

const PLACEMENT_WORDS = {
  'parent-not-found': 'There is no such area',
  'broader-than-parent': 'An area cannot hang below a narrower one',
  'narrower-than-child': 'An area cannot be narrower than those below it',
} as const;
