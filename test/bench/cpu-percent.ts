/** What this process costs. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Percent of a core that this process used, system calls included, over the next `seconds`. */
export async function cpuPercent(seconds: number): Promise<number> {
  const before = process.cpuUsage();
  await sleep(seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e4 / seconds;
}
