// @ts-check
/** Runs a process, starts it again when it dies, and ends it when asked to. */
import { fork } from 'node:child_process';
import { findNode, projectFolder } from './install.mjs';

/**
 * Exit codes after which a restart is pointless: `exitCodes` of `server/processes/exit.ts`. The process has said why.
 */
export const finalExitCodes = new Set([65, 68, 69, 73, 74, 75, 78]);
const firstDelayMs = 250;
const longestDelayMs = 10_000;
/** A process that lived so long has recovered; its next death is a new story. */
const stableMs = 30_000;
/** The whole must be gone in 8 s. */
const graceMs = 7_000;

/**
 * @typedef {object} SupervisedOptions
 * @property {string} name for the log
 * @property {string} module file below the top of the repository
 * @property {readonly string[]} [args]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {(line: string) => void} log
 * @property {number} [output] file descriptor for its standard output and error; absent: the launcher's own
 */

/**
 * @typedef {object} Supervised
 * @property {Promise<number>} ended resolves to the exit code once the process is down for good
 * @property {() => Promise<number>} stop ends it, by force after a while
 */

/**
 * Starts the process. It gets an IPC channel: when this launcher is killed, the channel closes and the process ends itself.
 *
 * @param {SupervisedOptions} options
 * @returns {Supervised}
 */
export function startSupervised({ name, module, args = [], env = process.env, log, output }) {
  let failures = 0;
  let isStopping = false;
  /** @type {import('node:child_process').ChildProcess | null} */
  let child = null;
  /** @type {NodeJS.Timeout | undefined} */
  let restartTimer;
  /** @type {(exitCode: number) => void} */
  let finish = () => {};
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => {
    finish = resolve;
  });

  const start = () => {
    const startedMs = performance.now();
    child = fork(module, args, {
      cwd: projectFolder,
      env,
      execPath: findNode(),
      execArgv: [],
      stdio: ['ignore', output ?? 'inherit', output ?? 'inherit', 'ipc'],
    });
    child.once('exit', (exitCode, signal) => {
      child = null;
      if (isStopping || exitCode === 0 || (exitCode !== null && finalExitCodes.has(exitCode))) {
        finish(exitCode ?? 0);
        return;
      }
      failures = performance.now() - startedMs >= stableMs ? 1 : failures + 1;
      const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1));
      log(`The ${name} ended (${signal ?? `code ${exitCode}`}); starting it again in ${delayMs} ms.`);
      restartTimer = setTimeout(start, delayMs);
    });
  };
  start();

  const stop = async () => {
    isStopping = true;
    clearTimeout(restartTimer);
    if (child === null) finish(0);
    else {
      child.kill('SIGTERM');
      const running = child;
      setTimeout(() => running.kill('SIGKILL'), graceMs).unref();
    }
    return ended;
  };
  return { ended, stop };
}

/**
 * Runs the process until it is down for good or a signal asks for the end.
 *
 * @param {SupervisedOptions} options
 * @returns {Promise<number>} exit code for the launcher
 */
export async function runSupervised(options) {
  const supervised = startSupervised(options);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => void supervised.stop());
  return supervised.ended;
}
