/** Recordings: the time line of a camera, and the access register that stands before every viewing. */
import { v7 as newId } from 'uuid';
import type { Actor } from '../audit/change.ts';
import type { SessionUser } from '../contract/accounts.ts';
import type { AccessRegisterEntry, RecordingTimeline } from '../contract/cameras.ts';
import { DomainError } from '../http/problem.ts';
import type { Platform } from '../platform.ts';
import type { RegisterEntryFacts } from './register-cover.ts';
import { insertRegisterEntry, loadRegisterEntries, loadRegisterEntry } from './register-store.ts';
import type { RegisterFilter } from './register-store.ts';
import { findKnownCameras, loadFiles, loadRecordingRules, loadStatuses } from './store.ts';
import { buildTimeline } from './timeline.ts';

export interface RegisterDraft {
  readonly cameraIds: readonly string[];
  readonly from: Date;
  readonly to: Date;
  readonly reason: string;
  readonly caseNumber: string | null;
}

export interface RecordingService {
  /** @throws {DomainError} `not-found`. */
  timeline(cameraId: string, from: Date, to: Date): Promise<RecordingTimeline>;
  /** @throws {DomainError} `validation-failed` for a camera that never was. */
  register(person: SessionUser, actor: Actor, draft: RegisterDraft): Promise<AccessRegisterEntry>;
  /** Up to `limit` + 1 entries, newest first. */
  registerPage(filter: RegisterFilter): Promise<readonly AccessRegisterEntry[]>;
  /** For the decision on a ticket. */
  findRegisterEntry(id: string): Promise<RegisterEntryFacts | null>;
}

export function createRecordingService(platform: Pick<Platform, 'db' | 'changes' | 'clock'>): RecordingService {
  const { db, changes, clock } = platform;
  return {
    async timeline(cameraId, from, to) {
      const rules = await loadRecordingRules(db, cameraId);
      if (rules === null) throw new DomainError('not-found');
      const [files, statuses] = await Promise.all([loadFiles(db, cameraId, from, to), loadStatuses(db, cameraId, from, to)]);
      const { spans, gaps } = buildTimeline({ ...rules, fromMs: from.getTime(), toMs: to.getTime(), files, statuses }, clock.wallClockMs());
      return {
        spans: spans.map((span) => ({ from: isoOf(span.fromMs), to: isoOf(span.toMs), bytes: span.sizeBytes })),
        gaps: gaps.map((gap) => ({ from: isoOf(gap.fromMs), to: isoOf(gap.toMs), reason: gap.reason })),
      };
    },

    register: (person, actor, draft) =>
      changes.make(actor, async (change) => {
        const cameraIds = [...new Set(draft.cameraIds)];
        const known = await findKnownCameras(change.tx, cameraIds);
        const unknown = draft.cameraIds.findIndex((id) => !known.has(id));
        if (unknown !== -1) {
          throw new DomainError('validation-failed', { errors: [{ path: `body.cameraIds[${unknown}]`, message: 'There is no such camera' }] });
        }
        const entry: AccessRegisterEntry = {
          id: newId(),
          at: change.at.toISOString(),
          person: { id: person.id, username: person.username, displayName: person.displayName },
          unit: person.unit,
          cameraIds,
          from: draft.from.toISOString(),
          to: draft.to.toISOString(),
          reason: draft.reason,
          caseNumber: draft.caseNumber,
        };
        await insertRegisterEntry(change.tx, entry);
        change.audit({ action: 'access-register.entered', subjectKind: 'access-register-entry', subjectId: entry.id, detail: entry });
        return entry;
      }),

    registerPage: (filter) => loadRegisterEntries(db, { ...filter, limit: filter.limit + 1 }),

    async findRegisterEntry(id) {
      const entry = await loadRegisterEntry(db, id);
      if (entry === null) return null;
      return { accountId: entry.person.id, cameraIds: entry.cameraIds, fromMs: Date.parse(entry.from), toMs: Date.parse(entry.to) };
    },
  };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
