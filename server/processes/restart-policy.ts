/** How long to wait before a process that died is started again: pure. */

export interface RestartState {
  /** Short lives in a row. */
  readonly failures: number;
}

const firstDelayMs = 250;
const longestDelayMs = 10_000;
/** A process that lived so long has recovered; its next death is a new story. */
const stableMs = 30_000;

/** The delay before the next start, and the state to remember. A first death is answered almost at once. */
export function nextRestart(state: RestartState, livedMs: number): { readonly state: RestartState; readonly delayMs: number } {
  const failures = livedMs >= stableMs ? 1 : state.failures + 1;
  return { state: { failures }, delayMs: Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1)) };
}
