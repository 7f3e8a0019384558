/** Meridian's own functions, as a program that has it built into it would call them. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../places.ts';

/** What is built, since Node cannot run the decorators of the sources. */
function built<Module>(path: string): Promise<Module> {
  return import(pathToFileURL(join(root, 'dist', 'src', `${path}.js`)).href);
}

export const { openRegion } = await built<typeof import('../../src/shop/trading/region.ts')>('shop/trading/region');
export const { placeOrder } =
  await built<typeof import('../../src/shop/trading/place-order.ts')>('shop/trading/place-order');
export const { receiveStock } =
  await built<typeof import('../../src/shop/trading/receive-stock.ts')>('shop/trading/receive-stock');

export const { Order } =
  await built<typeof import('../../src/shop/orders/order.entity.ts')>('shop/orders/order.entity');
export const { central } = await built<typeof import('../../src/shop/catalog.ts')>('shop/catalog');
export const { regionDatabase } =
  await built<typeof import('../../src/shop/regions/databases.ts')>('shop/regions/databases');
export const { openIfThere, openMigrated } =
  await built<typeof import('../../src/database/open-migrated.ts')>('database/open-migrated');

export const { orderEvent } = await built<typeof import('../../src/shop/trading/events/order-event.ts')>(
  'shop/trading/events/order-event',
);
export const { stockEvent } = await built<typeof import('../../src/shop/trading/events/stock-event.ts')>(
  'shop/trading/events/stock-event',
);
export const { writeEvents } =
  await built<typeof import('../../src/replication/outbox/write.ts')>('replication/outbox/write');
export const { onWake } = await built<typeof import('../../src/replication/outbox/wake.ts')>('replication/outbox/wake');
export const { drain } = await built<typeof import('../../src/replication/relay/drain.ts')>('replication/relay/drain');
export const { inProcessTransport } = await built<typeof import('../../src/replication/transport/in-process.ts')>(
  'replication/transport/in-process',
);
export const { applyBatch } = await built<typeof import('../../src/shop/central/apply.ts')>('shop/central/apply');
export const { centralProjection } =
  await built<typeof import('../../src/shop/central/projection.ts')>('shop/central/projection');
export const { positionOf } =
  await built<typeof import('../../src/replication/inbox/cursor.ts')>('replication/inbox/cursor');
export const { runCentral } = await built<typeof import('../../src/replication/inbox/run-central.ts')>(
  'replication/inbox/run-central',
);
export const { runRelay } =
  await built<typeof import('../../src/replication/relay/run-relay.ts')>('replication/relay/run-relay');
export const { syncOn, syncOnce } = await built<typeof import('../../src/shop/sync/sync.ts')>('shop/sync/sync');
export const { regionSnapshots } =
  await built<typeof import('../../src/shop/trading/snapshot.ts')>('shop/trading/snapshot');
