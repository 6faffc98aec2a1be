/** What processes cost, children included, read from /proc (Linux): CPU time and memory. */
import { readFileSync } from 'node:fs';
import { listDescendants } from '../support/process-tree.ts';

/** Of /proc/PID/stat: clock ticks are hundredths of a second on every Linux that Node runs on. */
const MS_PER_TICK = 10;
/** Fields of /proc/PID/stat behind the name in brackets (proc(5) counts from 1 with the pid, and the state is 3). */
const UTIME = 14 - 3;
const CSTIME = 17 - 3;

/** CPU time in milliseconds that a process and everything below it used so far, system calls and ended children included. */
export function treeCpuMs(rootPids: readonly number[]): number {
  return withDescendants(rootPids).reduce((sum, pid) => sum + ownCpuMs(pid), 0);
}

/** Memory in MB (10^6) of processes and everything below them: PSS, which counts pages that several share in parts. */
export function treeMemoryMb(rootPids: readonly number[]): number {
  return withDescendants(rootPids).reduce((sum, pid) => sum + proportionalMb(pid), 0);
}

/** Each process once. */
function withDescendants(rootPids: readonly number[]): number[] {
  return [...new Set(rootPids.flatMap((pid) => [pid, ...listDescendants(pid).map((entry) => entry.pid)]))];
}

/** Both times of the process and of its children that ended. */
function ownCpuMs(pid: number): number {
  const stat = readProcFile(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(UTIME, CSTIME + 1).reduce((sum, ticks) => sum + Number(ticks) * MS_PER_TICK, 0);
}

function proportionalMb(pid: number): number {
  const kibibytes = /^Pss:\s+(\d+) kB/m.exec(readProcFile(pid, 'smaps_rollup'))?.[1];
  return (Number(kibibytes ?? 0) * 1024) / 1e6;
}

/** Empty when the process is gone. */
function readProcFile(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
