/** Change events that a load has written are withheld from consumers until the load is verified. */
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { runTables, UNDECIDED_STATES } from './run-tables.ts';

/** A condition on a table with a column `run`: no load wrote the row, or the load is verified. */
export function isReleased(database: Pick<Database, 'name'>): RawBuilder<boolean> {
  const { tableName } = runTables(database.name).runs.meta;
  const states = UNDECIDED_STATES.map((state) => `'${state}'`).join(', ');
  return sql.raw(`(run is null or run not in (select id from ${tableName} where state in (${states})))`);
}
