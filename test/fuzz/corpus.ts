/**
 * Inputs on disk, `corpus/<target>/<name>`: good ones to begin with, `found-…` those that once failed. `corpus.test.ts` runs
 * them all.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'corpus');

/** One stored input. */
export interface CorpusEntry {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The inputs of a target in the order of their names. */
export function loadCorpus(target: string): readonly CorpusEntry[] {
  return readdirSync(join(folder, target))
    .toSorted()
    .map((name) => ({ name, bytes: readFileSync(join(folder, target, name)) }));
}

/** Keeps a failing input; returns its path. */
export function saveFound(target: string, bytes: Buffer): string {
  const path = join(folder, target, `found-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`);
  mkdirSync(join(folder, target), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}
