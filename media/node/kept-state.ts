/**
 * The last desired state on the node's disk, so that a node that starts while its server is away serves and records all the same.
 *
 *     "YILAN-DS" · version 8 = 1 · nonce 96 · ciphertext · tag 128
 *
 * AES-256-GCM over the JSON, for it holds the cameras' passwords; the key comes from the node's key by HKDF (RFC 5869), so that the file
 * alone, such as in a backup, gives nothing away, and a file of another node does not open.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import type { DesiredState } from '../contract/streams.ts';
import { isDesiredState } from './desired-state-check.ts';

const MAGIC = Buffer.from('YILAN-DS\u0001', 'latin1');
const KEY_BYTES = 32;
/** The nonce length GCM is specified for (NIST SP 800-38D §8.2). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = MAGIC.length + NONCE_BYTES;
/** 2,000 streams take under 1 MB; what is larger is not ours. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** One file; written by one process at a time. */
export class KeptState {
  readonly #path: string;
  readonly #key: Buffer;
  readonly #log: Logger;
  #savedText = '';
  #nextText: string | null = null;
  #saving: Promise<void> | null = null;

  constructor(path: string, nodeKey: string, log: Logger) {
    this.#path = path;
    this.#key = Buffer.from(hkdfSync('sha256', nodeKey, '', 'yilan desired state', KEY_BYTES));
    this.#log = log;
  }

  /** The state as it was saved; null when there is none, or it is damaged or another node's, which is logged. */
  load(): DesiredState | null {
    const bytes = this.#read();
    if (bytes === null) return null;
    const outcome = this.#open(bytes);
    if (typeof outcome !== 'string') return outcome;
    this.#log.warn({ path: this.#path, detail: outcome }, 'kept-state.unusable');
    return null;
  }

  /** Saves soon; of states that come while one is being written the newest counts. A disk that fails is logged and costs nothing else. */
  save(state: DesiredState): void {
    const text = JSON.stringify(state);
    if (text === this.#savedText) return;
    this.#savedText = text;
    this.#nextText = text;
    this.#saving ??= this.#saveAll();
  }

  /** Resolves when nothing is left to be written. */
  async close(): Promise<void> {
    await this.#saving;
  }

  #read(): Buffer | null {
    try {
      const file = openSync(this.#path, 'r');
      try {
        const bytes = Buffer.alloc(Math.min(fstatSync(file).size, MAX_FILE_BYTES + 1));
        return bytes.subarray(0, readSync(file, bytes));
      } finally {
        closeSync(file);
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
        this.#log.warn({ path: this.#path, detail: error instanceof Error ? error.message : String(error) }, 'kept-state.unusable');
      }
      return null;
    }
  }

  /** The state, or a short reason. */
  #open(bytes: Buffer): DesiredState | string {
    if (bytes.length > MAX_FILE_BYTES || bytes.length < HEAD_BYTES + TAG_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
      return 'not a file of this version';
    }
    let text: string;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(MAGIC.length, HEAD_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(MAGIC).setAuthTag(bytes.subarray(-TAG_BYTES));
      text = decipher.update(bytes.subarray(HEAD_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return 'damaged, or sealed with the key of another node';
    }
    // Authenticated, so it was JSON once; but a newer or older program may have written it.
    const state: unknown = JSON.parse(text);
    return isDesiredState(state) ? state : 'its content is of another version';
  }

  async #saveAll(): Promise<void> {
    for (let text = this.#nextText; text !== null; text = this.#nextText) {
      this.#nextText = null;
      try {
        await this.#write(text);
      } catch (error) {
        // So that the same state is tried again with the next link-up.
        this.#savedText = '';
        this.#log.warn({ path: this.#path, detail: error instanceof Error ? error.message : String(error) }, 'kept-state.not-saved');
      }
    }
    this.#saving = null;
  }

  /** A file beside it, then renamed: whoever is killed in the middle leaves the old one whole. */
  async #write(text: string): Promise<void> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(MAGIC);
    const sealed = Buffer.concat([MAGIC, nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const file = await open(`${this.#path}.new`, 'w', 0o600);
    try {
      await file.writeFile(sealed);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${this.#path}.new`, this.#path);
  }
}
