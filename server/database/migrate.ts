/**
 * Forward-only migrations: `migrations/NNNN_name.sql`, applied in order, each in a transaction of its own.
 *
 * An applied file never changes: its SHA-256 is stored beside its number and compared at every start, so that two
 * installations with the same number have the same schema. Servers that start together wait for one another.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type postgres from 'postgres';
import { openClient } from './client.ts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
  readonly sql: string;
}

/** The folder of this project's migrations. */
export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Advisory lock of the runner: the letters "yilan" as a number, so that nobody else's lock meets it. */
const migrationLock = 0x79_69_6c_61_6e;

const fileNamePattern = /^(\d{4})_([a-z0-9-]+)\.sql$/;

/** A migration that cannot be applied, in one sentence for the administrator. */
export class MigrationError extends Error {}

/**
 * Reads and orders the files of a folder.
 *
 * @throws {MigrationError} for a file name outside the pattern or a number used twice.
 */
export async function loadMigrations(folder: string = migrationsFolder): Promise<readonly Migration[]> {
  const migrations: Migration[] = [];
  for (const fileName of (await readdir(folder)).filter((entry) => entry.endsWith('.sql')).sort()) {
    const match = fileNamePattern.exec(fileName);
    if (match?.[1] === undefined || match[2] === undefined) {
      throw new MigrationError(`Migration ${fileName} is not named NNNN_name.sql.`);
    }
    const version = Number(match[1]);
    if (migrations.at(-1)?.version === version) throw new MigrationError(`Two migrations have the number ${match[1]}.`);
    const sql = await readFile(join(folder, fileName), 'utf8');
    migrations.push({ version, name: match[2], checksum: createHash('sha256').update(sql).digest('hex'), sql });
  }
  return migrations;
}

/**
 * Brings the database to the newest migration and returns the ones applied now. Safe to call from several processes.
 *
 * @throws {MigrationError} when an applied migration has changed or the database is newer than this program.
 */
export async function migrate(url: string, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const client = openClient(url, { max: 1, connect_timeout: 10 });
  const applied: Migration[] = [];
  try {
    for (;;) {
      const next = await client.begin(async (transaction) => applyNext(transaction, migrations));
      if (next === null) return applied;
      applied.push(next);
    }
  } finally {
    await client.end({ timeout: 3 });
  }
}

async function applyNext(transaction: postgres.TransactionSql, migrations: readonly Migration[]): Promise<Migration | null> {
  await transaction`select pg_advisory_xact_lock(${migrationLock})`;
  await transaction`
    create table if not exists schema_migrations (
      version integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`;
  const done = await transaction<{ version: number; name: string; checksum: string }[]>`
    select version, name, checksum from schema_migrations order by version`;
  const next = decideNext(done, migrations);
  if (next === null) return null;
  await transaction.unsafe(next.sql).simple();
  await transaction`insert into schema_migrations (version, name, checksum) values (${next.version}, ${next.name}, ${next.checksum})`;
  return next;
}

/**
 * The first migration that is missing in the database, or null when it is up to date. A migration numbered below the
 * newest applied one is still applied: parallel branches of work meet that way, and each file stands alone.
 *
 * @throws {MigrationError} as {@link migrate}.
 */
export function decideNext(
  done: readonly { readonly version: number; readonly name: string; readonly checksum: string }[],
  migrations: readonly Migration[],
): Migration | null {
  const known = new Map(migrations.map((migration) => [migration.version, migration]));
  for (const row of done) {
    const migration = known.get(row.version);
    const label = `${String(row.version).padStart(4, '0')}_${row.name}`;
    if (migration === undefined) {
      throw new MigrationError(`The database has migration ${label}, which this version of the program does not know: start the newer version.`);
    }
    if (migration.checksum !== row.checksum) {
      throw new MigrationError(`Migration ${label} was changed after it had been applied: add a new migration instead.`);
    }
  }
  const versions = new Set(done.map((row) => row.version));
  return migrations.find((migration) => !versions.has(migration.version)) ?? null;
}
