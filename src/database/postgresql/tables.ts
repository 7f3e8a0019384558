/** Facts about a table from PostgreSQL's catalog. */
import type { EntityManager } from '@mikro-orm/sql';
import type { TableFacts } from '../engine.ts';
import { quoteTable } from './metadata.ts';

export async function postgresqlTableFacts(em: EntityManager, table: string): Promise<TableFacts> {
  const columns = await em.execute<{ name: string; type: string; triggered: boolean }[]>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
       c.relhasrules or exists (select 1 from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal) as triggered
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.oid = to_regclass(?)`,
    [quoteTable(table)],
  );
  return {
    hasTriggers: columns.some(({ triggered }) => triggered),
    columnTypes: new Map(columns.map(({ name, type }) => [name, type])),
  };
}

export async function postgresqlCheckedColumns(
  em: EntityManager,
  table: string,
  check: string,
): Promise<readonly string[]> {
  const columns = await em.execute<{ name: string }[]>(
    `select a.attname as name
     from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
     where c.conrelid = to_regclass(?) and c.conname = ?`,
    [quoteTable(table), check],
  );
  return columns.map(({ name }) => name);
}
