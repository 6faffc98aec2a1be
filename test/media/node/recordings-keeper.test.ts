import pino from 'pino';
import { describe, expect, it } from 'vitest';
import type { NodeEvent } from '../../../media/contract/link.ts';
import type { RecordedFile } from '../../../media/contract/recordings.ts';
import { RecordingsKeeper } from '../../../media/node/recordings-keeper.ts';

function file(cameraId: string, fromMs: number, changes: Partial<RecordedFile> = {}): RecordedFile {
  return { path: `${cameraId}/${fromMs}.mp4`, cameraId, role: 'main', fromMs, toMs: fromMs + 10, sizeBytes: 1, isOpen: false, ...changes };
}

function setUp(onDisk: readonly RecordedFile[]) {
  const told: NodeEvent[] = [];
  let scans = 0;
  const keeper = new RecordingsKeeper({
    scan: async function* () {
      scans++;
      yield* onDisk;
    },
    tell: (event) => told.push(event),
    log: pino({ level: 'silent' }),
  });
  return { keeper, told, scanCount: () => scans };
}

describe('RecordingsKeeper', () => {
  it('tells one inventory per camera, in order of time, also for a camera without files', async () => {
    const { keeper, told, scanCount } = setUp([file('a', 200), file('a', 100), file('b', 50)]);
    await keeper.tellInventories(['a', 'c']);
    expect(told).toEqual([
      { kind: 'recording.inventory', inventory: { cameraId: 'a', files: [file('a', 100), file('a', 200)] } },
      { kind: 'recording.inventory', inventory: { cameraId: 'c', files: [] } },
      { kind: 'recording.inventory', inventory: { cameraId: 'b', files: [file('b', 50)] } },
    ]);
    await keeper.tellInventories([]);
    expect(scanCount()).toBe(1);
  });

  it('believes a recorder more than the scan', async () => {
    const open = file('a', 100, { isOpen: true, sizeBytes: 99 });
    const { keeper } = setUp([file('a', 100)]);
    keeper.onFile(open);
    await keeper.start();
    expect([...keeper.files()]).toEqual([open]);
  });

  it('tells of a deleted file once, and of one it never knew not at all', async () => {
    const { keeper, told } = setUp([file('a', 100)]);
    await keeper.start();
    keeper.onDeleted(file('a', 100), 'quota');
    keeper.onDeleted(file('a', 100), 'vanished');
    expect(told).toEqual([{ kind: 'recording.file-deleted', cameraId: 'a', path: 'a/100.mp4', cause: 'quota' }]);
  });
});
