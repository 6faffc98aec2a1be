/**
 * A child process of the server: started again when it dies, ended when the server ends.
 *
 * The child ends itself when its IPC channel closes, so that it never outlives a killed server. Signals of a terminal
 * reach the whole process group; the child leaves them to the server.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../clock/clock.ts';
import type { Log } from '../http/log.ts';
import { exitCodes, isFinal } from './exit.ts';
import { nextRestart } from './restart-policy.ts';
import type { RestartState } from './restart-policy.ts';

export interface ChildOptions {
  /** For the log. */
  readonly name: string;
  /** TypeScript file. */
  readonly module: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Log;
  /** Messages of the child, such as that it is ready. */
  readonly onMessage: (message: unknown) => void;
  /** The child ended with a code that makes a restart pointless; it has said why. */
  readonly onFinalExit: (exitCode: number) => void;
}

export interface SupervisedChild {
  /** Process id of the present run; null between two runs. */
  pid(): number | null;
  /** Ends the child, by force after a while, and stays down. */
  stop(): Promise<void>;
}

/** Time to end cleanly; the whole server has 8 s. */
const graceMs = 4_000;
/**
 * A child of a server that was killed closes its files before it gives up its ports. Its successor meets it when the server
 * is back at once, and tries so often: 8 s with the delays of the policy.
 */
const triesForPort = 6;

export function superviseChild(options: ChildOptions): SupervisedChild {
  const { name, clock, log } = options;
  let state: RestartState = { failures: 0 };
  let child: ChildProcess | null = null;
  let isStopped = false;
  let cancelRestart = (): void => {};

  const start = (): void => {
    const startedMs = clock.monotonicMs();
    const run = fork(options.module, options.args, { env: options.env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child = run;
    log.info({ child: name, childPid: run.pid }, 'child.started');
    run.on('message', options.onMessage);
    run.on('error', (error) => log.error({ child: name, err: error }, 'child.failed'));
    run.once('exit', (exitCode, signal) => {
      child = null;
      if (isStopped) return;
      const next = nextRestart(state, clock.monotonicMs() - startedMs);
      state = next.state;
      const mayPortBecomeFree = exitCode === exitCodes.portInUse && state.failures < triesForPort;
      if (isFinal(exitCode) && !mayPortBecomeFree) {
        log.error({ child: name, exitCode }, 'child.gave-up');
        options.onFinalExit(exitCode ?? 1);
        return;
      }
      log.error({ child: name, exitCode, signal, restartInMs: next.delayMs }, 'child.died');
      cancelRestart = clock.setTimer(next.delayMs, start);
    });
  };
  start();

  return {
    pid: () => child?.pid ?? null,
    async stop() {
      isStopped = true;
      cancelRestart();
      if (child !== null) await endChild(child);
    },
  };
}

async function endChild(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  if (child.exitCode !== null || child.signalCode !== null) return;
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}
