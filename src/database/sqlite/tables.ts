/** Facts about a table from the schema of an SQLite file. */
import type { EntityManager } from '@mikro-orm/sql';
import type { TableFacts } from '../engine.ts';

export async function sqliteTableFacts(em: EntityManager, table: string): Promise<TableFacts> {
  const columns = await em.execute<{ name: string; type: string }[]>('select name, type from pragma_table_info(?)', [
    table,
  ]);
  const triggers = await em.execute("select 1 from sqlite_master where type = 'trigger' and tbl_name = ? limit 1", [
    table,
  ]);
  return { hasTriggers: triggers.length > 0, columnTypes: new Map(columns.map(({ name, type }) => [name, type])) };
}

/** SQLite keeps a check only in the text of the statement that created the table. */
export async function sqliteCheckedColumns(
  em: EntityManager,
  table: string,
  check: string,
  columns: readonly string[],
): Promise<readonly string[]> {
  const [made] = await em.execute<{ sql: string }[]>(
    "select sql from sqlite_master where type = 'table' and name = ?",
    [table],
  );
  const expression = expressionOf(made?.sql ?? '', check) ?? check;
  const words = new Set(expression.toLowerCase().match(/\w+/g));
  return columns.filter((name) => words.has(name.toLowerCase()));
}

/** The expression in `constraint <name> check (<expression>)`. */
function expressionOf(sql: string, name: string): string | undefined {
  const lower = sql.toLowerCase();
  const named = ['"', '`', '[', ''].map((quote) => lower.indexOf(`constraint ${quote}${name.toLowerCase()}`));
  const from = lower.indexOf('(', Math.max(...named));
  if (Math.max(...named) === -1 || from === -1) {
    return undefined;
  }
  let depth = 0;
  for (let at = from; at < sql.length; at++) {
    depth += sql[at] === '(' ? 1 : sql[at] === ')' ? -1 : 0;
    if (depth === 0) {
      return sql.slice(from + 1, at);
    }
  }
  return undefined;
}
