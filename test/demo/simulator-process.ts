/** The simulator as a child process of the demo. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SimulatorConfigInput } from '../simulator/camera-config.ts';

export interface RunningSimulator {
  readonly rtspPort: number;
  readonly httpPort: number;
  /** In the order of the configuration. */
  readonly cameras: readonly { readonly mainUrl: string; readonly subUrl: string }[];
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('../simulator/main.ts', import.meta.url));

/** Starts it and waits until it listens. Rejects when it ends before that, such as for a taken port. */
export async function startSimulator(config: SimulatorConfigInput, options: { readonly log: number }): Promise<RunningSimulator> {
  const child = fork(program, [], {
    env: { ...process.env, YILAN_SIMULATOR_CONFIG: JSON.stringify(config) },
    stdio: ['ignore', 'pipe', options.log, 'ipc'],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  };
  if (child.stdout === null) throw new Error('the simulator has no output');
  const lines = createInterface({ input: child.stdout });
  const ready = await Promise.race([
    once(lines, 'line').then(([line]) => JSON.parse(String(line)) as { readonly rtspPort: number; readonly httpPort: number }),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the simulator ended with ${code}`))),
  ]);
  const answer = await fetch(`http://127.0.0.1:${ready.httpPort}/cameras`);
  const { cameras } = (await answer.json()) as {
    readonly cameras: readonly { readonly streams: { readonly main: { readonly url: string }; readonly sub: { readonly url: string } } }[];
  };
  return { ...ready, cameras: cameras.map(({ streams }) => ({ mainUrl: streams.main.url, subUrl: streams.sub.url })), stop };
}
