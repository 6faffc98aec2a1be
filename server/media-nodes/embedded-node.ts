/** Starts the media node of this machine as a child, over the same link that a distant node uses. */
import { fileURLToPath } from 'node:url';
import type { Clock } from '../clock/clock.ts';
import type { Log } from '../http/log.ts';
import { superviseChild } from '../processes/supervised-child.ts';
import type { SupervisedChild } from '../processes/supervised-child.ts';

export interface EmbeddedNodeOptions {
  /** Where the node dials. */
  readonly serverUrl: string;
  readonly nodeKey: string;
  /** The node reads the same settings as the server from it. */
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Log;
  readonly onFinalExit: (exitCode: number) => void;
}

export function startEmbeddedNode(options: EmbeddedNodeOptions): SupervisedChild {
  const { serverUrl, nodeKey, env, clock, log, onFinalExit } = options;
  return superviseChild({
    name: 'media',
    module: fileURLToPath(new URL('../../media/main.ts', import.meta.url)),
    args: [],
    env: { ...env, YILAN_SERVER_URL: serverUrl, YILAN_NODE_KEY: nodeKey },
    clock,
    log,
    onMessage: () => {},
    onFinalExit,
  });
}
