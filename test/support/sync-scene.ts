/** A region, central, and a transport between them that records what is published. */
import { expect } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import type { RelayOptions } from '../../src/replication/relay/settings.ts';
import type { Batch, Transport } from '../../src/replication/transport/transport.ts';
import { applyBatch } from '../../src/shop/central/apply.ts';
import { compare } from '../../src/shop/compare/compare.ts';
import type { EngineName, Place } from './engines.ts';
import { drain, openCentral, openRegion, regionalPlace, transportTo } from './regional.ts';

export interface SyncScene {
  readonly place: Place;
  readonly boston: Database;
  readonly central: Database;
  readonly transport: Transport;
  /** All that were published. */
  readonly batches: Batch[];
  /** What relays have reported about the databases. */
  readonly notices: string[];
  /** Ships all that there is. */
  sync(options?: Partial<RelayOptions>): Promise<unknown>;
}

export async function syncScene(engine: EngineName): Promise<SyncScene> {
  const place = await regionalPlace(engine);
  const [boston, central] = [await openRegion(place), await openCentral(place)];
  const [batches, notices]: [Batch[], string[]] = [[], []];
  const transport = await transportTo(central, async (batch) => {
    batches.push(batch);
    await applyBatch(central, batch);
  });
  const listener = { info: (sentence: string) => notices.push(sentence) };
  const sync = (options: Partial<RelayOptions> = {}) => drain(boston, transport, { listener, ...options });
  return { place, boston, central, transport, batches, notices, sync };
}

/** Compares with the statements of the test's own as well, for compare itself may err. */
export async function expectEqual({ place, boston, central }: SyncScene): Promise<void> {
  expect(await compare(central, boston)).toMatchObject({ differences: 0, leftOut: 0, examples: [] });
  const columns = 'version, user_id, product_id, quantity, unit_price_cents, placed_at, country, status, checkout_id';
  expect(
    await place.execute(
      'central',
      `select order_id as id, ${columns} from order_fact where region = 'boston' order by 1`,
    ),
  ).toEqual(await place.execute('orders.boston', `select id, ${columns} from orders order by 1`));
  const stock = 'product_id, version, name, unit_price_cents, on_hand';
  expect(await place.execute('central', `select ${stock} from stock_fact where region = 'boston' order by 1`)).toEqual(
    await place.execute('orders.boston', `select ${stock} from stock order by 1`),
  );
}

/** Stock without events, as if it had been there before there were any. */
export async function addStock({ place }: Pick<SyncScene, 'place'>, ...productIds: number[]): Promise<void> {
  for (const id of productIds) {
    await place.execute(
      'orders.boston',
      `insert into stock (product_id, name, unit_price_cents, on_hand, version) values (${id}, 'Mug ${id}', 999, 5, 1)`,
    );
  }
}
