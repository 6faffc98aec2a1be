/** Runs a target on one input, bounded in time: an endless loop ends as a failure like any other. */
import { createContext, Script } from 'node:vm';

import type { FuzzTarget } from './fuzz-target.ts';

/** A reader takes well under a millisecond; this is a machine that is busy with everything else. */
const MAX_RUN_MS = 2000;

/** Tells why an input failed, or null. */
export type BoundedRun = (input: Buffer) => string | null;

/** A runner for `target`. */
export function boundRuns(target: FuzzTarget): BoundedRun {
  let input: Buffer = Buffer.alloc(0);
  const context = createContext({ run: () => target.run(input) });
  // The timeout of a script holds for everything that it calls, and stops what never returns by itself.
  const script = new Script('run()');
  return (next) => {
    input = next;
    try {
      script.runInContext(context, { timeout: MAX_RUN_MS });
      return null;
    } catch (error) {
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
  };
}
