import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import postgres from 'postgres';
import { decideNext, loadMigrations, migrate, MigrationError } from '../../../server/database/migrate.ts';
import type { Migration } from '../../../server/database/migrate.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';

const first: Migration = { version: 1, name: 'first', checksum: 'a', sql: 'create table first (id integer)' };
const second: Migration = { version: 2, name: 'second', checksum: 'b', sql: 'create table second (id integer)' };

describe('decideNext', () => {
  it('takes migrations in order and stops when all are applied', () => {
    expect(decideNext([], [first, second])).toBe(first);
    expect(decideNext([first], [first, second])).toBe(second);
    expect(decideNext([first, second], [first, second])).toBeNull();
  });

  it('refuses a migration that changed after it had been applied', () => {
    expect(() => decideNext([{ ...first, checksum: 'other' }], [first])).toThrow(MigrationError);
  });

  it('refuses a database that is newer than the program', () => {
    expect(() => decideNext([first, second], [first])).toThrow(/0002_second/);
  });
});

describe('migrate', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ isMigrated: false });
  });
  afterAll(() => database.close());

  it('applies every migration once, whatever the number of runs', async () => {
    const migrations = await loadMigrations();
    const applied = await migrate(database.url, migrations);
    expect(applied.map((migration) => migration.version)).toEqual(migrations.map((migration) => migration.version));
    expect(await migrate(database.url, migrations)).toEqual([]);
  });

  it('leaves nothing of a migration that fails half-way', async () => {
    const migrations = await loadMigrations();
    const broken: Migration = { version: 9999, name: 'broken', checksum: 'x', sql: 'create table half (id integer); select no_such_function();' };
    await expect(migrate(database.url, [...migrations, broken])).rejects.toThrow(/no_such_function/);
    const client = postgres(database.url, { max: 1 });
    const [row] = await client<{ half: string | null }[]>`select to_regclass('half')::text as half`;
    await client.end();
    expect(row?.half).toBeNull();
    expect(await migrate(database.url, migrations)).toEqual([]);
  });
});
