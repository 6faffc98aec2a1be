/**
 * Applies the numbered events of a node exactly once: the last applied number is stored in the transaction of the
 * effects, so that a repeated event is recognised however either side died in between.
 */
import type { Changes } from '../audit/change.ts';
import { systemActor } from '../audit/change.ts';
import { isDatabaseUnavailable } from '../database/fault.ts';
import type { Log } from '../http/log.ts';
import type { NodeEventHandler } from './media-nodes.ts';
import type { ReceivedEvent } from './messages.ts';
import { lockEventPosition, saveEventPosition } from './store.ts';

export interface ApplyOptions {
  readonly changes: Changes;
  readonly handlers: readonly NodeEventHandler[];
  readonly log: Log;
  /** An event was acknowledged without being applied; called once for each, after the commit. */
  readonly onSetAside: () => void;
}

/** A run of a node. */
export interface NodeRun {
  readonly nodeId: string;
  readonly epoch: string;
}

/**
 * Applies what is new among `events` and returns the last number that needs no repetition.
 *
 * All of them share one transaction. When that fails they are tried one by one. An event whose content is at fault, for the
 * schema or for the database, is logged and set aside: it must not hold up every later event of the node.
 *
 * @throws the database's error when it cannot be reached; the node repeats the events after its next link-up.
 */
export async function applyNodeEvents(options: ApplyOptions, run: NodeRun, events: readonly ReceivedEvent[]): Promise<number> {
  try {
    return await applyTogether(options, run, events);
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    return applyOneByOne(options, run, events);
  }
}

async function applyTogether(options: ApplyOptions, run: NodeRun, events: readonly ReceivedEvent[]): Promise<number> {
  const refused: (ReceivedEvent & { readonly fault: string })[] = [];
  const last = await options.changes.make(systemActor, async (change) => {
    const position = await lockEventPosition(change.tx, run.nodeId, run.epoch, change.at);
    let newest = position;
    for (const event of events) {
      if (event.sequence <= newest) continue;
      if ('fault' in event) refused.push(event);
      else for (const handle of options.handlers) await handle(change, run.nodeId, event);
      newest = event.sequence;
    }
    if (newest > position) await saveEventPosition(change.tx, run.nodeId, run.epoch, newest, change.at);
    return newest;
  });
  for (const { sequence, fault } of refused) setAside(options, run, { sequence, fault });
  return last;
}

async function applyOneByOne(options: ApplyOptions, run: NodeRun, events: readonly ReceivedEvent[]): Promise<number> {
  let last = 0;
  for (const event of events) {
    try {
      last = await applyTogether(options, run, [event]);
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      last = await applyTogether({ ...options, handlers: [] }, run, [event]);
      setAside(options, run, { sequence: event.sequence, kind: 'event' in event ? event.event.kind : undefined, err: error });
    }
  }
  return last;
}

/** Without the event itself: the answers of a broken or hostile node may be megabytes. */
function setAside(options: ApplyOptions, run: NodeRun, fields: { readonly sequence: number } & Record<string, unknown>): void {
  options.log.error({ nodeId: run.nodeId, epoch: run.epoch, ...fields }, 'media-node.event-set-aside');
  options.onSetAside();
}
