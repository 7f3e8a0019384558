/** A backup of a database's rows, to be restored later in the same test. */
import type { Database } from '../../src/database/database.ts';
import type { Place } from './engines.ts';

const TABLES = {
  region: ['orders', 'stock', 'checkouts', 'outbox_event', 'relay_state'],
  central: [
    'order_fact',
    'stock_fact',
    'inbox_event',
    'region_cursor',
    'dead_letter',
    'document_queue',
    'store_watermark',
  ],
} as const;

/** @returns puts everything back to how it was when the backup was made, behind MikroORM's back */
export async function backUp(place: Place, database: string): Promise<() => Promise<void>> {
  const tables = await save(place, database);
  return async () => {
    for (const statement of restoring(tables)) {
      await place.execute(database, statement);
    }
  };
}

/** @returns the same while other processes use the database: at one moment, as when a standby takes over that is behind */
export async function backUpStandby(place: Place, database: Database): Promise<() => Promise<void>> {
  const tables = await save(place, database.name);
  return () =>
    database.fork().transactional(async (em) => {
      for (const statement of restoring(tables)) {
        await em.execute(statement);
      }
    });
}

async function save(place: Place, database: string): Promise<readonly string[]> {
  const tables = TABLES[database === 'central' ? 'central' : 'region'];
  for (const table of tables) {
    await place.execute(database, `create table saved_${table} as select * from ${table}`);
  }
  return tables;
}

function restoring(tables: readonly string[]): string[] {
  return tables.flatMap((table) => [`delete from ${table}`, `insert into ${table} select * from saved_${table}`]);
}

/** As if the database were new. */
export async function empty(place: Place, database: 'central'): Promise<void> {
  for (const table of TABLES.central) {
    await place.execute(database, `delete from ${table}`);
  }
}
