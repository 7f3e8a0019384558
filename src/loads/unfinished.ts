/** Tells whether a load has started and not finished. */
import type { Database, EntityManager } from '../database/database.ts';
import { tableOf } from '../database/table.ts';
import { isOpen } from './plan-run.ts';
import { RunStore } from './run-store.ts';
import { runTables } from './run-tables.ts';

/**
 * Whether a load of the table is running, or was stopped and can be continued, so that missing rows may still be loaded.
 *
 * @param entity the entity's name in the declaration of the database
 * @throws the driver's error
 */
export async function hasUnfinishedLoad(database: Database, em: EntityManager, entity: string): Promise<boolean> {
  const { runs } = runTables(database.name);
  return (await database.hasTable(em, runs)) && isOpen(await new RunStore(tableOf(database, entity)).newest(em));
}
