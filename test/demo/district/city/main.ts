/**
 * Rewrites the base map and the demo's sites: `node test/demo/district/city/main.ts`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { composeFiles } from './files.ts';

const root = resolve(import.meta.dirname, '../../../..');
for (const [path, content] of composeFiles()) {
  await mkdir(dirname(resolve(root, path)), { recursive: true });
  await writeFile(resolve(root, path), content);
  process.stdout.write(`${path}: ${Math.round(content.length / 1024)} kB\n`);
}
