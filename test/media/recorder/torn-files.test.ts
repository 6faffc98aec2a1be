import { access, appendFile, copyFile, readFile, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeTornFile } from '../../../media/recorder/torn-files.ts';
import { scanRecordings } from '../../../media/recorder/scan.ts';
import { RecordedCamera } from '../../support/recorded-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const hourMs = 3_600_000;

/** A recorded file, last touched an hour ago. */
async function recordOne() {
  const directory = await temporaryFolder();
  const camera = new RecordedCamera(directory, 'gate');
  await camera.record(4);
  await camera.stop();
  const path = [...camera.files.keys()][0] ?? '';
  const absolutePath = join(directory, path);
  const age = async (): Promise<void> => utimes(absolutePath, new Date(Date.now() - hourMs), new Date(Date.now() - hourMs));
  const tornPaths = async (openPaths: ReadonlySet<string> = new Set()): Promise<string[]> => {
    const torn: string[] = [];
    const onTorn = async (each: string): Promise<void> => void torn.push(each);
    await Array.fromAsync(scanRecordings({ directory, cameraId: null, openPaths, onTorn }));
    return torn;
  };
  return { directory, path, absolutePath, age, tornPaths };
}

describe('torn files', () => {
  it.each([0, 300, 1_000, 3_000])('are found by the scan and removed when %i bytes are all there is', async (sizeBytes) => {
    const { directory, path, absolutePath, age, tornPaths } = await recordOne();
    await truncate(absolutePath, sizeBytes);
    await age();
    expect(await tornPaths()).toEqual([path]);
    expect(await removeTornFile(directory, path, Date.now())).toBe(true);
    await expect(access(absolutePath)).rejects.toThrow('ENOENT');
    expect(await removeTornFile(directory, path, Date.now())).toBe(false);
  });

  it('are left alone while they may be being written', async () => {
    const { directory, path, absolutePath, tornPaths } = await recordOne();
    await truncate(absolutePath, 300);
    expect(await tornPaths(new Set([path]))).toEqual([]);
    expect(await removeTornFile(directory, path, Date.now())).toBe(false);
    await access(absolutePath);
  });

  it('are not confused with a recording whose head a disk has spoilt', async () => {
    const { directory, path, absolutePath, age, tornPaths } = await recordOne();
    const bytes = await readFile(absolutePath);
    await writeFile(absolutePath, bytes.fill(0, 0, 200).subarray(0, -1));
    await age();
    expect(await tornPaths()).toEqual([path]);
    expect(await removeTornFile(directory, path, Date.now())).toBe(false);
    await access(absolutePath);
  });

  it('do not include what has one whole fragment, nor files with other names', async () => {
    const { absolutePath, tornPaths } = await recordOne();
    await copyFile(absolutePath, absolutePath.replace('.mp4', '.bak'));
    await appendFile(absolutePath, 'torn');
    expect(await tornPaths()).toEqual([]);
  });
});
