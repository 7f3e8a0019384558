/** The sequences of a table's columns: serial columns, identity columns, and defaults that call nextval. */
import type { EntityManager } from '@mikro-orm/sql';
import { quote, quoteTable } from './metadata.ts';

export interface ColumnSequence {
  readonly column: string;
  /** Its name in SQL. */
  readonly sequence: string;
  /** The range of its values; text if a number cannot represent it. */
  readonly least: number | string;
  readonly greatest: number | string;
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * Advances each sequence beyond the greatest value in its column. A sequence that is further ahead is left alone: other transactions may be
 * using its values.
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

/** Ascending sequences of integer columns. */
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
