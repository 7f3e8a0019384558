/** Errors of PostgreSQL that concern one row and not the database. */
import { messageOf } from '../../shared/errors.ts';
import type { Refusal } from '../refusal.ts';

/** Fields of a driver error (https://www.postgresql.org/docs/current/protocol-error-fields.html). */
interface Fields {
  readonly code?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  readonly detail?: string;
  /** The server function that raised it, which does not depend on the language. */
  readonly routine?: string;
}

const KINDS: Readonly<Record<string, Refusal['kind']>> = {
  '23502': 'empty',
  '23503': 'reference',
  '23505': 'unique',
  '23514': 'check',
  '23P01': 'check',
};

/**
 * Classes of codes: cardinality, data, integrity, check option, external routine, PL/pgSQL
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 */
const CLASSES = ['21', '22', '23', '38', '44', 'P0'];

/** A value is too large for an index. */
const LIMIT_EXCEEDED = '54000';

export function postgresqlRefusal(error: unknown): Refusal | undefined {
  const { code = '', table, column, constraint, detail = '', routine } = (error ?? {}) as Fields;
  // a function can raise any error code
  const isRaised = routine === 'exec_stmt_raise';
  if (!(isRaised || code === LIMIT_EXCEEDED || CLASSES.includes(code.slice(0, 2)))) {
    return undefined;
  }
  const kind = isRaised ? 'trigger' : (KINDS[code] ?? 'value');
  return {
    kind,
    table,
    constraint,
    ...(column === undefined ? columnsIn(detail) : { columns: [column] }),
    // removes the lines that MikroORM appends
    text: messageOf(error).replace(/\n - (?:detail|hint): [\s\S]*$/, ''),
  };
}

/** "Key (name, price)=(Mug, 100) already exists.", in any language */
function columnsIn(detail: string): Pick<Refusal, 'columns'> {
  const [, columns] = /\(([^()]*)\)=\(/.exec(detail) ?? [];
  return columns === undefined ? {} : { columns: columns.split(', ').map((name) => name.replace(/^"|"$/g, '')) };
}
