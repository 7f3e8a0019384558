/** What goes wrong with a database, in words for people. */
import type { Database } from '../../databases.ts';

/** @throws MeridianError of the database that the work is done with, whatever the work throws */
export async function explained<T>(database: Database, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw database.fault(error);
  }
}
