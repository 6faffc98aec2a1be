/**
 * The demo: a simulated district on a real server and media node, ready to log in.
 *
 * Starts the simulator and the server as children, seeds the district through the API, prints progress, then address and
 * accounts. The next start finds the data of the last one. Ends with everything it started on SIGINT, SIGTERM, or when its
 * launcher goes away.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { statfs } from 'node:fs/promises';
import type { Camera } from '../../server/contract/cameras.ts';
import { startSupervised } from '../../server/launch/run-supervised.mjs';
import { loadClipCatalogue } from '../simulator/clip-catalogue.ts';
import { createApiClient, waitUntil } from './api-client.ts';
import type { ApiClient } from './api-client.ts';
import { demoUsernames, ensureDemoAccounts } from './demo-accounts.ts';
import { composeDemoDistrict } from './district/district.ts';
import { describeTakenPort } from './port-check.ts';
import { seedDistrict } from './seeding.ts';
import { composeSimulator, streamUrls } from './simulated-cameras.ts';
import { startSimulator } from './simulator-process.ts';
import type { RunningSimulator } from './simulator-process.ts';

/**
 * Recordings stay below this; with the database and its write-ahead log (0.1 GB) and logs the demo is under 2 GB. It is ten minutes of all
 * cameras, and the duty officer asks what happened ten minutes ago: files of one minute, since deleting those of ten would leave
 * him with one minute at times.
 */
const recordingsQuotaBytes = 1_850_000_000;
const recordingFileSeconds = 60;
const neededFreeBytes = 3_000_000_000;
const startedMs = performance.now();

/** A fault that whoever starts the demo can mend, in one sentence. */
class DemoFault extends Error {}

interface DemoMemory {
  readonly password: string | null;
  readonly rtspPort: number;
  readonly httpPort: number;
}

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());
if (process.send !== undefined) process.on('disconnect', () => ending.abort());

const stops: (() => Promise<unknown>)[] = [];
let exitCode = 0;
try {
  await run();
} catch (error) {
  if (!ending.signal.aborted) {
    exitCode = 1;
    process.stderr.write(`${error instanceof DemoFault ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
}
await Promise.all(stops.map((stop) => stop()));
// The launcher starts what crashed again; a fault that a person must mend is final (EX_CONFIG of sysexits.h).
process.exit(exitCode === 0 ? 0 : 78);

async function run(): Promise<void> {
  const dataDir = resolve(process.env['YILAN_DATA_DIR'] || 'data/demo');
  const httpPort = readPort('YILAN_HTTP_PORT', 8080);
  const password = process.env['YILAN_DEMO_PASSWORD'] || 'yilan-demo';
  await checkPorts(httpPort);
  await prepareFolder(dataDir);
  const memory = readMemory(dataDir);

  const district = composeDemoDistrict();
  const simulator = await openSimulator(composeSimulator(district.cameras, loadClipCatalogue().clips, memory), dataDir);
  stops.push(() => simulator.stop());
  say(`Simulator: ${district.cameras.length} cameras`);

  const setupToken = randomBytes(16).toString('hex');
  const server = startServer(dataDir, httpPort, setupToken);
  stops.push(() => server.stop());
  let serverEnd: number | null = null;
  void server.ended.then((code) => {
    serverEnd = code;
    ending.abort();
  });
  const url = `http://127.0.0.1:${httpPort}`;
  say('Database and server are starting …');
  const isUp = await waitUntil(() => answers(`${url}/healthz`), 120_000, ending.signal);
  if (!isUp)
    throw new DemoFault(
      serverEnd === null ? `The server did not answer within 2 minutes; see ${join(dataDir, 'server.log')}.` : lastLine(join(dataDir, 'server.log')),
    );

  const api = await ensureDemoAccounts(createApiClient(url), setupToken, password, memory.password);
  const addresses = simulator.cameras.map((camera, index) => streamUrls(camera, index));
  await seedDistrict(api, district, addresses, say);
  writeMemory(dataDir, { password, rtspPort: simulator.rtspPort, httpPort: simulator.httpPort });
  await waitForPictures(api);
  await writeReport(
    dataDir,
    url,
    api,
    simulator,
    district.cameras.map((camera) => camera.name),
  );
  say(invitation(httpPort, password));
  await new Promise<void>((done) => {
    if (ending.signal.aborted) done();
    ending.signal.addEventListener('abort', () => done(), { once: true });
  });
  if (serverEnd !== null && serverEnd !== 0) throw new DemoFault(lastLine(join(dataDir, 'server.log')));
  say('Ending …');
}

function startServer(dataDir: string, httpPort: number, setupToken: string): ReturnType<typeof startSupervised> {
  const configFile = join(dataDir, 'demo.yaml');
  writeFileSync(
    configFile,
    [
      '# Written by the demo at each start.',
      'installation: { name: 资中县技防监控中心, demo: true }',
      'alarms: { offlineDebounceSeconds: 10, keyPlaceDebounceSeconds: 5 }',
      `media: { recordingsQuotaBytes: ${recordingsQuotaBytes}, recordingFileSeconds: ${recordingFileSeconds} }`,
      '',
    ].join('\n'),
  );
  const env = { ...process.env, YILAN_CONFIG: configFile, YILAN_DATA_DIR: dataDir, YILAN_HTTP_PORT: String(httpPort), YILAN_SETUP_TOKEN: setupToken };
  return startSupervised({ name: 'server', module: 'server/main.ts', env, log: say, output: openSync(join(dataDir, 'server.log'), 'a') });
}

async function openSimulator(config: Parameters<typeof startSimulator>[0], dataDir: string): Promise<RunningSimulator> {
  const options = { log: openSync(join(dataDir, 'simulator.log'), 'a') };
  try {
    return await startSimulator(config, options);
  } catch {
    // The ports of the last start belong to somebody else by now.
    return await startSimulator({ ...config, rtspPort: 0, httpPort: 0 }, options);
  }
}

async function checkPorts(httpPort: number): Promise<void> {
  const faults = await Promise.all([
    describeTakenPort(httpPort, 'tcp', 'YILAN_HTTP_PORT'),
    describeTakenPort(readPort('YILAN_MEDIA_PORT', 8090), 'tcp', 'YILAN_MEDIA_PORT'),
    describeTakenPort(readPort('YILAN_WEBRTC_PORT', 8189), 'udp', 'YILAN_WEBRTC_PORT'),
  ]);
  const fault = faults.find((candidate) => candidate !== null);
  if (fault !== undefined && fault !== null) throw new DemoFault(fault);
}

async function prepareFolder(dataDir: string): Promise<void> {
  try {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, '.writable'), '');
  } catch (error) {
    throw new DemoFault(
      `The data folder ${dataDir} can't be written (${error instanceof Error ? error.message : String(error)}); choose another with YILAN_DATA_DIR.`,
    );
  }
  const { bavail, bsize } = await statfs(dataDir);
  const freeBytes = bavail * bsize;
  if (freeBytes < neededFreeBytes) {
    throw new DemoFault(
      `The disk of ${dataDir} has only ${Math.round(freeBytes / 1e6)} MB left, and the demo needs ${neededFreeBytes / 1e6} MB; choose another with YILAN_DATA_DIR.`,
    );
  }
}

function readPort(variable: string, fallback: number): number {
  const text = process.env[variable];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new DemoFault(`${variable} is ${text}, and must be a port number from 1 to 65535.`);
  return port;
}

/** Waits until most cameras are online, saying how many; goes on after a while, since some misbehave on purpose. */
async function waitForPictures(api: ApiClient): Promise<void> {
  let shown = -1;
  await waitUntil(
    async () => {
      const cameras = await api.list<Camera>('/cameras').catch(() => []);
      const online = cameras.filter((camera) => camera.state.status === 'online').length;
      if (online !== shown) say(`Pictures: ${online} of ${cameras.length} cameras`);
      shown = online;
      return cameras.length > 0 && online >= cameras.length * 0.75;
    },
    45_000,
    ending.signal,
  );
}

async function writeReport(dataDir: string, url: string, api: ApiClient, simulator: RunningSimulator, names: readonly string[]): Promise<void> {
  const nodes = await api.list<{ readonly baseUrl: string | null }>('/media-nodes');
  const report = {
    url,
    mediaUrl: nodes[0]?.baseUrl ?? null,
    simulatorUrl: `http://127.0.0.1:${simulator.httpPort}`,
    simulatorNumbers: Object.fromEntries(names.map((name, index) => [name, index + 1])),
  };
  writeFileSync(join(dataDir, 'demo-report.json'), JSON.stringify(report, null, 2));
}

function invitation(httpPort: number, password: string): string {
  return [
    '',
    `  一览 Yilan is ready:  http://localhost:${httpPort}`,
    '',
    `  log in as  ${demoUsernames.join(' · ')}   password  ${password}`,
    '',
    '  Some cameras fail on purpose now and then. Ctrl-C ends everything.',
    '',
  ].join('\n');
}

function readMemory(dataDir: string): DemoMemory {
  try {
    return JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoMemory;
  } catch {
    return { password: null, rtspPort: 0, httpPort: 0 };
  }
}

function writeMemory(dataDir: string, memory: DemoMemory): void {
  writeFileSync(join(dataDir, 'demo.json'), JSON.stringify(memory), { mode: 0o600 });
}

async function answers(url: string): Promise<boolean> {
  return await fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

/** What the server said before it gave up. */
function lastLine(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? 'The server ended.';
}

function say(line: string): void {
  process.stdout.write(line.startsWith('\n') ? `${line}\n` : `[${((performance.now() - startedMs) / 1000).toFixed(1).padStart(5)} s] ${line}\n`);
}
