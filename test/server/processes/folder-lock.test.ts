import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { lockFolder } from '../../../server/processes/folder-lock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const module = pathToFileURL(new URL('../../../server/processes/folder-lock.ts', import.meta.url).pathname).href;

it('belongs to one holder per folder and purpose', async () => {
  const folder = await temporaryFolder();
  const lock = await lockFolder(folder, 'server', 0);
  expect(lock).not.toBeNull();
  expect(await lockFolder(folder, 'server', 0)).toBeNull();
  expect(await lockFolder(join(folder, '..', folder.split('/').at(-1) ?? ''), 'server', 0)).toBeNull();
  const other = await lockFolder(folder, 'database', 0);
  expect(other).not.toBeNull();
  await other?.release();
  await lock?.release();
  const again = await lockFolder(folder, 'server', 0);
  expect(again).not.toBeNull();
  await again?.release();
});

it('is free at once when its holder is killed', async () => {
  const folder = await temporaryFolder();
  const script = join(folder, 'holder.mjs');
  await writeFile(
    script,
    `import { lockFolder } from ${JSON.stringify(module)};\nawait lockFolder(${JSON.stringify(folder)}, 'server', 0);\nprocess.send('held');\nsetInterval(() => {}, 1000);\n`,
  );
  const holder = fork(script, { execArgv: [] });
  await once(holder, 'message');
  expect(await lockFolder(folder, 'server', 0)).toBeNull();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const lock = await lockFolder(folder, 'server', 5_000);
  expect(lock).not.toBeNull();
  await lock?.release();
});
