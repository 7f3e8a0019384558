/** Chooses the engine of a database by its location. */
import type { Engine } from './engine.ts';
import type { DatabaseLocation } from './location.ts';
import { postgresqlEngine } from './postgresql/engine.ts';
import { sqliteEngine } from './sqlite/engine.ts';

/** @param database the name of its declaration */
export function engineOf(location: DatabaseLocation, database: string): Engine {
  return location.engine === 'sqlite' ? sqliteEngine(location) : postgresqlEngine(location, database);
}
