/** What stands in a compound: buildings, monitoring points, site links. */
import { v7 as newId } from 'uuid';
import type { Actor, Change, Changes } from '../audit/change.ts';
import type { Building, MonitoringPoint, SiteLink } from '../contract/district.ts';
import type { Database, Queryable } from '../database/connect.ts';
import { DomainError } from '../http/problem.ts';
import { applyPatch } from './patch.ts';
import type { Patch } from './patch.ts';
import {
  endLinksOfCamera,
  findExistingCameras,
  insertBuilding,
  insertPoint,
  insertSiteLink,
  isBuildingInUse,
  loadBuildings,
  loadPoints,
  loadSiteLinks,
  lockBuilding,
  lockPoint,
  markBuildingRemoved,
  markPointRemoved,
  savePointCameras,
  updateBuilding,
  updatePoint,
} from './site-store.ts';
import type { PointColumns, SiteFilter } from './site-store.ts';
import { lockCompound } from './store.ts';

export type BuildingDraft = Omit<Building, 'id'>;
export type PointDraft = Omit<PointColumns, 'id'>;
export type SiteLinkDraft = Omit<SiteLink, 'id'>;

/** Pages hold up to `limit` + 1 rows in the order of ids. A thing never moves to another compound. */
export interface SiteService {
  buildings(filter: SiteFilter): Promise<readonly Building[]>;
  createBuilding(actor: Actor, draft: BuildingDraft): Promise<Building>;
  updateBuilding(actor: Actor, id: string, patch: Patch<Omit<BuildingDraft, 'compoundId'>>): Promise<Building>;
  /** @throws {DomainError} `in-use` while cameras or points belong to it. */
  removeBuilding(actor: Actor, id: string): Promise<void>;
  points(filter: SiteFilter): Promise<readonly MonitoringPoint[]>;
  createPoint(actor: Actor, draft: PointDraft): Promise<MonitoringPoint>;
  updatePoint(actor: Actor, id: string, patch: Patch<Omit<PointDraft, 'compoundId'>>): Promise<MonitoringPoint>;
  removePoint(actor: Actor, id: string): Promise<void>;
  /** Says which cameras see a point, all of them. */
  linkCameras(actor: Actor, pointId: string, cameraIds: readonly string[]): Promise<MonitoringPoint>;
  /** In the change that removes a camera: it sees nothing any more. */
  forgetCamera(change: Change, cameraId: string): Promise<void>;
  siteLinks(filter: SiteFilter): Promise<readonly SiteLink[]>;
  createSiteLink(actor: Actor, draft: SiteLinkDraft): Promise<SiteLink>;
}

export function createSiteService(options: { readonly db: Database; readonly changes: Changes }): SiteService {
  const { db, changes } = options;
  return {
    buildings: (filter) => loadBuildings(db, more(filter)),

    createBuilding: (actor, draft) =>
      changes.make(actor, async (change) => {
        await requireCompound(change.tx, draft.compoundId);
        const building: Building = { id: newId(), ...draft };
        await insertBuilding(change.tx, building, change.at);
        tell(change, 'building.created', 'building', building.id, building);
        return building;
      }),

    updateBuilding: (actor, id, patch) =>
      changes.make(actor, async (change) => {
        const before = found(await lockBuilding(change.tx, id));
        const after = applyPatch<Building>(before, patch);
        await updateBuilding(change.tx, after);
        tell(change, 'building.changed', 'building', id, { before, after });
        return after;
      }),

    removeBuilding: (actor, id) =>
      changes.make(actor, async (change) => {
        const before = found(await lockBuilding(change.tx, id));
        if (await isBuildingInUse(change.tx, id)) throw new DomainError('in-use');
        await markBuildingRemoved(change.tx, id, change.at);
        tell(change, 'building.removed', 'building', id, before);
      }),

    points: (filter) => loadPoints(db, more(filter)),

    createPoint: (actor, draft) =>
      changes.make(actor, async (change) => {
        await requireCompound(change.tx, draft.compoundId);
        await requireBuilding(change.tx, draft.buildingId, draft.compoundId);
        const point: PointColumns = { id: newId(), ...draft };
        await insertPoint(change.tx, point, change.at);
        tell(change, 'monitoring-point.created', 'monitoring-point', point.id, point);
        return { ...point, cameraIds: [] };
      }),

    updatePoint: (actor, id, patch) =>
      changes.make(actor, async (change) => {
        const { cameraIds, ...before } = found(await lockPoint(change.tx, id));
        const after = applyPatch<PointColumns>(before, patch);
        if (after.buildingId !== before.buildingId) await requireBuilding(change.tx, after.buildingId, after.compoundId);
        await updatePoint(change.tx, after);
        tell(change, 'monitoring-point.changed', 'monitoring-point', id, { before, after });
        return { ...after, cameraIds };
      }),

    removePoint: (actor, id) =>
      changes.make(actor, async (change) => {
        const before = found(await lockPoint(change.tx, id));
        await markPointRemoved(change.tx, id, change.at);
        tell(change, 'monitoring-point.removed', 'monitoring-point', id, before);
      }),

    linkCameras: (actor, pointId, cameraIds) =>
      changes.make(actor, async (change) => {
        const before = found(await lockPoint(change.tx, pointId));
        const wanted = [...new Set(cameraIds)];
        const existing = await findExistingCameras(change.tx, wanted);
        const missing = wanted.findIndex((id) => !existing.has(id));
        if (missing !== -1) refuse(`body.cameraIds[${missing}]`, 'There is no such camera');
        const added = wanted.filter((id) => !before.cameraIds.includes(id));
        const ended = before.cameraIds.filter((id) => !wanted.includes(id));
        await savePointCameras(change.tx, pointId, { added, ended }, change.at);
        tell(change, 'monitoring-point.cameras-linked', 'monitoring-point', pointId, { added, ended });
        return { ...before, cameraIds: [...before.cameraIds.filter((id) => !ended.includes(id)), ...added] };
      }),

    forgetCamera: (change, cameraId) => endLinksOfCamera(change.tx, cameraId, change.at),

    siteLinks: (filter) => loadSiteLinks(db, more(filter)),

    createSiteLink: (actor, draft) =>
      changes.make(actor, async (change) => {
        await requireCompound(change.tx, draft.compoundId);
        const link: SiteLink = { id: newId(), ...draft };
        await insertSiteLink(change.tx, link, change.at);
        tell(change, 'site-link.created', 'site-link', link.id, link);
        return link;
      }),
  };
}

function more(filter: SiteFilter): SiteFilter {
  return { ...filter, limit: filter.limit + 1 };
}

function tell(change: Change, action: string, subjectKind: string, subjectId: string, detail: unknown): void {
  change.audit({ action, subjectKind, subjectId, detail });
  change.announce({ name: 'district.changed' });
}

function found<Thing>(thing: Thing | null): Thing {
  if (thing === null) throw new DomainError('not-found');
  return thing;
}

async function requireCompound(tx: Queryable, id: string): Promise<void> {
  if ((await lockCompound(tx, id)) === null) refuse('body.compoundId', 'There is no such compound');
}

async function requireBuilding(tx: Queryable, id: string | null, compoundId: string): Promise<void> {
  if (id === null) return;
  if ((await lockBuilding(tx, id))?.compoundId !== compoundId) refuse('body.buildingId', 'There is no such building in the compound');
}

function refuse(path: string, message: string): never {
  throw new DomainError('validation-failed', { errors: [{ path, message }] });
}
