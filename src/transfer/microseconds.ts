/** Finds times that are finer than milliseconds, to which the Date of an entity would cut them. */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../database/database.ts';
import { MeridianError } from '../shared/errors.ts';
import { rowName, type StoredTable } from './stored-tables.ts';

/** Maximum number of rows that the error names. */
const MAX_NAMED = 5;

interface FineTimes {
  readonly property: string;
  readonly column: string;
  /** The first of these rows. */
  readonly rows: readonly string[];
}

/** The properties with such times. */
export async function microsecondsIn(
  em: EntityManager,
  source: Database,
  { metadata, bulk }: StoredTable,
): Promise<FineTimes[]> {
  if (source.location.engine !== 'postgresql') {
    return [];
  }
  const times = bulk.columns.filter(
    ({ property, kind }) =>
      kind === 'instant' && metadata.props.some(({ name, runtimeType }) => name === property && runtimeType === 'Date'),
  );
  const keys = bulk.columns.filter(({ property }) => metadata.primaryKeys.some((key) => key === property));
  const found: FineTimes[] = [];
  for (const { property, name } of times) {
    const query = sql<Record<string, unknown>>`
      select ${sql.join(keys.map((key) => sql`${sql.ref(key.name)} as ${sql.ref(key.property)}`))}
        from ${sql.raw(source.quotedTable(metadata))}
       where ${sql.ref(name)} <> date_trunc('milliseconds', ${sql.ref(name)}) limit ${sql.lit(MAX_NAMED)}`;
    const { rows } = await query.execute(em.getKysely<unknown>());
    if (rows.length > 0) {
      found.push({ property, column: name, rows: rows.map((row) => rowName(metadata, row)) });
    }
  }
  return found;
}

/** @throws MeridianError `database`, which names the rows and the property */
export async function refuseMicroseconds(em: EntityManager, source: Database, table: StoredTable): Promise<void> {
  const [first] = await microsecondsIn(em, source, table);
  if (first !== undefined) {
    throw new MeridianError(
      'database',
      `${source.name}: ${table.name} has times with microseconds, which a copy would cut to milliseconds: ${first.property} of ${first.rows.join('; ')}. Round them in the source (date_trunc('milliseconds', ${first.column})) and run the same command again.`,
    );
  }
}
