/** The sequences of a table's columns: serial ones, identities, and defaults that ask a sequence. */
import type { EntityManager } from '@mikro-orm/sql';
import { quote, quoteTable } from './metadata.ts';

export interface ColumnSequence {
  readonly column: string;
  /** As it is written in a statement. */
  readonly sequence: string;
  /** What it gives; as text where JavaScript has no such number. */
  readonly least: number | string;
  readonly greatest: number | string;
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * Sets each sequence past the greatest value that its column holds. One that is further already stays: other transactions
 * may be taking values from it.
 */
export async function advanceSequences(em: EntityManager, table: string): Promise<void> {
  for (const { column, sequence, least, greatest } of await sequencesOf(em, table)) {
    await em.execute(
      `select setval(${literal(sequence)}, used.greatest)
         from (select max(${quote(column)}) as greatest from ${quoteTable(table)} where ${quote(column)} between ${least} and ${greatest}) as used,
              ${sequence} as state
        where used.greatest > state.last_value or (used.greatest = state.last_value and not state.is_called)`,
    );
  }
}

/** Of columns of whole numbers, and those that count upwards. */
export function sequencesOf(em: EntityManager, table: string): Promise<ColumnSequence[]> {
  return em.execute<ColumnSequence[]>(
    `with sequence_of as (
       select refobjsubid as number, objid as sequence from pg_depend
        where refobjid = to_regclass(${literal(quoteTable(table))}) and refclassid = 'pg_class'::regclass and classid = 'pg_class'::regclass
       union
       select adnum, refobjid from pg_attrdef
         join pg_depend on classid = 'pg_attrdef'::regclass and objid = pg_attrdef.oid and refclassid = 'pg_class'::regclass
        where adrelid = to_regclass(${literal(quoteTable(table))})
     )
     select attname as column, seqrelid::regclass::text as sequence, seqmin as least, seqmax as greatest
       from sequence_of join pg_sequence on seqrelid = sequence
       join pg_attribute on attrelid = to_regclass(${literal(quoteTable(table))}) and attnum = number
      where seqincrement > 0 and atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)`,
  );
}
