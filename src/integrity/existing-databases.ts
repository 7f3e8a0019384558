/** Leaves out databases that do not exist and need not. */
import type { Database } from '../database/database.ts';
import { migrationSet } from '../database/declaration.ts';

/**
 * Of several databases of a kind, such as those of regions, the existing ones; the first of them when none exists.
 *
 * @param databases connected
 */
export function existingDatabases(databases: readonly Database[]): Database[] {
  const kinds = Map.groupBy(databases, ({ name }) => migrationSet(name));
  return databases.filter((database) => {
    const alike = kinds.get(migrationSet(database.name)) ?? [];
    return !database.isMissing || (database === alike[0] && alike.every(({ isMissing }) => isMissing));
  });
}
