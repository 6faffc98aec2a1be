import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRecordingStore } from '../../../media/recorder/store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/silent-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const name = { cameraId: 'gate', role: 'main', fromMs: Date.UTC(2026, 4, 1) } as const;

async function start() {
  const directory = join(await temporaryFolder(), 'recordings');
  const clock = new FakeClock();
  return { directory, clock, store: createRecordingStore({ directory, clock, log: silentLog }) };
}

describe('RecordingStore', () => {
  it('appends all buffers in order, however many', async () => {
    const { directory, store } = await start();
    const file = await store.create(name);
    const buffers = Array.from({ length: 1_500 }, (_, index) => Buffer.from(`${index},`));
    await file.append(buffers);
    await file.append([Buffer.from('end')]);
    await file.close();
    expect(await readFile(join(directory, file.path), 'utf8')).toBe(`${buffers.join('')}end`);
    await store.close();
  });

  it('never opens a file that exists: a number is added', async () => {
    const { store } = await start();
    const files = [await store.create(name), await store.create(name)];
    expect(files.map((file) => file.path)).toEqual([
      'gate/main/2026-05-01/20260501T000000.000Z.mp4',
      'gate/main/2026-05-01/20260501T000000.000Z-2.mp4',
    ]);
    expect(store.openPaths.size).toBe(2);
    await store.close();
    expect(store.openPaths.size).toBe(0);
  });

  it('does not create the recordings folder again: its volume may not be mounted', async () => {
    const { directory, store } = await start();
    await rm(directory, { recursive: true });
    await expect(store.create(name)).rejects.toThrow('ENOENT');
    await expect(stat(directory)).rejects.toThrow('ENOENT');
    await store.close();
  });

  it('notices that a file is not where it was', async () => {
    const { directory, store } = await start();
    const file = await store.create(name);
    await file.verify();
    await rename(join(directory, file.path), join(directory, 'elsewhere.mp4'));
    await expect(file.verify()).rejects.toThrow('ENOENT');
    await writeFile(join(directory, file.path), 'another');
    await expect(file.verify()).rejects.toThrow('replaced');
    await store.close();
  });

  it('starts on a folder that cannot be made, and says why when something is to be written', async () => {
    const parent = await temporaryFolder();
    await writeFile(join(parent, 'recordings'), 'a file, not a folder');
    const store = createRecordingStore({ directory: join(parent, 'recordings'), clock: new FakeClock(), log: silentLog });
    await expect(store.create(name)).rejects.toThrow(/ENOTDIR|EEXIST/);
    await store.close();
  });

  it('syncs written files once, 10 s later, and has no timer while nothing is written', async () => {
    const { clock, store } = await start();
    const file = await store.create(name);
    expect(clock.timerCount).toBe(0);
    await file.append([Buffer.from('a')]);
    await file.append([Buffer.from('b')]);
    expect(clock.timerCount).toBe(1);
    clock.advance(10_000);
    expect(clock.timerCount).toBe(0);
    await file.close();
    await store.close();
  });
});
