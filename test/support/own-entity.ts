/** A database of an entity of a test's own, with one migration that makes what MikroORM makes of the entity. */
import { withOneEntity } from '../../src/database/declaration.ts';
import type { PopulateOptions } from '../../src/populate/options.ts';
import type { PopulateReport } from '../../src/populate/report.ts';
import type { Place } from './engines.ts';
import { onlyEntity } from './only-table.ts';
import { type MoreStatements, type OwnDatabase, ownDatabase } from './own-database.ts';

export interface OwnEntity extends Omit<OwnDatabase, 'load'> {
  load(records: readonly unknown[], options?: Partial<PopulateOptions>): Promise<PopulateReport>;
}

/** @param more statements that the migration makes before and after the entity's */
export async function ownEntity(
  place: Place,
  declared: Parameters<typeof withOneEntity>[0],
  more: MoreStatements = {},
): Promise<OwnEntity> {
  const { load, ...rest } = await ownDatabase(place, withOneEntity(declared), more);
  return { ...rest, load: (records, options) => load({ [onlyEntity(rest.declaration).name]: records }, options) };
}
