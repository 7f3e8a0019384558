/** Runs work for each named database and indexed store, or for all. */
import type { IndexedStore, Project } from '../../config/module.ts';
import type { Database } from '../../database/database.ts';
import { choose } from '../../database/declaration.ts';
import { type EachOptions, eachDatabase, type Result } from '../../database/each-database.ts';
import { asError } from '../../shared/async/settle.ts';
import { allDatabases } from '../project.ts';

/** Failures are part of the results. @throws MeridianError `usage` for an unknown name */
export async function eachTarget<T>(
  project: Project,
  names: readonly string[],
  options: EachOptions,
  onDatabase: (database: Database) => Promise<T>,
  onStore: (store: IndexedStore) => Promise<T>,
): Promise<Result<T>[]> {
  const stores = project.modules.flatMap((module) => module.stores?.() ?? []);
  const others = names.filter((name) => !stores.some((store) => store.name === name));
  const isStoresOnly = names.length > 0 && others.length === 0;
  const results = isStoresOnly ? [] : await eachDatabase(choose(allDatabases(project), others), options, onDatabase);
  for (const store of stores.filter(({ name }) => names.length === 0 || names.includes(name))) {
    try {
      results.push({ name: store.name, value: await onStore(store) });
    } catch (error) {
      results.push({ name: store.name, error: asError(error) });
    }
  }
  return results;
}
