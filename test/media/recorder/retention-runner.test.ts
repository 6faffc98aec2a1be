import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecordedFile } from '../../../media/contract/recordings.ts';
import { createRetentionRunner } from '../../../media/recorder/retention-runner.ts';
import { RecordedCamera } from '../../support/recorded-folder.ts';
import { silentLog } from '../../support/silent-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const dayMs = 86_400_000;

/** A camera with two files, and a runner over what it reported. */
async function start(quotaBytes: number) {
  const directory = await temporaryFolder();
  const camera = new RecordedCamera(directory, 'gate');
  await camera.record(4);
  camera.feeder.interrupt();
  await camera.record(4);
  await camera.stop();
  const deleted: string[] = [];
  const runner = createRetentionRunner({
    directory,
    clock: camera.clock,
    quotaBytes,
    files: () => camera.files.values(),
    retentionDays: () => 1,
    onDeleted: (file: RecordedFile, cause) => {
      camera.files.delete(file.path);
      deleted.push(cause);
    },
    log: silentLog,
  });
  return { directory, camera, deleted, runner };
}

describe('RetentionRunner', () => {
  it('deletes what is too old, and the folder of the day with its last file', async () => {
    const { directory, camera, deleted, runner } = await start(1e12);
    await runner.runNow();
    expect(deleted).toEqual([]);
    camera.clock.jumpWallClock(2 * dayMs);
    await runner.runNow();
    expect(deleted).toEqual(['retention', 'retention']);
    expect(await readdir(join(directory, 'gate', 'main'))).toEqual([]);
    await runner.stop();
  });

  it('deletes the oldest when the quota is exceeded', async () => {
    const { camera, deleted, runner } = await start(200_000);
    const usedBytes = [...camera.files.values()].reduce((sum, file) => sum + file.sizeBytes, 0);
    expect(usedBytes).toBeGreaterThan(200_000);
    const [, newer] = [...camera.files.keys()];
    // Long enough for nobody to expect more of the camera.
    camera.clock.jumpWallClock(60_000);
    await runner.runNow();
    expect(deleted).toEqual(['quota']);
    expect([...camera.files.keys()]).toEqual([newer]);
    expect(await runner.observe()).toMatchObject({ usedBytes: camera.files.get(newer ?? '')?.sizeBytes, quotaBytes: 200_000, fault: null });
    await runner.stop();
  });

  it('tells of files that somebody else deleted', async () => {
    const { directory, camera, deleted, runner } = await start(1e12);
    const [oldest] = camera.files.keys();
    await rm(join(directory, oldest ?? ''));
    camera.clock.jumpWallClock(2 * dayMs);
    await runner.runNow();
    expect(deleted).toEqual(['vanished', 'retention']);
    await runner.stop();
  });

  it('deletes all the others when one file cannot be deleted, and says so', async () => {
    const { directory, camera, deleted, runner } = await start(1e12);
    const [oldest = ''] = camera.files.keys();
    // A folder in place of the file: nobody unlinks that.
    await rm(join(directory, oldest));
    await mkdir(join(directory, oldest));
    camera.clock.jumpWallClock(2 * dayMs);
    await expect(runner.runNow()).rejects.toThrow(oldest);
    expect(deleted).toEqual(['retention']);
    expect([...camera.files.keys()]).toEqual([oldest]);
    await runner.stop();
  });

  it('runs once a minute until it is stopped', async () => {
    const { camera, deleted, runner } = await start(1e12);
    camera.clock.jumpWallClock(2 * dayMs);
    camera.clock.advance(60_000);
    await runner.runNow();
    expect(deleted).toEqual(['retention', 'retention']);
    await runner.stop();
    expect(camera.clock.timerCount).toBeLessThanOrEqual(1);
    camera.clock.advance(120_000);
    expect(camera.clock.timerCount).toBe(0);
  });

  it('says what is wrong with the volume', async () => {
    const { directory, runner } = await start(1e12);
    await rm(directory, { recursive: true });
    expect((await runner.observe()).fault).toMatch(/^ENOENT/);
    await expect(runner.runNow()).rejects.toThrow('ENOENT');
    await runner.stop();
  });
});
