/** Errors of SQLite that concern one row and not the database (https://www.sqlite.org/rescode.html). */
import { messageOf } from '../../shared/errors.ts';
import type { Refusal } from '../refusal.ts';
import { codeOf } from './errors.ts';

const KINDS: Readonly<Record<string, Refusal['kind']>> = {
  SQLITE_CONSTRAINT_UNIQUE: 'unique',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'unique',
  SQLITE_CONSTRAINT_ROWID: 'unique',
  SQLITE_CONSTRAINT_CHECK: 'check',
  SQLITE_CONSTRAINT_NOTNULL: 'empty',
  SQLITE_CONSTRAINT_FOREIGNKEY: 'reference',
  SQLITE_CONSTRAINT_TRIGGER: 'trigger',
};

/** Errors of the expression of a check, an index or a trigger; they have the generic error code. */
const EXPRESSION_ERROR = /^(malformed JSON|bad JSON path|integer overflow|LIKE or GLOB pattern too complex|JSON )/;

export function sqliteRefusal(error: unknown): Refusal | undefined {
  const code = codeOf(error);
  const text = messageOf(error);
  const isAboutRow =
    /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(code) || (code === 'SQLITE_ERROR' && EXPRESSION_ERROR.test(text));
  if (!isAboutRow) {
    return undefined;
  }
  const kind = KINDS[code] ?? 'value';
  if (kind === 'check') {
    return { kind, constraint: text.replace('CHECK constraint failed: ', ''), text };
  }
  if (kind !== 'unique' && kind !== 'empty') {
    // of a strict table: "cannot store TEXT value in INTEGER column things.small"
    const [, table, column] = / column (\w+)\.(\w+)$/.exec(text) ?? [];
    return column === undefined ? { kind, text } : { kind, table, columns: [column], text };
  }
  const [, what = ''] = /constraint failed: (.*)$/.exec(text) ?? [];
  const [, index] = /^index '(.*)'$/.exec(what) ?? [];
  if (index !== undefined) {
    return { kind, constraint: index, text };
  }
  const names = what.split(', ').map((name) => name.split('.'));
  return { kind, table: names[0]?.[0], columns: names.map(([, column = '']) => column), text };
}
