import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startSupervised } from '../../../server/launch/run-supervised.mjs';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A busy machine decides nothing. */
const patient = { timeout: 20_000 };

async function supervise(script: string) {
  const folder = await temporaryFolder();
  const module = join(folder, 'process.mjs');
  const diary = join(folder, 'diary');
  await writeFile(diary, '');
  await writeFile(
    module,
    `import { appendFileSync } from 'node:fs';\nconst note = (text) => appendFileSync(${JSON.stringify(diary)}, text + '\\n');\n${script}`,
  );
  const said: string[] = [];
  const supervised = startSupervised({ name: 'test', module, log: (line) => void said.push(line) });
  onTestFinished(async () => void (await supervised.stop()));
  const notes = async () => (await readFile(diary, 'utf8')).split('\n').filter((line) => line !== '');
  return { supervised, notes, said };
}

it('starts a process again when it is killed, and says so', async () => {
  const { notes, said } = await supervise(`note(String(process.pid)); setInterval(() => {}, 1000);`);
  await expect.poll(async () => (await notes()).length, patient).toBe(1);
  process.kill(Number((await notes())[0]), 'SIGKILL');
  await expect.poll(async () => (await notes()).length, patient).toBe(2);
  expect(said).toEqual(['The test ended (SIGKILL); starting it again in 250 ms.']);
});

it.each([0, 78])('is down for good after code %i', async (code) => {
  const { supervised, notes } = await supervise(`note('run'); process.exit(${code});`);
  expect(await supervised.ended).toBe(code);
  expect(await notes()).toEqual(['run']);
});

it('asks the process to end, and passes its code on', async () => {
  const { supervised, notes } = await supervise(
    `process.on('SIGTERM', () => { note('asked'); process.exit(0); }); note('run'); setInterval(() => {}, 1000);`,
  );
  await expect.poll(notes, patient).toEqual(['run']);
  expect(await supervised.stop()).toBe(0);
  expect(await notes()).toEqual(['run', 'asked']);
});
