/**
 * Connection to PostgreSQL or to the embedded database: the same driver and the same queries for both.
 *
 * drizzle replaces the driver's serializers for JSON and times on the client it is given, so raw queries through
 * `db.execute` see times as text and take JSON as text. The migration runner therefore brings a client of its own.
 */
import { drizzle } from 'drizzle-orm/postgres-js';
import type { PostgresJsDatabase, PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import { openClient } from './client.ts';

/** The database as stores see it: either the pool or a transaction. Every store function takes one as its first argument. */
export type Queryable = PgDatabase<PostgresJsQueryResultHKT>;

/** The pool. Never use it inside a transaction's callback: the embedded database has one connection, and it is taken. */
export type Database = PostgresJsDatabase;

export type DatabaseEngine = 'pglite' | 'postgresql';

export interface DatabaseConnection {
  readonly db: Database;
  readonly engine: DatabaseEngine;
  /** Server version as it reports itself, such as `15.6`. */
  readonly version: string;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly url: string;
  readonly engine: DatabaseEngine;
  readonly maxConnections: number;
}

/**
 * Opens the pool and asks one question, so that a wrong address fails here and not in the first request.
 *
 * The embedded database gets exactly one connection: its socket server hands the messages of several connections to one
 * session in turn, so the unnamed statements of two of them overwrite each other (measured: 127 of 500 parallel
 * queries failed with 8 connections, none with 1). It runs one query at a time anyway.
 *
 * @throws the driver's error when the database does not answer within 10 s.
 */
export async function connectDatabase(options: ConnectOptions): Promise<DatabaseConnection> {
  const client = openClient(options.url, {
    max: options.engine === 'pglite' ? 1 : options.maxConnections,
    connect_timeout: 10,
    connection: { application_name: 'yilan' },
  });
  try {
    const [row] = await client<{ version: string }[]>`select current_setting('server_version') as version`;
    return {
      db: drizzle(client),
      engine: options.engine,
      version: row?.version ?? 'unknown',
      close: () => client.end({ timeout: 3 }),
    };
  } catch (error) {
    await client.end({ timeout: 0 });
    throw error;
  }
}
