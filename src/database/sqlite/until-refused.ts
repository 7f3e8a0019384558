/**
 * Inserts rows with `insert or fail`, which keeps those before a rejected one (https://sqlite.org/lang_conflict.html): to undo a statement,
 * or to return to a savepoint, SQLite copies each page before changing it, which takes up to half of an insert's time.
 */
import { CompiledQuery } from 'kysely';
import { isSameType } from '../column-types.ts';
import type { UntilRefusedForm } from '../rows-dialect.ts';
import { runStatement } from '../run-statement.ts';
import { codeOf } from './errors.ts';
import { sqliteTableFacts } from './tables.ts';

/** Errors of a statement that tell how many rows it has inserted. */
const COUNTED: ReadonlySet<string> = new Set([
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  'SQLITE_CONSTRAINT_ROWID',
  'SQLITE_CONSTRAINT_NOTNULL',
]);

const CHANGES = CompiledQuery.raw('select changes() as count') as CompiledQuery<{ count: number }>;

/** Words in the definitions of tables and indexes that may reject rows with other errors, or resolve conflicts differently. */
const UNCOUNTED = /\b(as|check|conflict|generated|glob|like|match|references|regexp|strict|virtual)\b|\bdefault \(|->/i;

export const untilRefused: UntilRefusedForm = {
  verb: 'insert or fail',
  async isFor(em, table, columns) {
    // `or fail` would also apply to the statements of triggers
    const { hasTriggers, columnTypes } = await sqliteTableFacts(em, table);
    const made = await em.execute<{ type: string; sql: string }[]>(
      'select type, sql from sqlite_master where tbl_name = ? and sql is not null',
      [table],
    );
    return (
      !hasTriggers &&
      made.some(({ type }) => type === 'table') &&
      made.every(({ type, sql }) => !UNCOUNTED.test(sql) && !(type === 'index' && hasExpression(sql))) &&
      columns.every(({ name, type }) => isSameType(columnTypes.get(name) ?? '', type))
    );
  },
  async inserted(em, error) {
    return COUNTED.has(codeOf(error)) ? (await runStatement(em, CHANGES)).rows[0]?.count : undefined;
  },
};

/** Whether an index has more parentheses than those around its columns. */
function hasExpression(sql: string): boolean {
  return sql.split('(').length > 2;
}
