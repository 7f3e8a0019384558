/** Loads the sample files of a project. */
import { allTables, type DatabaseDeclaration } from '../database/declaration.ts';
import type { PopulateOptions } from './options.ts';
import type { PopulateReport } from './report.ts';

/**
 * Loads the sample of each entity that has one, all databases concurrently. Missing databases are created.
 *
 * @param catalog all databases that the entities refer to
 * @throws MeridianError if nothing could be loaded at all; the report of a single load that stops later contains its `failure`
 */
export async function loadSamples(
  catalog: readonly DatabaseDeclaration[],
  options: Pick<PopulateOptions, 'databaseOptions' | 'rejectsDirectory'> = {},
): Promise<PopulateReport> {
  // a program that only declares databases does not need the modules for loading
  const { populate } = await import('./populate.ts');
  const { fileSource } = await import('./read/file.ts');
  const sources = allTables(catalog).flatMap(({ name, entity: { sample } }) =>
    sample === undefined ? [] : [[name, fileSource(sample)] as const],
  );
  return populate({ ...options, catalog, sources: Object.fromEntries(sources) });
}
