/** Wall views: everybody has his own, and sees those that others share. */
import { v7 as newId } from 'uuid';
import type { Actor } from '../audit/change.ts';
import type { SessionUser } from '../contract/accounts.ts';
import type { WallView } from '../contract/system.ts';
import { DomainError } from '../http/problem.ts';
import type { Platform } from '../platform.ts';
import { deleteWallView, insertWallView, loadWallViews, lockWallView, updateWallView } from './store.ts';

export type WallViewDraft = Omit<WallView, 'id' | 'ownerId'>;

export interface WallViewService {
  /** Up to `limit` + 1 views in the order of ids. */
  page(accountId: string, options: { readonly after: string | null; readonly limit: number }): Promise<readonly WallView[]>;
  create(person: SessionUser, actor: Actor, draft: WallViewDraft): Promise<WallView>;
  /** @throws {DomainError} `not-found`, also for another's own view; `forbidden` for another's shared one. */
  replace(person: SessionUser, actor: Actor, id: string, draft: WallViewDraft): Promise<WallView>;
  /** @throws {DomainError} as `replace`. */
  remove(person: SessionUser, actor: Actor, id: string): Promise<void>;
}

export function createWallViewService({ db, changes }: Pick<Platform, 'db' | 'changes'>): WallViewService {
  return {
    page: (accountId, { after, limit }) => loadWallViews(db, { accountId, after, limit: limit + 1 }),

    create: (person, actor, draft) =>
      changes.make(actor, async (change) => {
        const view: WallView = { id: newId(), ownerId: person.id, ...draft };
        await insertWallView(change.tx, view, change.at);
        change.audit({ action: 'wall-view.created', subjectKind: 'wall-view', subjectId: view.id, detail: view });
        return view;
      }),

    replace: (person, actor, id, draft) =>
      changes.make(actor, async (change) => {
        const before = requireChangeable(await lockWallView(change.tx, id), person);
        const view: WallView = { id, ownerId: before.ownerId, ...draft };
        await updateWallView(change.tx, view);
        change.audit({ action: 'wall-view.changed', subjectKind: 'wall-view', subjectId: id, detail: { before, after: view } });
        return view;
      }),

    remove: (person, actor, id) =>
      changes.make(actor, async (change) => {
        const before = requireChangeable(await lockWallView(change.tx, id), person);
        await deleteWallView(change.tx, id);
        change.audit({ action: 'wall-view.removed', subjectKind: 'wall-view', subjectId: id, detail: before });
      }),
  };
}

/** The owner changes a view, and for a shared one an administrator too. */
function requireChangeable(view: WallView | null, person: SessionUser): WallView {
  const isOwn = view?.ownerId === person.id;
  if (view === null || (!isOwn && !view.isShared)) throw new DomainError('not-found');
  if (!isOwn && person.role !== 'administrator') throw new DomainError('forbidden');
  return view;
}
