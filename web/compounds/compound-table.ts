/** Which compounds the ledger's table shows, and in which order. Pure. */
import type { CompoundCategory, CompoundState, CompoundSummary, LedgerPhase } from '../../server/contract/district.ts';

export const LEDGER_PHASES: readonly LedgerPhase[] = ['mobilise', 'cure', 'accept', 'consolidate', 'keep-up'];
export const COMPOUND_CATEGORIES: readonly CompoundCategory[] = ['property-company', 'community-custody', 'self-governing', 'grid-staff'];
export const COMPOUND_STATES: readonly CompoundState[] = ['in-ledger', 'merged', 'demolished'];

export type SortColumn = 'name' | 'area' | 'phase' | 'points' | 'cameras' | 'alarms';

/** What the person asked for; null means any. */
export interface TableQuery {
  readonly text: string;
  readonly areaId: string | null;
  readonly phase: LedgerPhase | null;
  readonly category: CompoundCategory | null;
  readonly sort: SortColumn;
  readonly isDescending: boolean;
}

/** A row with the counts that realtime keeps fresher than the summary. */
export interface LedgerRow {
  readonly summary: CompoundSummary;
  readonly onlineCameraCount: number;
  readonly openAlarmCount: number;
}

/** Rows that match, in the order asked for; equal rows by name. */
export function chooseRows(rows: readonly LedgerRow[], query: TableQuery): readonly LedgerRow[] {
  const text = query.text.trim().toLowerCase();
  const chosen = rows.filter(({ summary: { compound, areaPath } }) => {
    if (query.phase !== null && compound.phase !== query.phase) return false;
    if (query.category !== null && compound.category !== query.category) return false;
    if (query.areaId !== null && !areaPath.some((area) => area.id === query.areaId)) return false;
    return (
      text === '' || [compound.name, compound.address ?? '', ...areaPath.map((area) => area.name)].some((part) => part.toLowerCase().includes(text))
    );
  });
  const direction = query.isDescending ? -1 : 1;
  return chosen.toSorted((a, b) => direction * compare(a, b, query.sort) || compareText(a.summary.compound.name, b.summary.compound.name));
}

/** Share of required points that are covered, 0 to 1; null when nothing is required. */
export function coveredShare(summary: CompoundSummary): number | null {
  return summary.requiredPointCount === 0 ? null : summary.coveredPointCount / summary.requiredPointCount;
}

/** Reads the table's query from a URL; what makes no sense is as if it were not there. */
export function parseTableQuery(query: Readonly<Record<string, unknown>>): TableQuery {
  const one = <Value extends string>(value: unknown, known: readonly Value[]): Value | null => known.find((candidate) => candidate === value) ?? null;
  return {
    text: typeof query['q'] === 'string' ? query['q'] : '',
    areaId: typeof query['area'] === 'string' && query['area'] !== '' ? query['area'] : null,
    phase: one(query['phase'], LEDGER_PHASES),
    category: one(query['category'], COMPOUND_CATEGORIES),
    sort: one(query['sort'], SORT_COLUMNS) ?? 'area',
    isDescending: query['order'] === 'desc',
  };
}

/** Writes the table's query for a URL, without what is as usual. */
export function formatTableQuery(query: TableQuery): Record<string, string> {
  return {
    ...(query.text === '' ? {} : { q: query.text }),
    ...(query.areaId === null ? {} : { area: query.areaId }),
    ...(query.phase === null ? {} : { phase: query.phase }),
    ...(query.category === null ? {} : { category: query.category }),
    ...(query.sort === 'area' ? {} : { sort: query.sort }),
    ...(query.isDescending ? { order: 'desc' } : {}),
  };
}

const SORT_COLUMNS: readonly SortColumn[] = ['name', 'area', 'phase', 'points', 'cameras', 'alarms'];

function compare(a: LedgerRow, b: LedgerRow, column: SortColumn): number {
  switch (column) {
    case 'name':
      return compareText(a.summary.compound.name, b.summary.compound.name);
    case 'area':
      return compareText(pathOf(a), pathOf(b));
    case 'phase':
      return LEDGER_PHASES.indexOf(a.summary.compound.phase) - LEDGER_PHASES.indexOf(b.summary.compound.phase);
    case 'points':
      return (coveredShare(a.summary) ?? -1) - (coveredShare(b.summary) ?? -1);
    case 'cameras':
      return a.summary.cameraCount - b.summary.cameraCount;
    case 'alarms':
      return a.openAlarmCount - b.openAlarmCount;
  }
}

function pathOf(row: LedgerRow): string {
  return row.summary.areaPath.map((area) => area.name).join('/');
}

function compareText(a: string, b: string): number {
  return a.localeCompare(b, 'zh-Hans-CN', { numeric: true });
}
