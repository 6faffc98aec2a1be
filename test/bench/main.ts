/**
 * `npm run bench`: all measurements, one after another on a machine that should be otherwise idle. Prints a table and writes
 * the same as JSON to `test-results/bench.json`. Figures inform; no test depends on them.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

interface Measurement {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Field of the program's JSON line. */
  readonly field: string;
  readonly unit: string;
  readonly target: number | null;
}

const measurements: readonly Measurement[] = [
  {
    name: 'ingest to hub, 1080p25 4 Mbps, 50 cameras, whole frames',
    program: 'ingest.ts',
    args: ['50', '15', 'frame'],
    field: 'cpuMsPerCameraSecond',
    unit: 'CPU ms per camera-second',
    target: 3,
  },
  {
    name: 'the same, every packet alone',
    program: 'ingest.ts',
    args: ['50', '15', 'packet'],
    field: 'cpuMsPerCameraSecond',
    unit: 'CPU ms per camera-second',
    target: null,
  },
  {
    name: 'one 4 Mbps stream to 20 WebRTC viewers',
    program: 'webrtc-viewers.ts',
    args: ['20', '10'],
    field: 'percentOfCorePerViewer',
    unit: '% of a core per viewer',
    target: null,
  },
  {
    name: 'one 4 Mbps stream to 100 WebSocket viewers',
    program: 'websocket-viewers.ts',
    args: ['100', '10'],
    field: 'percentOfCorePerViewer',
    unit: '% of a core per viewer',
    target: 0.1,
  },
  {
    name: 'JPEG of a 1080p H.264 key frame by long-lived decoders',
    program: 'snapshots.ts',
    args: ['60'],
    field: 'cpuMsPerSnapshot',
    unit: 'CPU ms per picture',
    target: null,
  },
  {
    name: 'thumbnail of key frames of mixed sizes and codecs',
    program: 'snapshots.ts',
    args: ['60'],
    field: 'cpuMsPerThumbnail',
    unit: 'CPU ms per picture',
    target: 60,
  },
];

const folder = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const machine = {
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  loadBefore: Number(loadavg()[0]?.toFixed(2)),
};

const results = measurements.map((measurement) => {
  process.stderr.write(`${measurement.name} …\n`);
  const run = spawnSync(process.execPath, [`${folder}${measurement.program}`, ...measurement.args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const report = readReport(run.stdout);
  const value = report?.[measurement.field];
  return { ...measurement, value: typeof value === 'number' ? value : null, report };
});

console.log(`\n${machine.cores} × ${machine.processor}, ${machine.memoryGiB} GiB, Node ${machine.node}, load before ${machine.loadBefore}\n`);
console.log('| what | figure | target |\n|---|---|---|');
for (const { name, value, unit, target } of results) {
  const verdict = target === null || value === null ? '–' : `≤ ${target} ${value <= target ? '✓' : '✗'}`;
  console.log(`| ${name} | ${value === null ? 'failed' : `${value} ${unit}`} | ${verdict} |`);
}
mkdirSync(`${root}test-results`, { recursive: true });
writeFileSync(`${root}test-results/bench.json`, `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2)}\n`);
process.exit(results.some(({ value }) => value === null) ? 1 : 0);

/** The last line of JSON the program printed. */
function readReport(output: string): Readonly<Record<string, unknown>> | null {
  const line = output.trim().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
}
