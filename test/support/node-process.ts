/** A media node as a process of its own, started the way the server starts it. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CertificateFiles } from '../../media/node/certificate.ts';

export interface NodeProcessOptions {
  readonly serverUrl: string;
  /** Kept between two processes to see a restart; a new folder without. */
  readonly dataDir?: string;
  readonly mediaPort?: number;
  readonly webRtcPort?: number;
  /** TLS on the media port. */
  readonly certificate?: CertificateFiles;
  /** Threads that pull cameras; the default of the machine without. */
  readonly ingestWorkers?: number;
  /** Further variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

export class NodeProcess {
  readonly dataDir: string;
  readonly lines: LogLine[] = [];
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;

  constructor(options: NodeProcessOptions) {
    this.dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'yilan-node-'));
    this.#child = fork(new URL('../../media/main.ts', import.meta.url), {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: {
        PATH: process.env['PATH'],
        YILAN_SERVER_URL: options.serverUrl,
        YILAN_NODE_KEY: 'secret',
        YILAN_DATA_DIR: this.dataDir,
        YILAN_MEDIA_PORT: String(options.mediaPort ?? 0),
        YILAN_WEBRTC_PORT: String(options.webRtcPort ?? 0),
        YILAN_MEDIA_CERTIFICATE: options.certificate?.certificateFile,
        YILAN_MEDIA_KEY: options.certificate?.keyFile,
        YILAN_INGEST_WORKERS: String(options.ingestWorkers ?? ''),
        ...options.env,
      },
    });
    this.#exited = new Promise((resolve) => this.#child.once('exit', (code) => resolve(code)));
    if (this.#child.stdout !== null) createInterface(this.#child.stdout).on('line', (line) => this.lines.push(parseLine(line)));
  }

  /** Exit code; null after a signal. */
  get exited(): Promise<number | null> {
    return this.#exited;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** What the death of a parent looks like from within. */
  disconnect(): void {
    this.#child.disconnect();
  }

  /** Ends the process for good and removes its folder. */
  async remove(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

function parseLine(line: string): LogLine {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : { text: line };
  } catch {
    return { text: line };
  }
}
