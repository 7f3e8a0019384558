/** Opens existing databases for the duration of some work. */
import { type Database, type DatabaseDeclaration, openIfThere } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import { central as centralDeclaration } from '../catalog.ts';
import { regionDatabase } from './databases.ts';

type Work<T> = (database: Database) => Promise<T>;

/** @throws MeridianError `database` when there is no central database */
export function withCentral<T>(work: Work<T>): Promise<T> {
  return withDatabase(
    centralDeclaration,
    'There is no central database yet. Make and fill it with npx meridian sync.',
    work,
  );
}

/** @throws MeridianError `database` when the region has no database */
export function withRegionDatabase<T>(region: string, work: Work<T>): Promise<T> {
  const absence = `${region} has no database yet. Make it with npx meridian regions add ${region}.`;
  return withDatabase(regionDatabase(region), absence, work);
}

async function withDatabase<T>(declaration: DatabaseDeclaration, absence: string, work: Work<T>): Promise<T> {
  // another connection of this process may hold the lock that a statement waits for
  const database = await openIfThere(declaration, undefined, { keepsThreadFree: true });
  if (database === undefined) {
    throw new MeridianError('database', absence);
  }
  try {
    return await work(database);
  } catch (error) {
    throw database.explain(error);
  } finally {
    await database.close();
  }
}
