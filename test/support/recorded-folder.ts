/** Records clips of the simulator into a real folder, with a fake clock. */
import type { RecordedFile } from '../../media/contract/recordings.ts';
import { createRecorder } from '../../media/recorder/recorder.ts';
import type { Recorder, RecordingStore, WritableRecording } from '../../media/recorder/recorder-contract.ts';
import { createRecordingStore } from '../../media/recorder/store.ts';
import { FakeClock } from './fake-clock.ts';
import { FrameFeeder } from './frame-feeder.ts';
import type { FrameFeederOptions } from './frame-feeder.ts';
import { silentLog } from './silent-log.ts';

/** A camera that is being recorded. */
export class RecordedCamera {
  readonly clock: FakeClock;
  readonly feeder: FrameFeeder;
  readonly store: RecordingStore;
  readonly recorder: Recorder;
  /** Last report per path. */
  readonly files = new Map<string, RecordedFile>();

  /** Disk operations in progress. */
  #operations = 0;

  constructor(directory: string, cameraId: string, options: Partial<FrameFeederOptions> = {}) {
    this.clock = options.clock ?? new FakeClock();
    this.feeder = new FrameFeeder({ ...options, clock: this.clock });
    this.store = createRecordingStore({ directory, clock: this.clock, log: silentLog });
    this.recorder = createRecorder({
      store: {
        directory,
        openPaths: new Set(),
        create: async (name) => this.#counted(await this.#count(this.store.create(name))),
        close: () => this.store.close(),
      },
      cameraId,
      role: 'main',
      clock: this.clock,
      onFile: (file) => this.files.set(file.path, file),
      onFault: () => {},
      log: silentLog,
    });
    this.feeder.addSink(this.recorder);
  }

  /** Seconds of the clip; all of it but the fragment being collected is on disk afterwards. */
  async record(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      this.feeder.feed(Math.min(1, seconds - second));
      await this.#written();
    }
  }

  async stop(): Promise<void> {
    await this.recorder.close();
    await this.store.close();
  }

  /** Waits until the recorder has nothing to do with the disk: between two of its operations lie microtasks only. */
  async #written(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.#operations > 0);
  }

  #counted(file: WritableRecording): WritableRecording {
    return {
      path: file.path,
      append: (buffers) => this.#count(file.append(buffers)),
      verify: () => this.#count(file.verify()),
      close: () => this.#count(file.close()),
      discard: () => this.#count(file.discard()),
    };
  }

  async #count<Result>(operation: Promise<Result>): Promise<Result> {
    this.#operations++;
    try {
      return await operation;
    } finally {
      this.#operations--;
    }
  }
}
