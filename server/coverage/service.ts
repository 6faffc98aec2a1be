/** Coverage figures of areas, at any moment that history reaches. */
import { areaPath } from '../areas/area-tree.ts';
import { loadAreas } from '../areas/store.ts';
import type { Actor } from '../audit/change.ts';
import type { CoverageFigure, CoverageKind, CoverageTarget } from '../contract/coverage.ts';
import type { Area } from '../contract/district.ts';
import { DomainError } from '../http/problem.ts';
import type { Platform } from '../platform.ts';
import { formatCoverageCsv } from './coverage-csv.ts';
import { computeCoverage } from './coverage-figure.ts';
import { insertTarget, loadCompoundLabels, loadCoverageFacts, loadTargets } from './store.ts';
import type { FactsMoment } from './store.ts';
import { findTarget } from './targets.ts';
import type { StoredTarget } from './targets.ts';

export interface CoverageWish {
  /** Null: the district, the only root of the tree. */
  readonly areaId: string | null;
  readonly kind: CoverageKind;
  /** Null: now. Not in the future. */
  readonly at: Date | null;
}

export interface CoverageService {
  /** @throws {DomainError} `not-found` for an unknown area, `validation-failed` when none is named and there is no single root. */
  figure(wish: CoverageWish): Promise<CoverageFigure>;
  /**
   * One figure per area right below `areaId`, or per street office when that is null; in the order of division codes and names.
   *
   * @throws {DomainError} `not-found` for an unknown area.
   */
  byArea(wish: CoverageWish): Promise<readonly (CoverageFigure & { readonly areaName: string })[]>;
  /** Text of the file and a name for it. */
  csv(wish: CoverageWish): Promise<{ readonly text: string; readonly fileName: string }>;
  /** @throws {DomainError} `validation-failed` for an unknown area. */
  setTarget(actor: Actor, target: Omit<CoverageTarget, 'setAt'>): Promise<CoverageTarget>;
}

/** Whoever asks for "now" by a clock of his own may be ahead of ours by so much. */
const CLOCK_TOLERANCE_MS = 60_000;

export function createCoverageService(platform: Pick<Platform, 'db' | 'changes' | 'clock' | 'settings'>): CoverageService {
  const { db, changes, clock, settings } = platform;

  const momentOf = (at: Date | null): FactsMoment => {
    const nowMs = clock.wallClockMs();
    // Facts of today under a date to come would be a forecast that looks like a figure.
    if (at !== null && at.getTime() > nowMs + CLOCK_TOLERANCE_MS) {
      throw new DomainError('validation-failed', { errors: [{ path: 'query.at', message: 'That moment has not come yet' }] });
    }
    const moment = at ?? new Date(nowMs);
    // The Swedish form of a date is that of ISO 8601.
    return { at: moment, day: new Intl.DateTimeFormat('sv-SE', { timeZone: settings.timeZone }).format(moment) };
  };

  const figureOf = async (area: Area, kind: CoverageKind, moment: FactsMoment, areas: readonly Area[], targets: readonly StoredTarget[]) => {
    const pathIds = areaPath(area.id, new Map(areas.map((one) => [one.id, one]))).map((one) => one.id);
    const target = findTarget(pathIds, kind, targets, moment.at.getTime());
    return computeCoverage({ kind, areaId: area.id, at: moment.at.toISOString(), target }, await loadCoverageFacts(db, area.id, moment));
  };

  const figureAndArea = async (wish: CoverageWish) => {
    const areas = await loadAreas(db);
    const area = findArea(areas, wish.areaId);
    return { area, figure: await figureOf(area, wish.kind, momentOf(wish.at), areas, await loadTargets(db)) };
  };

  return {
    figure: async (wish) => (await figureAndArea(wish)).figure,

    async byArea({ areaId, kind, at }) {
      const areas = await loadAreas(db);
      const parent = areaId === null ? null : findArea(areas, areaId);
      const targets = await loadTargets(db);
      const moment = momentOf(at);
      const parts = areas
        .filter((area) => (parent === null ? area.kind === 'street-office' : area.parentId === parent.id))
        .toSorted((a, b) => (a.divisionCode ?? '').localeCompare(b.divisionCode ?? '') || a.name.localeCompare(b.name, 'zh-CN'));
      const figures: (CoverageFigure & { areaName: string })[] = [];
      for (const part of parts) figures.push({ ...(await figureOf(part, kind, moment, areas, targets)), areaName: part.name });
      return figures;
    },

    async csv(wish) {
      const { area, figure } = await figureAndArea(wish);
      const labels = await loadCompoundLabels(db, area.id);
      const text = formatCoverageCsv(figure, labels, { areaName: area.name, timeZone: settings.timeZone });
      return { text, fileName: `coverage-${wish.kind}-${momentOf(new Date(figure.at)).day}.csv` };
    },

    async setTarget(actor, target) {
      return changes.make(actor, async (change) => {
        const isKnown = (await loadAreas(change.tx)).some((area) => area.id === target.areaId);
        if (!isKnown) throw new DomainError('validation-failed', { errors: [{ path: 'body.areaId', message: 'There is no such area' }] });
        await insertTarget(change.tx, target, change.at);
        change.audit({ action: 'coverage-target.set', subjectKind: 'area', subjectId: target.areaId, detail: target });
        change.announce({ name: 'district.changed' });
        return { ...target, setAt: change.at.toISOString() };
      });
    },
  };
}

function findArea(areas: readonly Area[], id: string | null): Area {
  if (id !== null) {
    const area = areas.find((one) => one.id === id);
    if (area === undefined) throw new DomainError('not-found');
    return area;
  }
  const roots = areas.filter((area) => area.parentId === null);
  const [root] = roots;
  if (root === undefined || roots.length > 1) {
    throw new DomainError('validation-failed', { errors: [{ path: 'query.area', message: 'Name an area: the district is not the only root' }] });
  }
  return root;
}
