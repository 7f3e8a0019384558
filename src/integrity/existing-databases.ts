/** Skips optional databases that do not exist. */
import type { Database } from '../database/database.ts';
import { migrationSet } from '../database/declaration.ts';

/**
 * The existing ones among databases of one kind, such as those of regions; the first if none exists.
 *
 * @param databases connected databases
 */
export function existingDatabases(databases: readonly Database[]): Database[] {
  const kinds = Map.groupBy(databases, ({ name }) => migrationSet(name));
  return databases.filter((database) => {
    const alike = kinds.get(migrationSet(database.name)) ?? [];
    return !database.isMissing || (database === alike[0] && alike.every(({ isMissing }) => isMissing));
  });
}
