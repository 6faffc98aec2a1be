/** The installation itself, saved wall views, the audit trail. */
import type { PersonRef } from './problems.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** `GET /system` (no login needed). */
export interface SystemInfo {
  readonly name: string;
  readonly version: string;
  readonly serverTime: string;
  readonly isSetUp: boolean;
  readonly isDemo: boolean;
  readonly database: 'pglite' | 'postgresql';
}

export interface WallView {
  readonly id: string;
  readonly name: string;
  readonly isShared: boolean;
  readonly ownerId: string;
  /** Tiles per page: 1, 4, 9, 16 or 25. */
  readonly layout: 1 | 4 | 9 | 16 | 25;
  /** Camera ids by tile, null for an empty tile; more than one page is patrolled. */
  readonly tiles: readonly (string | null)[];
  readonly patrolSeconds: number | null;
}

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly person: PersonRef | null;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string | null;
  readonly detail: unknown;
  readonly address: string | null;
}
