import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DesiredState } from '../../../media/contract/streams.ts';
import { KeptState } from '../../../media/node/kept-state.ts';
import { desiredStream } from '../../support/clip-stream.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const state: DesiredState = {
  generation: 7,
  ticketKeys: [{ keyId: 'k', publicKeyX: 'x' }],
  streams: [desiredStream('gate', { credentials: { username: 'admin', password: 'geheim-42' }, recording: { retentionDays: 30 } })],
};

describe('KeptState', () => {
  let path: string;
  let lines: string[];

  function keeper(nodeKey = 'key-1', at = path): KeptState {
    return new KeptState(at, nodeKey, pino({ level: 'warn' }, { write: (line: string) => lines.push(line) }));
  }

  async function save(saved: DesiredState): Promise<void> {
    const kept = keeper();
    kept.save(saved);
    await kept.close();
  }

  beforeEach(async () => {
    path = join(await temporaryFolder(), 'below', 'desired-state');
    lines = [];
  });

  it('gives back what it was given, and knows nothing before', async () => {
    expect(keeper().load()).toBeNull();
    await save(state);
    expect(keeper().load()).toEqual(state);
    expect(lines).toEqual([]);
  });

  it('keeps passwords from whoever reads the file', async () => {
    await save(state);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const bytes = await readFile(path);
    for (const secret of ['geheim-42', 'admin', 'rtsp://']) expect(bytes.includes(secret)).toBe(false);
  });

  it('keeps the newest of several states that come at once', async () => {
    const kept = keeper();
    for (let generation = 1; generation <= 50; generation++) kept.save({ ...state, generation });
    await kept.close();
    expect(keeper().load()?.generation).toBe(50);
  });

  it('ignores with a line in the log what is damaged, cut, or of another node', async () => {
    await save(state);
    const whole = await readFile(path);
    expect(keeper('key-2').load()).toBeNull();
    for (const length of [0, 8, 20, 30, whole.length - 1]) {
      await writeFile(path, whole.subarray(0, length));
      expect(keeper().load(), `${length} bytes`).toBeNull();
    }
    for (const at of [0, 8, 9, 25, whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      await writeFile(path, damaged);
      expect(keeper().load(), `byte ${at}`).toBeNull();
    }
    expect(lines).toHaveLength(11);
    expect(lines.every((line) => line.includes('kept-state.unusable') && !line.includes('geheim'))).toBe(true);
  });

  it('ignores what another version of the program wrote', async () => {
    const later = { ...state, streams: [{ ...state.streams[0], transport: 'pigeon' }] };
    await save(later as unknown as DesiredState);
    expect(keeper().load()).toBeNull();
    expect(lines.join('')).toContain('another version');
  });

  it('costs only a line in the log when the disk fails, and tries the same state again', async () => {
    await mkdir(path, { recursive: true });
    const kept = keeper();
    kept.save(state);
    await kept.close();
    kept.save(state);
    await kept.close();
    expect(lines.filter((line) => line.includes('kept-state.not-saved'))).toHaveLength(2);
  });
});
