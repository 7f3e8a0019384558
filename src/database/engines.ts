/** Chooses the engine of a database by its location. */
import { importFor } from '../shared/optional.ts';
import type { Engine } from './engine.ts';
import type { DatabaseLocation } from './location.ts';

/**
 * Imports the engine, and its driver, when the first database of it is met. They are not required: a loader such as tsx would make modules
 * that are required a second time.
 *
 * @param database the name of its declaration
 * @throws MeridianError `package` when the driver is not installed
 */
export async function engineOf(location: DatabaseLocation, database: string): Promise<Engine> {
  if (location.engine === 'sqlite') {
    const { sqliteEngine } = await importFor('SQLite', () => import('./sqlite/engine.ts'));
    return sqliteEngine(location);
  }
  const { postgresqlEngine } = await importFor('PostgreSQL', () => import('./postgresql/engine.ts'));
  return postgresqlEngine(location, database);
}
