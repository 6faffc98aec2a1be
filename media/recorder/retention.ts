/** Which recorded files have to go: pure policy. */
import type { RecordedFile } from '../contract/recordings.ts';

/** A file to delete and why. */
export interface Deletion {
  readonly file: RecordedFile;
  readonly cause: 'retention' | 'quota';
}

export interface RetentionFacts {
  readonly files: Iterable<RecordedFile>;
  /** Wall clock, ms since 1970. */
  readonly nowMs: number;
  /** All files together may have so many bytes. */
  readonly quotaBytes: number;
  /** Null for a camera whose files only the quota takes. */
  readonly retentionDays: (cameraId: string) => number | null;
}

const dayMs = 86_400_000;

/**
 * Files older than their camera's days of retention, then the oldest of all until the quota is met. Never a file that is
 * being written, even when the quota cannot be met without it. A file counts as old when its last picture is.
 */
export function decideDeletions(facts: RetentionFacts): Deletion[] {
  const deletions: Deletion[] = [];
  const kept: RecordedFile[] = [];
  let usedBytes = 0;
  for (const file of facts.files) {
    const days = facts.retentionDays(file.cameraId);
    if (!file.isOpen && days !== null && file.toMs < facts.nowMs - days * dayMs) {
      deletions.push({ file, cause: 'retention' });
      continue;
    }
    usedBytes += file.sizeBytes;
    if (!file.isOpen) kept.push(file);
  }
  kept.sort((a, b) => a.toMs - b.toMs);
  for (const file of kept) {
    if (usedBytes <= facts.quotaBytes) break;
    usedBytes -= file.sizeBytes;
    deletions.push({ file, cause: 'quota' });
  }
  return deletions;
}
