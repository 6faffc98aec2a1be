/** What of the coverage page is kept in its URL. Pure. `/coverage?area=…&kind=B&at=2026-11-20T08:00:00.000Z` */
import type { CoverageKind } from '../../server/contract/coverage.ts';

export interface CoverageQuery {
  /** Null: the whole district. */
  readonly areaId: string | null;
  readonly kind: CoverageKind;
  /** ISO 8601; null: now. */
  readonly at: string | null;
}

export function parseCoverageQuery(query: Readonly<Record<string, unknown>>): CoverageQuery {
  const at = typeof query['at'] === 'string' ? Date.parse(query['at']) : Number.NaN;
  return {
    areaId: typeof query['area'] === 'string' && query['area'] !== '' ? query['area'] : null,
    kind: query['kind'] === 'B' ? 'B' : 'A',
    at: Number.isNaN(at) ? null : new Date(at).toISOString(),
  };
}

export function formatCoverageQuery(query: CoverageQuery): Record<string, string> {
  return {
    ...(query.areaId === null ? {} : { area: query.areaId }),
    ...(query.kind === 'A' ? {} : { kind: query.kind }),
    ...(query.at === null ? {} : { at: query.at }),
  };
}
