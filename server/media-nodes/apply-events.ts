/**
 * Applies the numbered events of a node exactly once: the last applied number is stored in the transaction of the
 * effects, so that a repeated event is recognised however either side died in between.
 */
import type { NumberedEvent } from '../../media/contract/link.ts';
import type { Changes } from '../audit/change.ts';
import { systemActor } from '../audit/change.ts';
import { isDatabaseUnavailable } from '../database/fault.ts';
import type { Log } from '../http/log.ts';
import type { NodeEventHandler } from './media-nodes.ts';
import { lockEventPosition, saveEventPosition } from './store.ts';

export interface ApplyOptions {
  readonly changes: Changes;
  readonly handlers: readonly NodeEventHandler[];
  readonly log: Log;
}

/** A run of a node. */
export interface NodeRun {
  readonly nodeId: string;
  readonly epoch: string;
}

/**
 * Applies what is new among `events` and returns the last number that needs no repetition.
 *
 * All of them share one transaction. When that fails they are tried one by one, and an event whose content is at fault is
 * logged and passed over: one recording the database refuses must not hold up every later event of the node.
 *
 * @throws the database's error when it cannot be reached; the node repeats the events after its next link-up.
 */
export async function applyNodeEvents(options: ApplyOptions, run: NodeRun, events: readonly NumberedEvent[]): Promise<number> {
  try {
    return await applyTogether(options, run, events);
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    return applyOneByOne(options, run, events);
  }
}

async function applyTogether(options: ApplyOptions, run: NodeRun, events: readonly NumberedEvent[]): Promise<number> {
  return options.changes.make(systemActor, async (change) => {
    const position = await lockEventPosition(change.tx, run.nodeId, run.epoch, change.at);
    let last = position;
    for (const event of events) {
      if (event.sequence <= last) continue;
      for (const handle of options.handlers) await handle(change, run.nodeId, event);
      last = event.sequence;
    }
    if (last > position) await saveEventPosition(change.tx, run.nodeId, run.epoch, last, change.at);
    return last;
  });
}

async function applyOneByOne(options: ApplyOptions, run: NodeRun, events: readonly NumberedEvent[]): Promise<number> {
  let last = 0;
  for (const event of events) {
    try {
      last = await applyTogether(options, run, [event]);
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      options.log.error({ err: error, nodeId: run.nodeId, sequence: event.sequence, kind: event.event.kind }, 'media-node.event-passed-over');
      last = await applyTogether({ ...options, handlers: [] }, run, [event]);
    }
  }
  return last;
}
