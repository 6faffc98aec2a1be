/** The machine that figures were measured on, and how much of it was free. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  readonly ffmpeg: string;
  readonly chromium: string;
  /** Mean number of running processes in the minute before. */
  readonly loadBefore: number;
}

/** Programs that are not there are `none`. */
export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    ffmpeg: versionOf('ffmpeg', ['-version'], /version (\S+)/),
    chromium: versionOf('/usr/bin/chromium', ['--version'], /Chromium (\S+)/),
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

/** Percent of all cores that is in use over the next `seconds`; asked while nothing is measured, it is what others take. */
export async function busyPercent(seconds: number): Promise<number> {
  const before = readCpuTicks();
  await sleep(seconds * 1000);
  const after = readCpuTicks();
  const total = after.total - before.total;
  return total === 0 ? 0 : Math.round(((total - (after.idle - before.idle)) / total) * 100);
}

/** First line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal (proc(5)). */
function readCpuTicks(): { readonly total: number; readonly idle: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const [, , , idle = 0, waiting = 0] = ticks;
  return { total: ticks.reduce((sum, value) => sum + value, 0), idle: idle + waiting };
}

function versionOf(program: string, args: readonly string[], pattern: RegExp): string {
  const { stdout } = spawnSync(program, args, { encoding: 'utf8' });
  return pattern.exec(stdout ?? '')?.[1] ?? 'none';
}
