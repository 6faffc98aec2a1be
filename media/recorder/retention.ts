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
  /** Until the next decision; open files go on growing meanwhile. */
  readonly aheadMs: number;
}

const dayMs = 86_400_000;

/** A recorder reports a growing file every 5 s; what was reported before this is not being recorded any more. */
const longestLagMs = 10_000;

/** The first fragment of a file is mostly its key frame, from which no rate can be told. */
const shortestRateMs = 1_000;

/** What is known of a stream that is being recorded. */
interface Growth {
  /** Newest moment on the disk. */
  toMs: number;
  /** The longest of its present files: of the open one, and of the one before at the seam of two. */
  durationMs: number;
  sizeBytes: number;
}

/**
 * Files older than their camera's days of retention, then the oldest of all until the quota is met and stays met until the next
 * decision. Never a file that is being written, even when the quota cannot be met without it. A file counts as old when its
 * last picture is.
 */
export function decideDeletions(facts: RetentionFacts): Deletion[] {
  const deletions: Deletion[] = [];
  const kept: RecordedFile[] = [];
  const growths = new Map<string, Growth>();
  let usedBytes = 0;
  for (const file of facts.files) {
    const days = facts.retentionDays(file.cameraId);
    if (!file.isOpen && days !== null && file.toMs < facts.nowMs - days * dayMs) {
      deletions.push({ file, cause: 'retention' });
      continue;
    }
    usedBytes += file.sizeBytes;
    if (facts.nowMs - file.toMs <= longestLagMs) noteGrowth(growths, file);
    if (!file.isOpen) kept.push(file);
  }
  for (const growth of growths.values()) usedBytes += expectedBytes(growth, facts);
  if (usedBytes <= facts.quotaBytes) return deletions;
  kept.sort((a, b) => a.toMs - b.toMs);
  for (const file of kept) {
    if (usedBytes <= facts.quotaBytes) break;
    usedBytes -= file.sizeBytes;
    deletions.push({ file, cause: 'quota' });
  }
  return deletions;
}

function noteGrowth(growths: Map<string, Growth>, file: RecordedFile): void {
  const key = `${file.cameraId} ${file.role}`;
  const growth = growths.get(key) ?? { toMs: 0, durationMs: 0, sizeBytes: 0 };
  growths.set(key, growth);
  growth.toMs = Math.max(growth.toMs, file.toMs);
  if (file.toMs - file.fromMs <= growth.durationMs) return;
  growth.durationMs = file.toMs - file.fromMs;
  growth.sizeBytes = file.sizeBytes;
}

/** What a stream has written since its newest report, and will until the next decision, at the rate it has had so far. */
function expectedBytes(growth: Growth, { nowMs, aheadMs }: RetentionFacts): number {
  const lagMs = Math.max(0, nowMs - growth.toMs);
  return (growth.sizeBytes * (lagMs + aheadMs)) / Math.max(growth.durationMs, shortestRateMs);
}
