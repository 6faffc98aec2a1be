/** Many viewers in a process of their own. */
import { fork, type ChildProcess } from 'node:child_process';
import type { FromChild, ToChild, ViewerCount } from './whep-peers-child.ts';

export class WhepPeers {
  readonly #child: ChildProcess;
  readonly #answer: (viewer: number, offerSdp: string) => Promise<string>;
  #opened = 0;
  #onCounts: ((viewers: readonly ViewerCount[]) => void) | null = null;
  #onClosed: (() => void) | null = null;
  /** The first offer that was not answered. */
  failure: unknown = null;

  /** `answer` exchanges the descriptions of viewer number so-and-so. */
  constructor(answer: (viewer: number, offerSdp: string) => Promise<string>) {
    this.#answer = answer;
    this.#child = fork(new URL('whep-peers-child.ts', import.meta.url));
    this.#child.on('message', (message: FromChild) => this.#onMessage(message));
  }

  /** Adds `count` viewers; they connect by themselves. */
  open(count: number): void {
    for (let index = 0; index < count; index++) this.#tell({ kind: 'open', viewer: this.#opened++ });
  }

  counts(): Promise<readonly ViewerCount[]> {
    return new Promise((resolve) => {
      this.#onCounts = resolve;
      this.#tell({ kind: 'count' });
    });
  }

  /** All hang up. */
  closeAll(): Promise<void> {
    return new Promise((resolve) => {
      this.#onClosed = resolve;
      this.#tell({ kind: 'close' });
    });
  }

  async end(): Promise<void> {
    const exited = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.kill('SIGKILL');
    await exited;
  }

  #tell(message: ToChild): void {
    this.#child.send(message);
  }

  #onMessage(message: FromChild): void {
    switch (message.kind) {
      case 'offer':
        this.#answer(message.viewer, message.sdp).then(
          (sdp) => this.#tell({ kind: 'answer', viewer: message.viewer, sdp }),
          (error: unknown) => (this.failure ??= error),
        );
        return;
      case 'counts':
        this.#onCounts?.(message.viewers);
        return;
      case 'closed':
        this.#onClosed?.();
    }
  }
}
