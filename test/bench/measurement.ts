/** A row of the benchmark's table and what follows from the reports of the programs that it names: figure, verdict. Pure. */

/** What can be asked for with `--only`. */
export const groups = ['ingest', 'delivery', 'viewers', 'browser', 'impairments'] as const;
export type Group = (typeof groups)[number];

/** One program of this folder; rows that name the same object share one run. Its last line of output is a JSON object. */
export interface Run {
  readonly program: string;
  readonly args: readonly string[];
  /** With `--quick`; null: left out. */
  readonly quickArgs: readonly string[] | null;
  /** Nothing of it is disturbed by others of its kind: such runs take their time together. */
  readonly isPatient?: boolean;
}

/** A row: a figure of a run, and what it has to reach. */
export interface Measurement {
  readonly group: Group;
  readonly name: string;
  readonly run: Run;
  /** Of the report. */
  readonly field: string;
  /** Divided by this field of the same report … */
  readonly over?: string;
  /** … times this. */
  readonly scale?: number;
  /** Divided by the same figure of another run. */
  readonly versus?: Run;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Fields of the report that tell whether the run was sound, shown beside the figure. */
  readonly beside?: readonly string[];
}

/** The JSON object that a program printed; null when it failed. */
export type Report = Readonly<Record<string, unknown>> | null;

export type Verdict = 'reached' | 'missed' | 'failed' | 'informs';

/** The figure of a row, to three digits; null when a report lacks a field or a divisor is 0. */
export function figureOf(measurement: Measurement, reportOf: (run: Run) => Report): number | null {
  const figure = figureOfReport(measurement, reportOf(measurement.run));
  if (figure === null || measurement.versus === undefined) return figure === null ? null : rounded(figure);
  const other = figureOfReport(measurement, reportOf(measurement.versus));
  return other === null || other === 0 ? null : rounded(figure / other);
}

/** What a figure means for its row. */
export function verdictOf({ atMost, atLeast }: Pick<Measurement, 'atMost' | 'atLeast'>, figure: number | null): Verdict {
  if (figure === null) return 'failed';
  if (atMost === undefined && atLeast === undefined) return 'informs';
  return (atMost === undefined || figure <= atMost) && (atLeast === undefined || figure >= atLeast) ? 'reached' : 'missed';
}

/** The runs that these rows need, each once, in their order. */
export function runsOf(measurements: readonly Measurement[]): readonly Run[] {
  return [...new Set(measurements.flatMap(({ run, versus }) => (versus === undefined ? [run] : [run, versus])))];
}

/** The last line of JSON that a program printed; null when there is none. */
export function parseReport(output: string): Report {
  const line = output.trim().split('\n').at(-1) ?? '';
  try {
    const report: unknown = JSON.parse(line);
    return typeof report === 'object' && report !== null ? { ...report } : null;
  } catch {
    return null;
  }
}

function figureOfReport({ field, over, scale }: Measurement, report: Report): number | null {
  const value = report?.[field];
  const divisor = over === undefined ? 1 : report?.[over];
  if (typeof value !== 'number' || typeof divisor !== 'number' || divisor === 0) return null;
  return (value / divisor) * (scale ?? 1);
}

function rounded(figure: number): number {
  return Number(figure.toPrecision(figure >= 1000 ? 5 : 3));
}
