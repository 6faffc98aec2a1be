import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedFile } from '../../../media/contract/recordings.ts';
import { decideDeletions } from '../../../media/recorder/retention.ts';

const dayMs = 86_400_000;
const nowMs = 100 * dayMs;

function file(path: string, endedDaysAgo: number, changes: Partial<RecordedFile> = {}): RecordedFile {
  const toMs = nowMs - endedDaysAgo * dayMs;
  return { path, cameraId: 'a', role: 'main', fromMs: toMs - 600_000, toMs, sizeBytes: 100, isOpen: false, ...changes };
}

function decide(files: RecordedFile[], quotaBytes: number, days: number | null = 30): string[] {
  return decideDeletions({ files, nowMs, quotaBytes, retentionDays: () => days, aheadMs: 0 }).map(
    (deletion) => `${deletion.file.path} ${deletion.cause}`,
  );
}

describe('decideDeletions', () => {
  it.each<[string, RecordedFile[], number, number | null, string[]]>([
    ['keeps what is young and fits', [file('a', 1), file('b', 29.9)], 1_000, 30, []],
    ['takes what is older than the camera keeps', [file('a', 30.1), file('b', 29.9)], 1_000, 30, ['a retention']],
    ['takes the oldest first for the quota', [file('a', 1), file('b', 3), file('c', 2)], 250, 30, ['b quota']],
    ['counts what retention takes before the quota', [file('a', 40), file('b', 2), file('c', 1)], 200, 30, ['a retention']],
    ['never takes open files', [file('a', 40, { isOpen: true }), file('b', 0, { isOpen: true })], 50, 30, []],
    ['takes closed files when open ones fill the quota', [file('a', 0, { isOpen: true }), file('b', 1)], 100, 30, ['b quota']],
    ['leaves files of a camera without retention to the quota', [file('a', 400), file('b', 500)], 100, null, ['b quota']],
  ])('%s', (_, files, quotaBytes, days, expected) => {
    expect(decide(files, quotaBytes, days)).toEqual(expected);
  });

  it('makes room for what open files will have grown by the next time, and have grown since they were reported', () => {
    const seconds = (count: number): number => count / 86_400;
    // 100 bytes a second, last reported 5 s ago.
    const open = file('open', seconds(5), { isOpen: true, fromMs: nowMs - 65_000, sizeBytes: 6_000 });
    const old = file('old', 2, { sizeBytes: 1_000 });
    const decideFor = (quotaBytes: number) =>
      decideDeletions({ files: [open, old], nowMs, quotaBytes, retentionDays: () => 30, aheadMs: 20_000 }).map(({ cause }) => cause);
    expect([decideFor(9_500), decideFor(9_499)]).toEqual([[], ['quota']]);
  });

  it('never exceeds the quota by recording, whatever the cameras send', () => {
    const aheadMs = 20_000;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 10, max: 500 }), { minLength: 1, maxLength: 8 }), (bytesPerMs) => {
        const files = new Map<string, RecordedFile>();
        // Twelve minutes of all cameras fit, and each begins a file a minute.
        const quotaBytes = bytesPerMs.reduce((sum, rate) => sum + rate, 0) * 720_000;
        for (let atMs = 0; atMs < 1_800_000; atMs += 1000) {
          for (const [camera, rate] of bytesPerMs.entries()) {
            const fromMs = atMs - (atMs % 60_000);
            const toMs = atMs + 1000;
            files.set(
              `${camera} ${fromMs}`,
              file('', 0, {
                path: `${camera} ${fromMs}`,
                cameraId: `${camera}`,
                fromMs,
                toMs,
                sizeBytes: (toMs - fromMs) * rate,
                isOpen: toMs - fromMs < 60_000,
              }),
            );
          }
          const usedBytes = [...files.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
          if (usedBytes > quotaBytes) throw new Error(`${usedBytes} of ${quotaBytes} at ${atMs}`);
          if (atMs % aheadMs !== 0) continue;
          const facts = { files: files.values(), nowMs: atMs + 1000, quotaBytes, retentionDays: () => null, aheadMs };
          for (const deletion of decideDeletions(facts)) files.delete(deletion.file.path);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('meets the quota whenever closed files allow it, and takes nothing younger than what it keeps', () => {
    const anyFile = fc.record({
      daysAgo: fc.float({ min: 0, max: 60, noNaN: true }),
      sizeBytes: fc.integer({ min: 1, max: 1_000 }),
      isOpen: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyFile, { maxLength: 40 }), fc.integer({ min: 0, max: 10_000 }), (fields, quotaBytes) => {
        const files = fields.map(({ daysAgo, sizeBytes, isOpen }, index) => file(`f${index}`, daysAgo, { sizeBytes, isOpen }));
        const deletions = decideDeletions({ files, nowMs, quotaBytes, retentionDays: () => 30, aheadMs: 60_000 });
        const deleted = new Set(deletions.map((deletion) => deletion.file));
        const kept = files.filter((candidate) => !deleted.has(candidate));
        expect(deletions.some((deletion) => deletion.file.isOpen)).toBe(false);
        const keptBytes = kept.reduce((sum, candidate) => sum + candidate.sizeBytes, 0);
        const closed = kept.filter((candidate) => !candidate.isOpen);
        if (keptBytes > quotaBytes) expect(closed).toEqual([]);
        for (const deletion of deletions) for (const candidate of closed) expect(deletion.file.toMs).toBeLessThanOrEqual(candidate.toMs);
      }),
    );
  });
});
