/** Regions and a central database of a test's own, on any engine, opened and migrated. */
import { afterEach } from '@jest/globals';
import { Database } from '../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { positionOf } from '../../src/replication/inbox/cursor.ts';
import { writeEvents } from '../../src/replication/outbox/write.ts';
import { drain as drainOutbox } from '../../src/replication/relay/drain.ts';
import { Relay } from '../../src/replication/relay/relay.ts';
import type { RelayOptions } from '../../src/replication/relay/settings.ts';
import { inProcessTransport } from '../../src/replication/transport/in-process.ts';
import type { BatchHandler, Transport } from '../../src/replication/transport/transport.ts';
import { central as centralDeclaration, ordersOf } from '../../src/shop/catalog.ts';
import { applyBatch } from '../../src/shop/central/apply.ts';
import { Order } from '../../src/shop/orders/order.entity.ts';
import { orderEvent } from '../../src/shop/trading/events/order-event.ts';
import { regionSnapshots } from '../../src/shop/trading/snapshot.ts';
import { type EngineName, type Place, postgresqlPlace, sqlitePlace } from './engines.ts';
import { makeFolder } from './folder.ts';
import { OCCURRED_AT } from './occurred.ts';
import { freshDatabase } from './postgresql/fresh.ts';
import { schemaNamedAfter, type Template } from './postgresql/templates.ts';
import { copyMigrated } from './sqlite/migrated.ts';

const opened: Database[] = [];

afterEach(async () => {
  for (const database of opened.splice(0)) {
    await database.close();
  }
});

/**
 * A file, or a schema, for each database: regions have tables of the same names. On a server, boston and central are migrated, unless
 * the test needs them `'empty'`.
 */
export async function regionalPlace(engine: EngineName, template: Template | 'empty' = 'apart'): Promise<Place> {
  if (engine === 'sqlite') {
    return sqlitePlace(makeFolder());
  }
  const url = await freshDatabase(template === 'empty' ? undefined : template);
  return postgresqlPlace((database) => `${url}?schema=${schemaNamedAfter(database)}`);
}

/** Open until the test is over. */
export async function openIn(place: Place, declaration: DatabaseDeclaration): Promise<Database> {
  const options = place.options(declaration.name);
  if (options.location.engine === 'sqlite') {
    await copyMigrated(declaration, options.location.file);
  }
  const database = await Database.open(declaration, options);
  opened.push(database);
  await migrateUp(database);
  return database;
}

export const openRegion = (place: Place, region = 'boston') => openIn(place, ordersOf(region));

export const openCentral = (place: Place) => openIn(place, centralDeclaration);

/** Settings of a relay that waits as little as possible. */
export const SWIFT = {
  firstBackOffMilliseconds: 1,
  maxBackOffMilliseconds: 4,
  pollMilliseconds: 5,
  reconcileSeconds: 10,
} as const;

export async function transportTo(
  central: Database,
  apply: BatchHandler = (batch) => applyBatch(central, batch),
): Promise<Transport> {
  const transport = inProcessTransport((region) => positionOf(central, region));
  await transport.consume(apply);
  return transport;
}

/** Ends the lease, as if its relay had died some time ago. */
export async function endLease(database: Database): Promise<void> {
  await database.fork().execute("update relay_state set lease_until = '2000-01-01T00:00:00.000Z'");
}

function relayOptions(database: Database, transport: Transport, options: Partial<RelayOptions>): RelayOptions {
  return {
    database,
    transport,
    snapshots: regionSnapshots,
    signal: new AbortController().signal,
    ...options,
    settings: { ...SWIFT, ...options.settings },
  };
}

export function relayOf(database: Database, transport: Transport, options: Partial<RelayOptions> = {}): Relay {
  return new Relay(relayOptions(database, transport, options));
}

/** Ships all that there is. */
export async function drain(database: Database, transport: Transport, options: Partial<RelayOptions> = {}) {
  return drainOutbox(relayOptions(database, transport, options));
}

/** Writes orders with their change events, as a region does: versions from 1, again with the next one. */
export async function writeOrders(database: Database, ...orders: readonly Partial<Order>[]): Promise<void> {
  await database.fork().transactional(async (em) => {
    const rows = orders.map((order) => ({
      userId: 1,
      productId: 2,
      quantity: 3,
      unitPrice: '2.50',
      status: 'confirmed' as const,
      version: 1,
      ...order,
    }));
    await database.bulk(Order).upsertNewer(em, rows, ['version']);
    await writeEvents(
      database,
      em,
      rows.map((row) => orderEvent(row, row.version === 1 ? 'placed' : 'confirmed', OCCURRED_AT)),
    );
  });
}
