/** Chooses the engine of a database by its location. */
import { importFor } from '../shared/optional.ts';
import type { Engine } from './engine.ts';
import type { DatabaseLocation } from './location.ts';

// kept, since each import of a loaded module resolves it again
let sqlite: typeof import('./sqlite/engine.ts') | undefined;
let postgresql: typeof import('./postgresql/engine.ts') | undefined;

/**
 * Imports the engine, and its driver, when the first database of it is met. They are not required: a loader such as tsx would make modules
 * that are required a second time.
 *
 * @param database the name of its declaration
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
