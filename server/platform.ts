/** What the platform offers to the domain folders. `main.ts` makes it once and hands it to each module. */
import type { Settings } from '../config/settings.ts';
import type { Changes } from './audit/change.ts';
import type { Clock } from './clock/clock.ts';
import type { Database } from './database/connect.ts';
import type { Log } from './http/log.ts';
import type { Route } from './http/route.ts';
import type { DesiredStateSource, MediaNodes, NodeEventHandler } from './media-nodes/media-nodes.ts';
import type { RealtimeOutbox } from './realtime/outbox.ts';

export interface Platform {
  readonly settings: Settings;
  readonly log: Log;
  readonly clock: Clock;
  readonly db: Database;
  /** For everything that changes state. */
  readonly changes: Changes;
  /** For frequent events outside of a change: `outbox.announceSoon`. */
  readonly outbox: RealtimeOutbox;
  readonly mediaNodes: MediaNodes;
}

/** What a domain folder gives back. */
export interface DomainModule {
  readonly routes: readonly Route[];
  /** Effects of nodes' events, applied exactly once. */
  readonly nodeEvents?: NodeEventHandler;
  /** The cameras' module: what each node shall serve. */
  readonly desiredStateSource?: DesiredStateSource;
  /** Called once the database is migrated, before anybody is served. */
  start?(): Promise<void>;
  stop?(): Promise<void>;
}
