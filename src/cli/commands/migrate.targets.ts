/** Does the same for each database and each indexed store that is named, or for all of them. */
import type { IndexedStore, Project } from '../../config/module.ts';
import type { Database } from '../../database/database.ts';
import { choose } from '../../database/declaration.ts';
import { type EachOptions, eachDatabase, type Result } from '../../database/each-database.ts';
import { asError } from '../../shared/async/settle.ts';
import { allDatabases } from '../project.ts';

/** What fails is among the results. @throws MeridianError `usage` for a name that is unknown */
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
