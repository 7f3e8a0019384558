/** Chooses the engine of a database by its location. */
import { importFor } from '../shared/optional.ts';
import type { Engine } from './engine.ts';
import type { DatabaseLocation } from './location.ts';

/**
 * Both engines, as far as their drivers are installed. They are imported here, and not required when one is needed: a loader such as tsx would make
 * modules that are required a second time.
 */
const sqlite = await attempted(importFor('SQLite', () => import('./sqlite/engine.ts')));
const postgresql = await attempted(importFor('PostgreSQL', () => import('./postgresql/engine.ts')));

/**
 * @param database the name of its declaration
 * @throws MeridianError `package` when the driver is not installed
 */
export function engineOf(location: DatabaseLocation, database: string): Engine {
  return location.engine === 'sqlite'
    ? sqlite().sqliteEngine(location)
    : postgresql().postgresqlEngine(location, database);
}

/** Throws the error of an import when its module is needed. */
async function attempted<T>(imported: Promise<T>): Promise<() => T> {
  try {
    const module = await imported;
    return () => module;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
