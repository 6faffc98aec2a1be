/** Carries retention out: deletes files, measures the volume. */
import { rmdir, statfs, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObservedStorage } from '../contract/streams.ts';
import type { RetentionRunner, RetentionRunnerOptions } from './recorder-contract.ts';
import { decideDeletions } from './retention.ts';

/** With a file per camera and ten minutes a minute is soon enough. */
const usualRunEveryMs = 60_000;

/** A run takes a while, on a busy machine a timer is late, and bitrates rise. */
const lateness = 1.25;

/** The quota never takes more of the volume: file systems become slow, and other programs fail, when it is full. */
const maxVolumeShare = 0.9;

/** See {@link RetentionRunner}. The first run is one interval away: by then the inventory is known. */
export function createRetentionRunner(options: RetentionRunnerOptions): RetentionRunner {
  let cancelTimer: (() => void) | null = null;
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;

  const schedule = (): void => {
    if (isStopped) return;
    cancelTimer = options.clock.setTimer(options.runEveryMs ?? usualRunEveryMs, () => {
      runNow()
        .catch((error: unknown) => options.log.error({ error }, 'recordings.retention-failed'))
        .finally(schedule);
    });
  };

  const runNow = (): Promise<void> => {
    const next = running.then(() => deleteWhatMustGo(options));
    running = next.catch(() => undefined);
    return next;
  };

  schedule();
  return {
    runNow,
    observe: () => observeStorage(options),
    async stop() {
      isStopped = true;
      cancelTimer?.();
      await running;
    },
  };
}

async function deleteWhatMustGo(options: RetentionRunnerOptions): Promise<void> {
  const volume = await statfs(options.directory);
  const deletions = decideDeletions({
    files: options.files(),
    nowMs: options.clock.wallClockMs(),
    quotaBytes: effectiveQuotaBytes(options.quotaBytes, volume.blocks * volume.bsize),
    retentionDays: options.retentionDays,
    aheadMs: (options.runEveryMs ?? usualRunEveryMs) * lateness,
  });
  const failures: Error[] = [];
  for (const { file, cause } of deletions) {
    const absolutePath = join(options.directory, file.path);
    try {
      await unlink(absolutePath);
      options.onDeleted(file, cause);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') {
        options.onDeleted(file, 'vanished');
      } else {
        // One file that may not be deleted must not keep all the others, and fill the disk.
        failures.push(new Error(`${file.path} cannot be deleted`, { cause: error }));
        continue;
      }
    }
    // The day's folder goes with its last file; until then this fails, as it should.
    await rmdir(dirname(absolutePath)).catch(() => undefined);
  }
  if (deletions.length > failures.length) options.log.info({ files: deletions.length - failures.length }, 'recordings.deleted');
  const [failure] = failures;
  if (failure !== undefined) throw failure;
}

async function observeStorage(options: RetentionRunnerOptions): Promise<ObservedStorage> {
  let usedBytes = 0;
  for (const file of options.files()) usedBytes += file.sizeBytes;
  try {
    const volume = await statfs(options.directory);
    const quotaBytes = effectiveQuotaBytes(options.quotaBytes, volume.blocks * volume.bsize);
    return { usedBytes, quotaBytes, freeBytes: volume.bavail * volume.bsize, fault: null };
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { usedBytes, quotaBytes: options.quotaBytes, freeBytes: 0, fault };
  }
}

function effectiveQuotaBytes(quotaBytes: number, volumeBytes: number): number {
  return Math.min(quotaBytes, Math.floor(volumeBytes * maxVolumeShare));
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
