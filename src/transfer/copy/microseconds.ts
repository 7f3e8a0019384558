/** Times that are finer than a Date, which is what an entity holds of them: a copy would cut them to milliseconds. */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import { MeridianError } from '../../shared/errors.ts';
import type { StoredTable } from '../stored-tables.ts';

/** Rows that are named in the error. */
const MAX_NAMED = 5;

/** @throws MeridianError `database`, which names the rows and the property */
export async function refuseMicroseconds(
  em: EntityManager,
  source: Database,
  { name: table, metadata, bulk }: StoredTable,
): Promise<void> {
  if (source.location.engine !== 'postgresql') {
    return;
  }
  const times = bulk.columns.filter(
    ({ property, kind }) =>
      kind === 'instant' && metadata.props.some(({ name, runtimeType }) => name === property && runtimeType === 'Date'),
  );
  const keys = bulk.columns.filter(({ property }) => metadata.primaryKeys.some((key) => key === property));
  for (const { property, name } of times) {
    const query = sql<Record<string, unknown>>`
      select ${sql.join(keys.map((key) => sql.ref(key.name)))} from ${sql.raw(source.quotedTable(metadata))}
       where ${sql.ref(name)} <> date_trunc('milliseconds', ${sql.ref(name)}) limit ${sql.lit(MAX_NAMED)}`;
    const { rows } = await query.execute(em.getKysely<unknown>());
    if (rows.length > 0) {
      const named = rows.map((row) => keys.map((key) => `${key.property} ${String(row[key.name])}`).join(', '));
      throw new MeridianError(
        'database',
        `${source.name}: ${table} has times with microseconds, which a copy would cut to milliseconds: ${property} of ${named.join('; ')}. Round them in the source (date_trunc('milliseconds', ${name})) and run the same command again.`,
      );
    }
  }
}
