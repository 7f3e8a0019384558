/**
 * Rows inserted by `insert or fail`, which keeps those before a refused one (https://sqlite.org/lang_conflict.html): to undo a statement or to
 * return to a savepoint, SQLite copies each page before it changes it, which takes up to half of the time of an insert.
 */
import { CompiledQuery } from 'kysely';
import { isSameType } from '../column-types.ts';
import type { UntilRefusedForm } from '../rows-dialect.ts';
import { runStatement } from '../run-statement.ts';
import { codeOf } from './errors.ts';
import { sqliteTableFacts } from './tables.ts';

/** Errors that a statement expects, so that it counts the rows before. */
const COUNTED: ReadonlySet<string> = new Set([
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  'SQLITE_CONSTRAINT_ROWID',
  'SQLITE_CONSTRAINT_NOTNULL',
]);

const CHANGES = CompiledQuery.raw('select changes() as count') as CompiledQuery<{ count: number }>;

/** Words of statements that make tables and indexes by which a row may be refused with another error, or conflicts are resolved in another way. */
const UNCOUNTED = /\b(as|check|conflict|generated|glob|like|match|references|regexp|strict|virtual)\b|\bdefault \(|->/i;

export const untilRefused: UntilRefusedForm = {
  verb: 'insert or fail',
  async isFor(em, table, columns) {
    // `or fail` would hold for the statements of triggers too
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
