/** Which recorders cannot write at the moment, summed up for the snapshot of the storage. */
import type { RecordingFault } from '../recorder/recorder-contract.ts';
import type { StreamKey } from './convergence.ts';

/** Faults by stream. A full disk hits all of them with the same words. */
export class RecordingFaults {
  readonly #faults = new Map<StreamKey, RecordingFault>();

  set(key: StreamKey, fault: RecordingFault | null): void {
    if (fault === null) this.#faults.delete(key);
    else this.#faults.set(key, fault);
  }

  /**
   * The longest lasting fault in words, with the number of streams it stands for; null while all write. Of streams that
   * are no longer recorded (`isRecorded`) the fault is forgotten: nobody will say that it is over.
   */
  current(isRecorded: (key: StreamKey) => boolean): string | null {
    let oldest: RecordingFault | null = null;
    for (const [key, fault] of this.#faults) {
      if (!isRecorded(key)) this.#faults.delete(key);
      else if (oldest === null || fault.sinceMs < oldest.sinceMs) oldest = fault;
    }
    if (oldest === null) return null;
    return this.#faults.size === 1 ? oldest.detail : `${oldest.detail} (${this.#faults.size} streams)`;
  }
}
