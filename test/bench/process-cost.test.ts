import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { treeCpuMs, treeMemoryMb } from './process-cost.ts';

/** Starts a child that uses 100 ms and holds 60 MB, and tells when it has; it lives as long as its standard input. */
const parentProgram = `
  const { spawn } = require('node:child_process');
  const work = 'const held = Buffer.alloc(60e6, 1); while (process.cpuUsage().user < 100_000); console.log(held.length); process.stdin.resume().on("end", () => process.exit());';
  spawn(process.execPath, ['-e', work], { stdio: ['inherit', 'inherit', 'inherit'] });
`;

describe('cost of a process tree', () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  it('has the time and the memory of a child of a child', async () => {
    const parent = spawn(process.execPath, ['-e', parentProgram], { stdio: ['pipe', 'pipe', 'inherit'] });
    ends.push(async () => {
      const ended = once(parent, 'exit');
      parent.stdin.end();
      await ended;
    });
    await once(parent.stdout, 'data');
    const pid = parent.pid ?? 0;
    expect(treeCpuMs([pid])).toBeGreaterThanOrEqual(90);
    expect(treeMemoryMb([pid])).toBeGreaterThan(60);
  }, 60_000);

  it('is nothing for a process that is gone', () => {
    expect(treeCpuMs([2 ** 22 + 1])).toBe(0);
    expect(treeMemoryMb([2 ** 22 + 1])).toBe(0);
  });
});
