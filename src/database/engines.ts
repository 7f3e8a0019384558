/** Chooses the engine of a database by its location. An engine and its driver are loaded when a database of it is first opened. */
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { requireFor } from '../shared/optional.ts';
import type { Engine } from './engine.ts';
import type { DatabaseLocation } from './location.ts';

const require = createRequire(import.meta.url);

// beside this file, compiled or not
const extension = extname(import.meta.filename);

/**
 * @param database the name of its declaration
 * @throws MeridianError `package` when the driver is not installed
 */
export function engineOf(location: DatabaseLocation, database: string): Engine {
  if (location.engine === 'sqlite') {
    const { sqliteEngine } = requireFor('SQLite', () => require(`./sqlite/engine${extension}`) as SqliteModule);
    return sqliteEngine(location);
  }
  const { postgresqlEngine } = requireFor(
    'PostgreSQL',
    () => require(`./postgresql/engine${extension}`) as PostgresqlModule,
  );
  return postgresqlEngine(location, database);
}

type SqliteModule = typeof import('./sqlite/engine.ts');
type PostgresqlModule = typeof import('./postgresql/engine.ts');
