/** Processes below one of ours, read from /proc. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessEntry {
  readonly pid: number;
  readonly command: string;
}

/** All living descendants of a process. */
export function listDescendants(rootPid: number): ProcessEntry[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = readProcFile(pid, 'stat');
    // The name in brackets may hold spaces and brackets; state and parent follow the last one.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state !== undefined && state !== 'Z') parents.set(pid, Number(parent));
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === rootPid || (parent > 1 && isBelow(parent)));
  };
  return [...parents.keys()].filter(isBelow).map((pid) => ({ pid, command: readProcFile(pid, 'cmdline').replaceAll('\0', ' ') }));
}

/** The one descendant whose command line contains `words`. */
export function findDescendant(rootPid: number, words: string): ProcessEntry {
  const found = listDescendants(rootPid).find((entry) => entry.command.includes(words));
  if (found === undefined) throw new Error(`no process ${words} below ${rootPid}`);
  return found;
}

export function isAlive(pid: number): boolean {
  const stat = readProcFile(pid, 'stat');
  return stat !== '' && !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}

/** Empty when the process is gone. */
function readProcFile(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
