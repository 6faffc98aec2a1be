import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { figureOf, parseReport, runsOf, verdictOf, type Measurement, type Report, type Run } from './measurement.ts';
import { measurements } from './measurements.ts';

const ours: Run = { program: 'ours.ts', args: [], quickArgs: null };
const theirs: Run = { program: 'theirs.ts', args: [], quickArgs: null };
const row: Measurement = { group: 'ingest', name: 'cost', run: ours, field: 'cpuMs', unit: 'ms' };
const reports =
  (ofOurs: Report, ofTheirs: Report = null) =>
  (run: Run): Report =>
    run === ours ? ofOurs : ofTheirs;

describe('figure of a row', () => {
  it('is a field of the report', () => {
    expect(figureOf(row, reports({ cpuMs: 1.25 }))).toBe(1.25);
  });

  it('is scaled to what the run had to do: a program that gets half the frames is not cheaper for it', () => {
    expect(figureOf({ ...row, over: 'frames', scale: 25 }, reports({ cpuMs: 2, frames: 12.5 }))).toBe(4);
  });

  it('is a ratio of the same figure in two runs', () => {
    const ratio: Measurement = { ...row, over: 'frames', versus: theirs };
    expect(figureOf(ratio, reports({ cpuMs: 1, frames: 25 }, { cpuMs: 4, frames: 20 }))).toBe(0.2);
  });

  it('is missing when a program failed or its report lacks something', () => {
    const ratio: Measurement = { ...row, versus: theirs };
    expect(figureOf(row, reports(null))).toBeNull();
    expect(figureOf(row, reports({ cpuMs: 'much' }))).toBeNull();
    expect(figureOf({ ...row, over: 'frames' }, reports({ cpuMs: 1, frames: 0 }))).toBeNull();
    expect(figureOf(ratio, reports({ cpuMs: 1 }, null))).toBeNull();
    expect(figureOf(ratio, reports({ cpuMs: 1 }, { cpuMs: 0 }))).toBeNull();
  });
});

describe('verdict', () => {
  it.each([
    [{ atMost: 1.2 }, 1.2, 'reached'],
    [{ atMost: 1.2 }, 1.21, 'missed'],
    [{ atLeast: 35_000 }, 35_000, 'reached'],
    [{ atLeast: 35_000 }, 34_999, 'missed'],
    [{}, 7, 'informs'],
    [{ atMost: 1.2 }, null, 'failed'],
    [{}, null, 'failed'],
  ] as const)('%j, %j: %s', (target, figure, verdict) => {
    expect(verdictOf(target, figure)).toBe(verdict);
  });
});

describe('runs', () => {
  it('happen once for all rows that name them', () => {
    expect(runsOf([row, { ...row, versus: theirs }, { ...row, run: theirs }])).toEqual([ours, theirs]);
  });

  it('end with a line of JSON; anything else is a failure', () => {
    expect(parseReport('warming up\n{"cpuMs":1}\n')).toEqual({ cpuMs: 1 });
    expect(parseReport('')).toBeNull();
    expect(parseReport('{"cpuMs":1}\nTypeError')).toBeNull();
    expect(parseReport('12')).toBeNull();
  });
});

describe('the table', () => {
  it('names programs that exist, and every row once', () => {
    const missing = runsOf(measurements).filter(({ program }) => !existsSync(new URL(program, import.meta.url)));
    expect(missing).toEqual([]);
    expect(new Set(measurements.map(({ name }) => name)).size).toBe(measurements.length);
  });
});
