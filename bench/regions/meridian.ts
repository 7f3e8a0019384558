/** Meridian's own functions, as a program that has it built into it would call them. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../places.ts';

/** What is built, since Node cannot run the decorators of the sources. */
function built<Module>(path: string): Promise<Module> {
  return import(pathToFileURL(join(root, 'dist', 'src', `${path}.js`)).href);
}

export const { openRegion } = await built<typeof import('../../src/shop/trading/region.ts')>('regions/region');
export const { placeOrder } =
  await built<typeof import('../../src/shop/trading/place-order.ts')>('regions/place-order');
export const { receiveStock } =
  await built<typeof import('../../src/shop/trading/receive-stock.ts')>('regions/receive-stock');

export const { central } = await built<typeof import('../../src/shop/catalog.ts')>('databases/catalog');
export const { regionDatabase } =
  await built<typeof import('../../src/shop/regions/databases.ts')>('databases/regions');
export const { openIfThere, openMigrated } =
  await built<typeof import('../../src/database/open-migrated.ts')>('databases/open-migrated');

export const { orderEvent } =
  await built<typeof import('../../src/shop/trading/events/order-event.ts')>('event-model/order-event');
export const { stockEvent } =
  await built<typeof import('../../src/shop/trading/events/stock-event.ts')>('event-model/stock-event');
export const { writeEvents } = await built<typeof import('../../src/replication/outbox/write.ts')>('outbox/write');
export const { onWake } = await built<typeof import('../../src/replication/outbox/wake.ts')>('outbox/wake');
export const { Relay } = await built<typeof import('../../src/replication/relay/relay.ts')>('outbox/relay');
export const { inProcessTransport } =
  await built<typeof import('../../src/replication/transport/in-process.ts')>('transport/in-process');
export const { applyBatch } = await built<typeof import('../../src/shop/central/apply.ts')>('central/apply');
export const { positionOf } = await built<typeof import('../../src/replication/inbox/cursor.ts')>('central/cursor');
export const { runCentral } = await built<typeof import('../../src/shop/central/run-central.ts')>('sync/run-central');
export const { runRelay } = await built<typeof import('../../src/replication/relay/run-relay.ts')>('sync/run-relay');
export const { syncOn, syncOnce } = await built<typeof import('../../src/shop/sync/sync.ts')>('sync/sync');
