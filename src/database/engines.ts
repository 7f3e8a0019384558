/** Chooses the engine of a database by its location. */
import { importFor } from '../shared/optional.ts';
import type { Engine } from './engine.ts';
import type { DatabaseLocation } from './location.ts';

// cached, since each import of a loaded module is resolved again
let sqlite: typeof import('./sqlite/engine.ts') | undefined;
let postgresql: typeof import('./postgresql/engine.ts') | undefined;

/**
 * Imports the engine and its driver when the first such database is opened. They are not loaded with `require`, because a loader such as
 * tsx would create second instances of the modules.
 *
 * @param database the name of the declaration
 * @throws MeridianError `package` when the driver is not installed
 */
export async function engineOf(location: DatabaseLocation, database: string): Promise<Engine> {
  if (location.engine === 'sqlite') {
    sqlite ??= await importFor('SQLite', () => import('./sqlite/engine.ts'));
    return sqlite.sqliteEngine(location);
  }
  postgresql ??= await importFor('PostgreSQL', () => import('./postgresql/engine.ts'));
  return postgresql.postgresqlEngine(location, database);
}
