/** The database of this installation, migrated: PostgreSQL when the settings name one, else the embedded one. */
import type { Settings } from '../../config/settings.ts';
import type { Clock } from '../clock/clock.ts';
import type { Log } from '../http/log.ts';
import { exitCodes, FatalError } from '../processes/exit.ts';
import { scheduleCheckpoints } from './checkpoints.ts';
import { connectDatabase } from './connect.ts';
import type { DatabaseConnection } from './connect.ts';
import { startEmbeddedDatabase } from './embedded.ts';
import { loadMigrations, migrate, MigrationError } from './migrate.ts';

export interface OpenOptions {
  readonly settings: Settings;
  /** Absolute. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The embedded database gave up for good while the server was running. */
  readonly onFinalExit: (exitCode: number) => void;
}

/** @throws {FatalError} when it cannot be reached or its schema is not ours. */
export async function openDatabase(options: OpenOptions): Promise<DatabaseConnection> {
  const { settings, log } = options;
  const { url, maxConnections } = settings.database;
  if (url !== null) {
    const connection = await prepare(url, () => connectDatabase({ url, engine: 'postgresql', maxConnections }), log);
    log.info({ engine: connection.engine, version: connection.version }, 'database.ready');
    return connection;
  }
  const embedded = await startEmbeddedDatabase(options);
  try {
    const connection = await prepare(embedded.url, () => connectDatabase({ url: embedded.url, engine: 'pglite', maxConnections: 1 }), log);
    log.info({ engine: connection.engine, version: connection.version }, 'database.ready');
    const endCheckpoints = scheduleCheckpoints({ db: connection.db, clock: options.clock, log });
    return {
      ...connection,
      async close() {
        endCheckpoints();
        await connection.close();
        await embedded.stop();
      },
    };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

async function prepare(url: string, connect: () => Promise<DatabaseConnection>, log: Log): Promise<DatabaseConnection> {
  try {
    const applied = await migrate(url, await loadMigrations());
    if (applied.length > 0) log.info({ migrations: applied.map((migration) => migration.version) }, 'database.migrated');
    return await connect();
  } catch (error) {
    if (error instanceof MigrationError) throw new FatalError(exitCodes.databaseUnusable, error.message);
    const reason = unreachableReason(error);
    if (reason === null) throw error;
    throw new FatalError(
      exitCodes.databaseUnreachable,
      `The database at ${hostOf(url)} cannot be used (${reason}): check DATABASE_URL and whether PostgreSQL runs.`,
    );
  }
}

/** Why no connection came about, or null when the fault lies elsewhere. */
function unreachableReason(error: unknown): string | null {
  if (error instanceof AggregateError) return unreachableReason(error.errors[0]);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // 28: wrong user or password, 3D: no such database, 08 and 57P: not accepting connections.
  if (/^(28|3D|08|57P)/.test(code)) return error instanceof Error ? error.message : code;
  return /^(CONNECT|ECONN|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOENT)/.test(code) ? code : null;
}

/** Address without user and password. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host || 'the embedded address' : 'the given address';
}
