import { glob } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';

const serverFolder = fileURLToPath(new URL('../../../server', import.meta.url));

/** Every table that a `server/<domain>/schema.ts` exports. */
async function loadTables(): Promise<readonly PgTable[]> {
  const tables: PgTable[] = [];
  for await (const file of glob('*/schema.ts', { cwd: serverFolder })) {
    const exports = (await import(pathToFileURL(`${serverFolder}/${file}`).href)) as Record<string, unknown>;
    tables.push(...Object.values(exports).filter((value) => value instanceof PgTable));
  }
  return tables;
}

/** `timestamp (3) with time zone` and `timestamp with time zone` name one type. */
function typeFamily(type: string): string {
  return type.replace(/\s*\(.*?\)/g, '').trim();
}

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

it('describes the columns that the migrations make, no more and no fewer', async () => {
  const declared = new Map(
    (await loadTables()).map((table) => {
      const config = getTableConfig(table);
      return [
        config.name,
        config.columns.map((column) => `${column.name} ${typeFamily(column.getSQLType())}${column.notNull ? ' not null' : ''}`).sort(),
      ];
    }),
  );
  const rows = await database.db.execute<{ table_name: string; column_name: string; type: string; is_nullable: string }>(sql`
    select c.relname as table_name, a.attname as column_name, format_type(a.atttypid, a.atttypmod) as type,
           case when a.attnotnull then 'NO' else 'YES' end as is_nullable
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and c.relname <> 'schema_migrations'
    order by 1, 2`);
  const actual = new Map<string, string[]>();
  for (const row of rows) {
    const columns = actual.get(row.table_name) ?? [];
    columns.push(`${row.column_name} ${typeFamily(row.type)}${row.is_nullable === 'NO' ? ' not null' : ''}`);
    actual.set(
      row.table_name,
      columns.toSorted((a, b) => (a < b ? -1 : 1)),
    );
  }
  expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(actual));
});
