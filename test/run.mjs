// @ts-check
/**
 * `npm test`: installs what is missing (packages, and the programs that serve as peers), builds the pages, runs everything:
 * unit, integration, end to end. Plain JavaScript, because it runs before anything is installed.
 *
 *   npm test -- --only-database    only the suites that touch SQL, on the PostgreSQL of YILAN_TEST_DATABASE_URL
 *   npm test -- path …             only these
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { launch, LaunchError } from '../server/launch/exit-sentence.mjs';
import { checkNode, ensureBuilt, ensureInstalled, findNode, projectFolder } from '../server/launch/install.mjs';
import { ensurePrerequisites } from './prerequisites.mjs';

/** Suites with SQL in them; the rest does not know which database it runs on. */
const databaseSuites = ['test/server', 'test/integration/server'];

/** @param {string} line */
const log = (line) => void process.stdout.write(`${line}\n`);

await launch(async () => {
  checkNode();
  await ensureInstalled({ log });
  try {
    ensurePrerequisites(log);
  } catch (error) {
    throw new LaunchError(error instanceof Error ? error.message : String(error));
  }
  await ensureBuilt({ log });
  const args = process.argv.slice(2);
  if (!args.includes('--only-database')) return runVitest(args);
  if (!process.env['YILAN_TEST_DATABASE_URL'])
    throw new LaunchError('Set YILAN_TEST_DATABASE_URL to a PostgreSQL of your own, such as postgres://postgres@127.0.0.1:5432/test.');
  return runVitest(databaseSuites);
});

/**
 * @param {readonly string[]} filters
 * @returns {Promise<number>} exit code
 */
async function runVitest(filters) {
  const folder = mkdtempSync(join(tmpdir(), 'yilan-test-'));
  const report = join(folder, 'report.json');
  const node = findNode();
  const vitest = join(projectFolder, 'node_modules/vitest/vitest.mjs');
  const child = spawn(
    node,
    [vitest, 'run', '--config', 'test/vitest.config.ts', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters],
    {
      cwd: projectFolder,
      stdio: ['ignore', 'inherit', 'inherit'],
      // Whatever a test starts by the name `node` is this Node, too.
      env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` },
    },
  );
  /** @type {number} */
  const code = await new Promise((resolve) => child.once('exit', (exitCode) => resolve(exitCode ?? 1)));
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped, numTodoTests: todo } = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(folder, { recursive: true, force: true });
  log(`${passed} passed, ${failed} failed${skipped + todo > 0 ? `, ${skipped + todo} skipped` : ''}`);
  if (skipped + todo > 0) log('A test that does not run proves nothing: the run counts as failed.');
  return code !== 0 ? code : skipped + todo > 0 || passed === 0 ? 1 : 0;
}
