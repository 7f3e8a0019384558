/** A central database with facts of a test's own. */
import { afterEach } from '@jest/globals';
import type { EntityClass } from '@mikro-orm/core';
import { Database } from '../../src/database/database.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { DeadLetter } from '../../src/replication/inbox/dead-letter.entity.ts';
import { RegionCursor } from '../../src/replication/inbox/region-cursor.entity.ts';
import { central as declaration } from '../../src/shop/catalog.ts';
import { OrderFact } from '../../src/shop/central/facts/order-fact.entity.ts';
import { StockFact } from '../../src/shop/central/facts/stock-fact.entity.ts';
import type { Place } from './engines.ts';

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

/** An empty one at its newest schema, closed when the test is over. */
export async function centralIn(place: Pick<Place, 'options'>): Promise<Database> {
  const central = await Database.open(declaration, place.options('central'));
  opened.push(central);
  await migrateUp(central);
  return central;
}

/** Confirmed orders of two pieces at 1.50, one after the other, but for what is said. */
export async function addOrders(central: Database, facts: readonly Partial<OrderFact>[]): Promise<void> {
  await add(
    central,
    OrderFact,
    facts.map((fact, index) => ({
      region: 'boston',
      orderId: index + 1,
      epoch: 1,
      version: 1,
      userId: 1,
      productId: 1,
      quantity: 2,
      unitPrice: '1.50',
      placedAt: '2010-12-01T08:26:00.000Z',
      country: 'France',
      status: 'confirmed',
      checkoutId: null,
      ...fact,
    })),
  );
}

export async function addStock(central: Database, facts: readonly Partial<StockFact>[]): Promise<void> {
  await add(
    central,
    StockFact,
    facts.map((fact) => ({
      region: 'boston',
      productId: 1,
      epoch: 1,
      version: 1,
      name: 'Mug',
      unitPrice: '1.50',
      onHand: 10,
      ...fact,
    })),
  );
}

export async function addCursors(central: Database, cursors: readonly Partial<RegionCursor>[]): Promise<void> {
  await add(
    central,
    RegionCursor,
    cursors.map((cursor) => ({
      region: 'boston',
      epoch: 1,
      seq: 7,
      headSeq: 7,
      occurredAt: '2010-12-01T08:26:00.000Z',
      heardAt: '2010-12-01T08:26:01.000Z',
      ...cursor,
    })),
  );
}

export async function addDeadLetters(central: Database, letters: readonly Partial<DeadLetter>[]): Promise<void> {
  await add(
    central,
    DeadLetter,
    letters.map((letter, index) => ({
      region: 'boston',
      epoch: 1,
      seq: index + 1,
      eventId: `event ${index + 1}`,
      event: '{}',
      error: 'Quantity must be positive',
      attempts: 5,
      parkedAt: '2010-12-01T08:27:00.000Z',
      ...letter,
    })),
  );
}

async function add<T extends object>(
  central: Database,
  entity: EntityClass<T>,
  rows: readonly object[],
): Promise<void> {
  const all = rows as readonly Record<string, unknown>[];
  if (!(await central.bulk(entity).insertAll(central.fork(), all))) {
    throw new Error('Two of the rows have the same key');
  }
}
