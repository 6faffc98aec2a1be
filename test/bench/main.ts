/**
 * `npm run bench`: all measurements, one after another, each in processes of its own, on a machine that should be otherwise idle. Prints a
 * table with targets and verdicts and writes the same with all reports to `test-results/bench.json`.
 *
 *     npm run bench                              everything, about 40 minutes
 *     npm run bench -- --quick                   fewer and shorter runs
 *     npm run bench -- --only ingest,browser     ingest, delivery, viewers, browser, impairments
 *
 * Absolute times drift from run to run; figures of one run can be compared. Ends with 1 when a program failed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { text } from 'node:stream/consumers';
import { busyPercent, describeMachine } from './machine.ts';
import { figureOf, groups, parseReport, runsOf, verdictOf, type Measurement, type Report, type Run, type Verdict } from './measurement.ts';
import { measurements } from './measurements.ts';

/** So much of the machine may be in use by others before a run; from here on the table says it. */
const calmPercent = 10;
const verdictMarks: Readonly<Record<Verdict, string>> = { reached: '✓', missed: '✗', failed: 'failed', informs: '–' };

const folder = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

const { values } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } } });
const only = values.only?.split(',');
const unknown = only?.filter((name) => !groups.some((group) => group === name)) ?? [];
if (unknown.length > 0) {
  console.error(`--only takes ${groups.join(', ')}, not ${unknown.join(', ')}`);
  process.exit(2);
}

interface Outcome {
  readonly command: string;
  readonly report: Report;
  /** What others took of the machine just before. */
  readonly busyPercentBefore: number;
  readonly seconds: number;
}

const rows = measurements
  .filter(({ group }) => only?.includes(group) ?? true)
  .filter(({ run, versus }) => !values.quick || (run.quickArgs !== null && versus?.quickArgs !== null));
if (rows.length === 0) {
  console.error('there is nothing to measure in that');
  process.exit(2);
}
const machine = describeMachine();
const startedMs = performance.now();
const outcomes = new Map<Run, Outcome>();
const runs = runsOf(rows);
for (const run of runs.filter(({ isPatient }) => !isPatient)) outcomes.set(run, await execute(run));
await Promise.all(runs.filter(({ isPatient }) => isPatient).map(async (run) => outcomes.set(run, await execute(run))));
const minutes = Math.round((performance.now() - startedMs) / 6000) / 10;

const results = rows.map((row) => {
  const figure = figureOf(row, (run) => outcomes.get(run)?.report ?? null);
  return { ...row, figure, verdict: verdictOf(row, figure) };
});
console.log(
  `\n${machine.cores} × ${machine.processor}, ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}, ffmpeg ${machine.ffmpeg}, ` +
    `Chromium ${machine.chromium}; load before ${machine.loadBefore}; ${minutes} minutes\n`,
);
console.log('| what | figure | target | | beside |\n|---|---|---|---|---|');
for (const { figure, verdict, ...row } of results) {
  console.log(`| ${row.name} | ${figure ?? '–'} ${row.unit} | ${targetOf(row)} | ${verdictMarks[verdict]} | ${remarkOn(row)} |`);
}
mkdirSync(`${root}test-results`, { recursive: true });
const record = { at: new Date().toISOString(), minutes, isQuick: values.quick, machine, results, runs: [...outcomes.values()] };
writeFileSync(`${root}test-results/bench.json`, `${JSON.stringify(record, null, 2)}\n`);
process.exitCode = results.some(({ verdict }) => verdict === 'failed') ? 1 : 0;

async function execute(run: Run): Promise<Outcome> {
  const args = values.quick && run.quickArgs !== null ? run.quickArgs : run.args;
  const command = [run.program, ...args].join(' ');
  const busyPercentBefore = await busyPercent(2);
  process.stderr.write(`${command} …\n`);
  const runStartedMs = performance.now();
  // One of the programs reads a TypeScript source with a function that Node still calls experimental.
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', `${folder}${run.program}`, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const output = await text(child.stdout);
  const [exitCode] = (await exited) as [number | null];
  const report = exitCode === 0 ? parseReport(output) : null;
  return { command, report, busyPercentBefore, seconds: Math.round((performance.now() - runStartedMs) / 1000) };
}

function targetOf({ atMost, atLeast }: Measurement): string {
  if (atMost !== undefined) return `≤ ${atMost}`;
  return atLeast === undefined ? '' : `≥ ${atLeast}`;
}

/** Fields that tell whether the run was sound, and whether others were at work. */
function remarkOn({ run, beside = [] }: Measurement): string {
  const outcome = outcomes.get(run);
  const fields = beside.map((field) => `${field} ${JSON.stringify(outcome?.report?.[field] ?? null)}`);
  const busy = outcome?.busyPercentBefore ?? 0;
  return [...fields, ...(busy > calmPercent ? [`others took ${busy} % of the machine before`] : [])].join(', ');
}
