import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../server/clock/clock.ts';
import { superviseChild } from '../../../server/processes/supervised-child.ts';
import type { SupervisedChild } from '../../../server/processes/supervised-child.ts';
import { silentLog } from '../../support/silent-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A busy machine decides nothing. */
const patient = { timeout: 20_000 };

interface Watched {
  readonly child: SupervisedChild;
  /** Process id of every run. */
  readonly runs: number[];
  readonly finals: number[];
}

async function watch(script: string): Promise<Watched> {
  const file = join(await temporaryFolder(), 'child.mjs');
  await writeFile(file, script);
  const runs: number[] = [];
  const finals: number[] = [];
  const child = superviseChild({
    name: 'test',
    module: file,
    args: [],
    env: process.env,
    clock: systemClock,
    log: silentLog,
    onMessage: (pid) => void runs.push(Number(pid)),
    onFinalExit: (code) => void finals.push(code),
  });
  onTestFinished(() => child.stop());
  return { child, runs, finals };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const living = `process.send(process.pid); process.on('disconnect', () => process.exit(0)); setInterval(() => {}, 1000);`;

it('starts a child again when it is killed, and ends it with the server', async () => {
  const { child, runs } = await watch(living);
  await expect.poll(() => runs.length, patient).toBe(1);
  process.kill(runs[0] ?? 0, 'SIGKILL');
  await expect.poll(() => runs.length, patient).toBe(2);
  expect(child.pid()).toBe(runs[1]);
  await child.stop();
  expect(runs.filter(isRunning)).toEqual([]);
  await child.stop();
});

it('ends by force a child that does not listen', async () => {
  const { child, runs } = await watch(`process.send(process.pid); process.on('disconnect', () => {}); setInterval(() => {}, 1000);`);
  await expect.poll(() => runs.length, patient).toBe(1);
  await child.stop();
  expect(runs.filter(isRunning)).toEqual([]);
});

it('does not repeat a start that cannot succeed', async () => {
  const { runs, finals } = await watch(`process.send(process.pid, () => process.exit(78));`);
  await expect.poll(() => finals, patient).toEqual([78]);
  expect(runs).toHaveLength(1);
});

it('gives a port time to become free', async () => {
  const { finals, runs } = await watch(`process.send(process.pid, () => process.exit(69));`);
  await expect.poll(() => finals, patient).toEqual([69]);
  expect(runs).toHaveLength(6);
});
