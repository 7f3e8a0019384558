/** Converts errors of database work to errors for people. */
import type { Database } from '../../databases.ts';

/** @throws MeridianError of the database, for any error of the work */
export async function explained<T>(database: Database, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw database.fault(error);
  }
}
