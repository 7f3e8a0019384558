/** A backup of a database's rows, to be restored later in the same test, behind MikroORM's back. */
import type { Place } from './engines.ts';

const TABLES = {
  region: ['orders', 'stock', 'outbox_event', 'relay_state'],
  central: ['order_fact', 'stock_fact', 'inbox_event', 'region_cursor', 'dead_letter'],
} as const;

/** @returns puts everything back to how it was when the backup was made */
export async function backUp(place: Place, database: string): Promise<() => Promise<void>> {
  const tables = TABLES[database === 'central' ? 'central' : 'region'];
  for (const table of tables) {
    await place.execute(database, `create table saved_${table} as select * from ${table}`);
  }
  return async () => {
    for (const table of tables) {
      await place.execute(database, `delete from ${table}`);
      await place.execute(database, `insert into ${table} select * from saved_${table}`);
    }
  };
}

/** As if the database had been made anew. */
export async function empty(place: Place, database: 'central'): Promise<void> {
  for (const table of TABLES.central) {
    await place.execute(database, `delete from ${table}`);
  }
}
