/** Withholds the change events of a load from consumers until the load is verified. */
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { runTables, UNDECIDED_STATES } from './run-tables.ts';

/** A condition on a table with a column `run`: the row was not written by a load, or the load is verified. */
export function isReleased(database: Pick<Database, 'name'>): RawBuilder<boolean> {
  const { tableName } = runTables(database.name).runs.meta;
  const states = UNDECIDED_STATES.map((state) => `'${state}'`).join(', ');
  return sql.raw(`(run is null or run not in (select id from ${tableName} where state in (${states})))`);
}
