import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTimeline, SHORTEST_GAP_MS } from '../../../server/recordings/timeline.ts';
import type { PastStatus, RecordedSpan, TimelineFacts, TimelineGap } from '../../../server/recordings/timeline.ts';

const NOW = 1_800_000_000_000;
/** The question spans the 100 s that ended a minute ago. */
const FROM = NOW - 160_000;
const TO = NOW - 60_000;

const file = (fromS: number, toS: number, over: Partial<RecordedSpan> = {}): RecordedSpan => ({
  fromMs: FROM + fromS * 1000,
  toMs: FROM + toS * 1000,
  sizeBytes: (toS - fromS) * 1000,
  isOpen: false,
  ...over,
});

const status = (kind: PastStatus['status'], reason: PastStatus['reason'], fromS: number, toS: number | null): PastStatus => ({
  status: kind,
  reason,
  fromMs: FROM + fromS * 1000,
  toMs: toS === null ? null : FROM + toS * 1000,
});

function facts(over: Partial<TimelineFacts>): TimelineFacts {
  return {
    fromMs: FROM,
    toMs: TO,
    files: [],
    statuses: [],
    isRecorded: true,
    retentionDays: 30,
    firstRecordedAtMs: FROM - 3_600_000,
    oldestKeptAtMs: FROM - 3_600_000,
    ...over,
  };
}

/** Spans as seconds with bytes, gaps as seconds with reason. */
function timeline(over: Partial<TimelineFacts>, nowMs = NOW): { spans: unknown[]; gaps: unknown[] } {
  const { spans, gaps } = buildTimeline(facts(over), nowMs);
  const s = (ms: number): number => (ms - FROM) / 1000;
  return {
    spans: spans.map((span) => [s(span.fromMs), s(span.toMs), span.sizeBytes]),
    gaps: gaps.map((gap) => [s(gap.fromMs), s(gap.toMs), gap.reason]),
  };
}

describe('buildTimeline', () => {
  it.each<[string, Partial<TimelineFacts>, unknown[], unknown[]]>([
    ['one file over all', { files: [file(-10, 120)] }, [[0, 100, 100_000]], []],
    ['files that follow one another with a seam', { files: [file(0, 40), file(41.5, 100)] }, [[0, 100, 98_500]], []],
    ['files in any order, overlapping', { files: [file(50, 100), file(0, 60)] }, [[0, 100, 110_000]], []],
    [
      'files that the quota took, and a camera that was away before',
      {
        files: [file(60, 100)],
        oldestKeptAtMs: FROM + 60_000,
        statuses: [status('offline', 'no-answer', -100, 20), status('online', null, 20, null)],
      },
      [[60, 100, 40_000]],
      [
        [0, 20, 'no-answer'],
        [20, 60, 'expired'],
      ],
    ],
    [
      'a stall that the status names 4 s later, and a key frame 3 s after the end of it',
      { files: [file(0, 40), file(67, 100)], statuses: [status('offline', 'no-packets', 44, 64), status('online', null, 64, null)] },
      [
        [0, 40, 40_000],
        [67, 100, 33_000],
      ],
      [[40, 67, 'no-packets']],
    ],
    [
      'a long stretch that nothing explains before an outage',
      { files: [file(0, 20), file(60, 100)], statuses: [status('offline', 'no-packets', 44, 60)] },
      [
        [0, 20, 20_000],
        [60, 100, 40_000],
      ],
      [
        [20, 44, 'unexplained'],
        [44, 60, 'no-packets'],
      ],
    ],
    [
      'a gap nobody can explain',
      { files: [file(0, 40), file(42, 100)] },
      [
        [0, 40, 40_000],
        [42, 100, 58_000],
      ],
      [[40, 42, 'unexplained']],
    ],
    [
      'a gap with its causes in turn',
      { files: [file(0, 20), file(80, 100)], statuses: [status('offline', 'connection-refused', 20, 50), status('unknown', 'node-lost', 50, 80)] },
      [
        [0, 20, 20_000],
        [80, 100, 20_000],
      ],
      [
        [20, 50, 'connection-refused'],
        [50, 80, 'node-lost'],
      ],
    ],
    [
      'a transition of a moment at the begin of a gap',
      { files: [file(0, 20)], statuses: [status('connecting', null, 20, 21), status('offline', 'no-packets', 21, null)] },
      [[0, 20, 20_000]],
      [[20, 100, 'no-packets']],
    ],
    ['nothing, not to be recorded', { isRecorded: false }, [], [[0, 100, 'not-recorded']]],
    [
      'never recorded, not to be recorded, and offline',
      { isRecorded: false, firstRecordedAtMs: null, statuses: [status('offline', 'no-answer', 0, null)] },
      [],
      [[0, 100, 'not-recorded']],
    ],
    [
      'never recorded because it never answered',
      { firstRecordedAtMs: null, statuses: [status('offline', 'connection-refused', 30, null)] },
      [],
      [
        [0, 30, 'before-first-recording'],
        [30, 100, 'connection-refused'],
      ],
    ],
    ['nothing, recording never began', { firstRecordedAtMs: null }, [], [[0, 100, 'before-first-recording']]],
    [
      'begin of recording inside',
      { files: [file(60, 100)], firstRecordedAtMs: FROM + 60_000 },
      [[60, 100, 40_000]],
      [[0, 60, 'before-first-recording']],
    ],
    ['online and yet nothing', { statuses: [status('online', null, -100, null)] }, [], [[0, 100, 'unexplained']]],
  ])('%s', (_, over, spans, gaps) => {
    expect(timeline(over)).toEqual({ spans, gaps });
  });

  it('names what is past its days and what has not happened yet', () => {
    const day = 86_400_000;
    const { gaps } = buildTimeline(facts({ fromMs: NOW - 31 * day, toMs: NOW + day, firstRecordedAtMs: NOW - 90 * day, oldestKeptAtMs: null }), NOW);
    expect(gaps).toEqual([
      { fromMs: NOW - 31 * day, toMs: NOW - 30 * day, reason: 'expired' },
      { fromMs: NOW - 30 * day, toMs: NOW, reason: 'unexplained' },
      { fromMs: NOW, toMs: NOW + day, reason: 'in-the-future' },
    ]);
  });

  it('does not call the unreported end of an open file a gap', () => {
    const open = file(0, 152, { isOpen: true });
    expect(timeline({ toMs: NOW, files: [open] })).toEqual({ spans: [[0, 152, 152_000]], gaps: [] });
    expect(timeline({ toMs: NOW, files: [{ ...open, isOpen: false }] }).gaps).toEqual([[152, 160, 'unexplained']]);
  });

  it('looks at each status a few times only, however often the camera came and went', () => {
    const count = 1_000;
    let looks = 0;
    const watched = (past: PastStatus): PastStatus => ({
      ...past,
      get fromMs() {
        looks += 1;
        return past.fromMs;
      },
    });
    const fromMs = NOW - count * 60_000;
    const files: RecordedSpan[] = [];
    const statuses: PastStatus[] = [];
    for (let beginMs = fromMs; beginMs < NOW; beginMs += 60_000) {
      files.push({ fromMs: beginMs, toMs: beginMs + 30_000, sizeBytes: 1, isOpen: false });
      statuses.push({ status: 'online', reason: null, fromMs: beginMs, toMs: beginMs + 30_000 });
      statuses.push({ status: 'offline', reason: 'no-answer', fromMs: beginMs + 30_000, toMs: beginMs + 60_000 });
    }
    const { gaps } = buildTimeline(facts({ fromMs, toMs: NOW, files, statuses: statuses.map(watched), firstRecordedAtMs: fromMs }), NOW);
    expect(gaps.map((gap) => gap.reason)).toEqual(Array<string>(count).fill('no-answer'));
    expect(looks / statuses.length).toBeLessThan(50);
  });

  it('covers the whole question without overlap, for any files', () => {
    const second = fc.integer({ min: -50, max: 150 });
    const files = fc.array(
      fc.tuple(second, fc.integer({ min: 1, max: 30 })).map(([from, length]) => file(from, from + length)),
      { maxLength: 12 },
    );
    const statuses = fc.array(
      fc.tuple(second, fc.integer({ min: 1, max: 30 })).map(([from, length]) => status('offline', 'no-answer', from, from + length)),
    );
    fc.assert(
      fc.property(files, statuses, (givenFiles, givenStatuses) => {
        const { spans, gaps } = buildTimeline(facts({ files: givenFiles, statuses: givenStatuses }), NOW);
        const pieces = [...spans, ...gaps].sort((a, b) => a.fromMs - b.fromMs);
        let atMs = FROM;
        for (const piece of pieces) {
          expect(piece.fromMs).toBeGreaterThanOrEqual(atMs);
          expect(piece.fromMs - atMs).toBeLessThan(SHORTEST_GAP_MS);
          expect(piece.toMs).toBeGreaterThan(piece.fromMs);
          atMs = piece.toMs;
        }
        expect(TO - atMs).toBeLessThan(SHORTEST_GAP_MS);
        const reasons = gaps.map((gap: TimelineGap) => gap.reason);
        expect(new Set([...reasons, 'no-answer', 'unexplained']).size).toBe(2);
      }),
    );
  });
});
