/** Loads the sample files of a project. */
import { allTables, type DatabaseDeclaration } from '../database/declaration.ts';
import type { PopulateOptions } from './options.ts';
import type { PopulateReport } from './report.ts';

/**
 * Loads the sample of each entity that has one, all databases at once. Databases that do not exist are made.
 *
 * @param catalog all databases that the entities refer to
 * @throws MeridianError when nothing could be loaded at all; what stops a single load later is the `failure` in its report
 */
export async function loadSamples(
  catalog: readonly DatabaseDeclaration[],
  options: Pick<PopulateOptions, 'databaseOptions' | 'rejectsDirectory'> = {},
): Promise<PopulateReport> {
  // who declares databases need not load files
  const { populate } = await import('./populate.ts');
  const { fileSource } = await import('./read/file.ts');
  const sources = allTables(catalog).flatMap(({ name, entity: { sample } }) =>
    sample === undefined ? [] : [[name, fileSource(sample)] as const],
  );
  return populate({ ...options, catalog, sources: Object.fromEntries(sources) });
}
