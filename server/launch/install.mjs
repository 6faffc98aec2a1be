// @ts-check
/**
 * Brings `node_modules` and the built web to the state of the sources. Plain JavaScript, because it runs before anything is
 * installed, on Node 20 or newer.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LaunchError } from './exit-sentence.mjs';

/** Top of the repository. */
export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

const oldestNode = 20;
/** Runs TypeScript without a build step. */
const neededNode = 24;

/**
 * @param {string} version such as `v20.19.0`
 * @returns {string | null} what is wrong with the Node that runs the launcher, in one sentence
 */
export function findNodeFault(version) {
  const major = Number(/^v?(\d+)/.exec(version)?.[1] ?? 0);
  return major >= oldestNode
    ? null
    : `Yilan needs Node ${oldestNode} or newer, and this is ${version}: install a newer one from nodejs.org or your distribution.`;
}

/** Throws a LaunchError unless this Node can run the launcher. */
export function checkNode() {
  const fault = findNodeFault(process.version);
  if (fault !== null) throw new LaunchError(fault);
}

/**
 * Path of a Node that runs the project's TypeScript: the one that npm installed, or else the machine's when it is new enough.
 *
 * @returns {string}
 */
export function findNode() {
  const suffix = process.platform === 'win32' ? 'node.exe' : 'bin/node';
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const packaged = join(projectFolder, 'node_modules', `node-${platform}-${process.arch}`, suffix);
  if (existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= neededNode) return process.execPath;
  throw new LaunchError(
    `Yilan needs Node ${neededNode} on ${process.platform}-${process.arch}, and npm has none for it: install Node ${neededNode} on this machine.`,
  );
}

/**
 * Installs what the lock file names, when it is not installed yet. Install scripts stay off.
 *
 * @param {{ log: (line: string) => void }} options
 */
export async function ensureInstalled({ log }) {
  if (isInstalled(readText(join(projectFolder, 'package-lock.json')), readText(join(projectFolder, 'node_modules/.package-lock.json')))) return;
  log('Installing packages …');
  const failure = 'The packages could not be installed: look at the lines above; the network or a proxy setting is the usual cause.';
  await run(npmCommand(), ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], failure);
}

/**
 * Whether a tree holds every package of a lock file in its version. Optional packages may be missing: most are for other machines.
 *
 * @param {string | null} lock text of `package-lock.json`
 * @param {string | null} record text of `node_modules/.package-lock.json`, in which npm keeps what it has installed
 */
export function isInstalled(lock, record) {
  if (record === null || lock === null) return false;
  const installed = JSON.parse(record).packages;
  return Object.entries(JSON.parse(lock).packages).every(
    ([path, entry]) => path === '' || entry.optional === true || installed[path]?.version === entry.version,
  );
}

/**
 * Builds the web when its sources are not those of the last build.
 *
 * @param {{ log: (line: string) => void }} options
 */
export async function ensureBuilt({ log }) {
  const stamp = join(projectFolder, 'web/dist/.yilan-built');
  const files = [
    join(projectFolder, 'package-lock.json'),
    ...listFiles(join(projectFolder, 'web')),
    ...listFiles(join(projectFolder, 'server/contract')),
    ...listFiles(join(projectFolder, 'media/contract')),
  ];
  const wanted = hashFiles(files);
  if (readText(stamp) === wanted) return;
  log('Building the web application …');
  const vite = join(projectFolder, 'node_modules/vite/bin/vite.js');
  await run(
    findNode(),
    [vite, 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'],
    'The web application could not be built: look at the lines above.',
  );
  mkdirSync(join(projectFolder, 'web/dist'), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** @returns {string} */
function npmCommand() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm';
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} failure sentence when it does not end with 0
 */
async function run(command, args, failure) {
  const child = spawn(command, args, { cwd: projectFolder, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
  /** @type {number | null} */
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', (exitCode) => resolve(exitCode));
  });
  if (code !== 0) throw new LaunchError(failure);
}

/**
 * @param {string} folder
 * @returns {string[]} all files below it but the build and what is installed, sorted
 */
function listFiles(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => !/[\\/](dist|node_modules)([\\/]|$)/.test(relative(projectFolder, file)) && statSync(file).isFile())
    .sort();
}

/**
 * @param {readonly string[]} files
 * @returns {string} SHA-256 (hex) over names and contents
 */
function hashFiles(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${relative(projectFolder, file)}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} file
 * @returns {string | null}
 */
function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
