import { appendFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { RecordedFile } from '../../../media/contract/recordings.ts';
import { endOffsetOf } from '../../../media/recorder/file-index.ts';
import { openRecording, readFileIndex } from '../../../media/recorder/file-reader.ts';
import { scanRecordings } from '../../../media/recorder/scan.ts';
import { RecordedCamera } from '../../support/recorded-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function scan(directory: string, cameraId: string | null = null, openPaths: ReadonlySet<string> = new Set()): Promise<RecordedFile[]> {
  return Array.fromAsync(scanRecordings({ directory, cameraId, openPaths }));
}

async function indexOf(path: string) {
  const file = await openRecording(path);
  try {
    return await readFileIndex(file);
  } finally {
    await file.close();
  }
}

/** One closed file of 20 s. */
async function recordOne(directory: string, cameraId = 'gate') {
  const camera = new RecordedCamera(directory, cameraId, { audio: 'aac' });
  await camera.record(20);
  await camera.stop();
  const [file] = camera.files.values();
  if (file === undefined) throw new Error('nothing was recorded');
  return { file, absolutePath: join(directory, file.path) };
}

describe('scanRecordings', () => {
  it('finds what the recorder reported, camera by camera, oldest first', async () => {
    const directory = await temporaryFolder();
    const gate = new RecordedCamera(directory, 'gate');
    await gate.record(5);
    gate.feeder.interrupt();
    await gate.record(5);
    await gate.stop();
    const { file: other } = await recordOne(directory, 'yard');
    expect(await scan(directory)).toEqual([...gate.files.values(), other]);
    expect(await scan(directory, 'yard')).toEqual([other]);
    expect(await scan(directory, '../yard')).toEqual([]);
  });

  it('finds the same without the index at the end', async () => {
    const directory = await temporaryFolder();
    const { file, absolutePath } = await recordOne(directory);
    const index = await indexOf(absolutePath);
    if (index === null) throw new Error('no index');
    await truncate(absolutePath, endOffsetOf(index));
    expect(await indexOf(absolutePath)).toEqual(index);
    expect(await scan(directory)).toEqual([{ ...file, sizeBytes: endOffsetOf(index) }]);
  });

  it('ignores a torn last fragment, wherever it was torn', async () => {
    const directory = await temporaryFolder();
    const { file, absolutePath } = await recordOne(directory);
    const whole = await readFile(absolutePath);
    const index = await indexOf(absolutePath);
    const last = index?.fragments.at(-1);
    if (index === null || last === undefined) throw new Error('no index');
    const expectedToMs = file.toMs - last.durationTicks / 90;
    for (const cut of [1, 7, 8, 20, 31, 32, 40, 60, 100, 300, last.sizeBytes - 1]) {
      await writeFile(absolutePath, whole.subarray(0, last.offset + cut));
      expect((await scan(directory)).map((found) => found.toMs)).toEqual([expectedToMs]);
    }
  });

  it('passes over files with nothing in them, with other names, and folders of other people', async () => {
    const directory = await temporaryFolder();
    const { file, absolutePath } = await recordOne(directory);
    await writeFile(join(dirname(absolutePath), '20260101T000000.000Z.mp4'), '');
    await writeFile(join(dirname(absolutePath), 'holiday.mp4'), 'x');
    await writeFile(join(directory, 'readme.txt'), 'x');
    await mkdir(join(directory, 'lost+found'));
    expect(await scan(directory)).toEqual([file]);
  });

  it('tells which files are being written', async () => {
    const directory = await temporaryFolder();
    const camera = new RecordedCamera(directory, 'gate');
    await camera.record(10);
    await vi.waitFor(() => expect(camera.files.size).toBe(1));
    const [found] = await scan(directory, null, camera.store.openPaths);
    expect(found).toMatchObject({ isOpen: true });
    await camera.stop();
    expect(await scan(directory, null, camera.store.openPaths)).toEqual([...camera.files.values()]);
  });

  it('survives files that were changed by a failing disk', async () => {
    const directory = await temporaryFolder();
    const { absolutePath } = await recordOne(directory);
    const whole = await readFile(absolutePath);
    const changes = fc.array(fc.tuple(fc.oneof(fc.nat(2_000), fc.nat(whole.length - 1)), fc.nat(255)), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(changes, fc.oneof(fc.constant(0), fc.nat(whole.length)), async (changed, cutBytes) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changed) bytes[at] = value;
        await writeFile(absolutePath, bytes.subarray(0, bytes.length - cutBytes));
        for (const found of await scan(directory)) expect(found.sizeBytes).toBeLessThanOrEqual(bytes.length);
        await appendFile(absolutePath, bytes.subarray(0, 100));
        await scan(directory);
      }),
      { numRuns: 60 },
    );
  });
});
