/**
 * A migrated database per test file: PGlite from a dump that is made once per set of migrations, or, with
 * `YILAN_TEST_DATABASE_URL`, a database of its own on a real PostgreSQL. Both are reached through the ordinary driver.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import postgres from 'postgres';
import { connectDatabase } from '../../server/database/connect.ts';
import type { DatabaseConnection } from '../../server/database/connect.ts';
import { loadMigrations, migrate } from '../../server/database/migrate.ts';

export interface TestDatabase extends DatabaseConnection {
  readonly url: string;
}

/** A fresh database; call `close()` when the file is done. Migrated unless `isMigrated` is false. */
export async function createTestDatabase(options: { readonly isMigrated?: boolean } = {}): Promise<TestDatabase> {
  const serverUrl = process.env['YILAN_TEST_DATABASE_URL'];
  const isMigrated = options.isMigrated ?? true;
  return serverUrl === undefined || serverUrl === '' ? createOnPglite(isMigrated) : createOnPostgres(serverUrl, isMigrated);
}

async function createOnPostgres(serverUrl: string, isMigrated: boolean): Promise<TestDatabase> {
  const name = `yilan_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const administration = postgres(serverUrl, { max: 1, onnotice: () => {} });
  await administration.unsafe(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  if (isMigrated) await migrate(url.href, await loadMigrations());
  const connection = await connectDatabase({ url: url.href, engine: 'postgresql', maxConnections: 6 });
  return {
    ...connection,
    url: url.href,
    async close() {
      await connection.close();
      await administration.unsafe(`drop database ${name} with (force)`);
      await administration.end({ timeout: 1 });
    },
  };
}

async function createOnPglite(isMigrated: boolean): Promise<TestDatabase> {
  const { pglite, server, url } = await openPglite(isMigrated ? await migratedDump() : null);
  const connection = await connectDatabase({ url, engine: 'pglite', maxConnections: 1 });
  return {
    ...connection,
    url,
    async close() {
      await connection.close();
      await server.stop();
      await pglite.close();
    },
  };
}

async function openPglite(dump: Uint8Array<ArrayBuffer> | null): Promise<{ pglite: PGlite; server: PGLiteSocketServer; url: string }> {
  const pglite = await PGlite.create(dump === null ? {} : { loadDataDir: new Blob([dump]) });
  const server = new PGLiteSocketServer({ db: pglite, port: 0, host: '127.0.0.1', maxConnections: 4 });
  await server.start();
  return { pglite, server, url: `postgres://postgres:postgres@${server.getServerConn()}/postgres` };
}

/** Kept between runs under a name that follows the migrations' contents; written aside and renamed, as test files run in parallel. */
async function migratedDump(): Promise<Uint8Array<ArrayBuffer>> {
  const migrations = await loadMigrations();
  const fingerprint = createHash('sha256')
    .update(migrations.map((migration) => migration.checksum).join())
    .digest('hex')
    .slice(0, 16);
  const folder = join(tmpdir(), 'yilan-test-database');
  const file = join(folder, `${fingerprint}.tar`);
  const existing = await readFile(file).catch(() => null);
  if (existing !== null) return new Uint8Array(existing);
  const { pglite, server, url } = await openPglite(null);
  await migrate(url, migrations);
  await server.stop();
  const dump = new Uint8Array(await (await pglite.dumpDataDir('none')).arrayBuffer());
  await pglite.close();
  await mkdir(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, dump);
  await rename(draft, file);
  return dump;
}
