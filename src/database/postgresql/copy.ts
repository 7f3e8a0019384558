/** Rows as text for `copy … from stdin`, which costs the server less than the same rows in arrays. */
import { isSameType } from '../column-types.ts';
import type { Column } from '../columns.ts';
import type { CopyForm } from '../rows-dialect.ts';
import { textOf } from './literals.ts';
import { quoteTable } from './metadata.ts';

/** Bits of pg_trigger.h for triggers before the insert of each row, which can skip it. */
const SKIPPING_TRIGGER = 7;

export const postgresqlCopy: CopyForm = {
  fromRows: 100,
  /**
   * `copy` collects up to 1000 rows before it inserts them. Each takes an entry in a hash table of the server (ResourceOwner), and all
   * entries have the same key, so that finding a free slot passes all earlier ones: the time grows with the square of the rows per
   * statement.
   */
  statementRows: 250,
  /**
   * `copy` applies no rules and does not support row-level security. It parses text with the input function of the column, where an insert
   * casts from the declared type: this is equivalent only if the column has its declared type.
   */
  async isFor(em, table, columns) {
    const found = await em.execute<{ name: string; type: string }[]>(
      `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.oid = to_regclass(?) and c.relkind in ('r', 'p') and not c.relhasrules and not row_security_active(c.oid)`,
      [quoteTable(table)],
    );
    const types = new Map(found.map(({ name, type }) => [name, type]));
    return columns.every(({ name, type }) => isSameType(types.get(name) ?? '', type));
  },
  /** Partitions have their own triggers. */
  whole: {
    async isFor(em, table) {
      const found = await em.execute(
        `select 1 from pg_class c where c.oid = to_regclass(?) and c.relkind = 'r'
           and not exists (select 1 from pg_trigger t where t.tgrelid = c.oid and t.tgtype & ${SKIPPING_TRIGGER} = ${SKIPPING_TRIGGER})`,
        [quoteTable(table)],
      );
      return found.length > 0;
    },
  },
  statement: (table, names) => `copy ${table} (${names}) from stdin`,
  inSavepoint: (statements, savepoint) => `savepoint ${savepoint}; ${statements}; release savepoint ${savepoint}`,
  text(columns, rows) {
    let text = '';
    for (const row of rows) {
      for (let index = 0; index < columns.length; index++) {
        const { property, toColumn } = columns[index] as Column;
        text += index === 0 ? fieldOf(toColumn(row[property])) : `\t${fieldOf(toColumn(row[property]))}`;
      }
      text += '\n';
    }
    return text;
  },
};

/** https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2 */
function fieldOf(value: unknown): string {
  if (value === null || value === undefined) {
    return '\\N';
  }
  if (typeof value === 'number') {
    return String(value);
  }
  const text = textOf(value);
  return /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, escaped) : text;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const escaped = (character: string): string => ESCAPES[character] as string;
