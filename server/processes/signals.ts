/** What ends a process from outside. */

/** Calls `end` once, for the first SIGINT or SIGTERM. Later ones are ignored: a terminal sends its own to the whole group. */
export function onEndSignal(end: (signal: NodeJS.Signals) => void): void {
  let isEnding = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isEnding) return;
      isEnding = true;
      end(signal);
    });
  }
}

/** Calls `end` when the process was forked and its parent is gone, even killed. */
export function endWithParent(end: () => void): void {
  if (process.connected) process.once('disconnect', end);
}
