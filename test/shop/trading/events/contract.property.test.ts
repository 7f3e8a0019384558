/** One contract for writers and readers: whatever a region accepts, central and the document store can read, and hold unchanged. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Database } from '../../../../src/database/database.ts';
import { MAX_PAYLOAD_BYTES } from '../../../../src/replication/events/envelope.ts';
import { readEvent } from '../../../../src/replication/inbox/read-event.ts';
import type { ShippedEvent } from '../../../../src/replication/transport/transport.ts';
import { MeridianError } from '../../../../src/shared/errors.ts';
import { fromCents } from '../../../../src/shared/money/amount.ts';
import { ruleErrors } from '../../../../src/shared/rules/rules.ts';
import { ordersOf } from '../../../../src/shop/catalog.ts';
import { applyBatch } from '../../../../src/shop/central/apply.ts';
import { queueLength } from '../../../../src/shop/central/document-queue.ts';
import { centralProjection } from '../../../../src/shop/central/projection.ts';
import { feedOnce } from '../../../../src/shop/documents/feed.ts';
import {
  checkDetails,
  type Details,
  DetailsError,
  MAX_DETAILS_BYTES,
} from '../../../../src/shop/documents/model/details.ts';
import { orderDocument, readOrderDocument } from '../../../../src/shop/documents/model/order-document.ts';
import { MAX_PRICE, MAX_PRODUCTS, MAX_QUANTITY, MAX_TEXT_CHARACTERS } from '../../../../src/shop/limits.ts';
import type { Order } from '../../../../src/shop/orders/order.entity.ts';
import { checkoutEvent } from '../../../../src/shop/trading/events/checkout-event.ts';
import { unreadableReason } from '../../../../src/shop/trading/events/content.ts';
import { orderEvent } from '../../../../src/shop/trading/events/order-event.ts';
import { stockEvent } from '../../../../src/shop/trading/events/stock-event.ts';
import { checkRequest, type OrderItem } from '../../../../src/shop/trading/order-request.ts';
import { placeOrder } from '../../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../../src/shop/trading/receive-stock.ts';
import type { Region } from '../../../../src/shop/trading/region.ts';
import { Stock } from '../../../../src/shop/trading/stock.entity.ts';
import { addUsersAndProducts, BOSTON, disagreements, openBoston } from '../../../support/boston.ts';
import { depth } from '../../../support/depth.ts';
import { documentOf } from '../../../support/documents.ts';
import { forEachEngineThoroughly, type Place } from '../../../support/engines.ts';
import { type FeedScene, feedScene } from '../../../support/feeding.ts';
import { metadataIn, validatorOf } from '../../../support/metadata.ts';
import { oddAmount, oddDetails, oddInstant, oddNumber, oddText } from '../../../support/odd-values.ts';
import { regionalPlace } from '../../../support/regional.ts';

const BOSTON_1 = { region: 'boston', epoch: 1 };
const AT = '2026-11-21T12:00:00.000Z';
const AS_EVENT = { eventId: 'event', seq: 1 };

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Mostly the usual value, so that odd values elsewhere are accepted now and then. */
const mostly = <T>(usual: T, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: odd });

const purchase = fc.record({
  product: fc.record({
    name: mostly('Mug', oddText),
    cents: mostly(250, fc.constantFrom(0, 1, 999_999_999_999, 1_000_000_000_000, -1)),
  }),
  price: mostly(undefined, maybe(oddAmount)),
  received: fc.constantFrom(5, 1_000_000_000),
  quantity: mostly(1, oddNumber),
  country: mostly(undefined, maybe(oddText)),
  key: mostly(undefined, maybe(oddText)),
  details: mostly(undefined, maybe(oddDetails)),
});

type Purchase = typeof purchase extends fc.Arbitrary<infer T> ? T : never;

const usual: Purchase = {
  product: { name: 'Mug', cents: 250 },
  price: undefined,
  received: 5,
  quantity: 1,
  country: undefined,
  key: undefined,
  details: undefined,
};

/** Values that once were accepted and could not be read, or that are just within a limit. */
const EXAMPLES: Purchase[] = [
  { ...usual, product: { name: '😀'.repeat(60), cents: 250 } },
  {
    ...usual,
    product: { name: '❤️'.repeat(100), cents: 999_999_999_999 },
    received: 1_000_000_000,
    quantity: 1_000_000_000,
  },
  { ...usual, country: '🇫🇷'.repeat(50), key: '😀'.repeat(100) },
  { ...usual, country: 'Fr\0nce' },
  { ...usual, key: '\ud800' },
  { ...usual, details: { '😀': { '\u0001': ['\u2028', 5e-324, -0, Number.MAX_SAFE_INTEGER] } } },
];

describe('without a database', () => {
  test('an order of a file that keeps all rules becomes an event that says the same', () => {
    const validate = validatorOf(metadataIn(ordersOf('boston')));
    const wholeNumber = mostly<unknown>(
      7,
      fc.oneof(oddNumber, oddNumber.map(String), fc.constantFrom('9007199254740993', ' 7 ')),
    );
    const record = fc.record({
      id: wholeNumber,
      userId: wholeNumber,
      productId: wholeNumber,
      quantity: wholeNumber,
      unitPrice: mostly<unknown>(undefined, fc.oneof(oddAmount, oddNumber)),
      placedAt: mostly(undefined, maybe(oddInstant)),
      country: mostly(undefined, maybe(oddText)),
      status: mostly<unknown>(undefined, fc.oneof(fc.constantFrom('confirmed', 'pending', 'cancelled', ''), oddText)),
      checkoutId: mostly(undefined, maybe(oddText)),
    });
    let accepted = 0;
    fc.assert(
      fc.property(record, (one) => {
        const validated = validate(one);
        if (!('entity' in validated)) {
          return;
        }
        accepted++;
        const order = validated.entity as Partial<Order>;
        const reading = readEvent(centralProjection, BOSTON_1, { ...orderEvent(order, 'loaded', AT), ...AS_EVENT });
        const { unitPrice = null, placedAt = null, country = null, checkoutId = null } = order;
        const { id: orderId, userId, productId, quantity, status = 'confirmed' } = order;
        expect(reading).toMatchObject({
          kind: 'readable',
          content: {
            kind: 'order',
            fact: {
              orderId,
              userId,
              productId,
              quantity,
              unitPrice,
              placedAt,
              country,
              status,
              checkoutId,
              version: 1,
            },
          },
        });
      }),
      { numRuns: depth(150, 5000) },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  test('what an order and stock that keep all rules become can be read', () => {
    let accepted = 0;
    fc.assert(
      fc.property(purchase, ({ product, quantity, country, key, details }) => {
        const stock = Object.assign(new Stock(), {
          productId: 1,
          name: product.name,
          unitPrice: fromCents(BigInt(product.cents)),
          onHand: 5,
          version: 1,
        });
        const items = [{ productId: 1, quantity }];
        const request = accepts(() => checkRequest({ userId: 1, items, country, key, details: details as Details }));
        if (request === undefined || ruleErrors(stock).length > 0) {
          return;
        }
        accepted++;
        const [line] = request.lines as [OrderItem];
        const { unitPrice } = stock;
        const order = { id: 1, userId: 1, ...line, unitPrice, placedAt: AT, country: request.country };
        const placed = {
          key: request.claim.key,
          userId: 1,
          placedAt: AT,
          country: request.country,
          total: fromCents(BigInt(product.cents) * BigInt(line.quantity)),
          orders: [{ id: 1, ...line, name: stock.name, unitPrice }],
        };
        expect(
          unreadableReason([
            orderEvent({ ...order, checkoutId: request.claim.key }, 'placed', AT),
            stockEvent(stock, 'sold', AT),
            checkoutEvent(orderDocument('boston', placed, request.details), 'placed', AT),
          ]),
        ).toBeUndefined();
      }),
      { numRuns: depth(150, 5000), examples: EXAMPLES.map((one): [Purchase] => [one]) },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  test('the document of the largest order that there can be is read', () => {
    // of all characters that count once, these take most bytes in JSON
    const longest = '\u0001\ufe0f'.repeat(MAX_TEXT_CHARACTERS);
    const text = 'x'.repeat(MAX_DETAILS_BYTES - '{"a":""}'.length);
    const items = Array.from({ length: MAX_PRODUCTS }, (_, index) => ({
      productId: Number.MAX_SAFE_INTEGER - index,
      quantity: MAX_QUANTITY,
    }));
    const given = { userId: Number.MAX_SAFE_INTEGER, items, country: `a${longest.slice(2)}`, key: longest };
    const { userId, country, lines, details, claim } = checkRequest({ ...given, details: { a: text } });
    const orders = lines.map((line) => ({ ...line, id: line.productId, name: longest, unitPrice: MAX_PRICE }));
    const placed = { key: claim.key, userId, placedAt: AT, country, total: '9'.repeat(25), orders };
    const event = checkoutEvent(orderDocument('x'.repeat(40), placed, details), 'placed', AT);
    expect(Buffer.byteLength(event.payload)).toBeGreaterThan(MAX_PAYLOAD_BYTES / 2);
    expect(unreadableReason([event])).toBeUndefined();
  });

  test('details that are accepted are read back as they are', () => {
    fc.assert(
      fc.property(oddDetails, (given) => {
        const details = accepts(() => checkDetails(given));
        if (details === undefined) {
          return;
        }
        const { document } = documentOf({ details });
        expect(readOrderDocument(JSON.parse(JSON.stringify(document)))).toEqual(document);
      }),
      { numRuns: depth(100, 3000) },
    );
  });

  test('whatever the payload of an event is, reading it does not throw', () => {
    const value = fc.oneof(fc.anything({ maxDepth: 2 }), oddText, oddNumber, oddAmount, oddInstant);
    const payload = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.dictionary(
        fc.constantFrom(
          'id',
          'productId',
          'userId',
          'quantity',
          'unitPrice',
          'name',
          'lines',
          'details',
          'epoch',
          'total',
        ),
        value,
      ),
    );
    fc.assert(
      fc.property(payload, fc.constantFrom('order', 'stock', 'checkout', 'region', 'refund'), (given, aggregate) => {
        const text = typeof given === 'string' ? given : (JSON.stringify(given, replaceBigInt) ?? '');
        const event = { ...orderEvent({ id: 1 }, 'placed', AT), ...AS_EVENT, aggregate, payload: text };
        expect(readEvent(centralProjection, BOSTON_1, event)).toHaveProperty('kind');
      }),
      { numRuns: depth(100, 3000) },
    );
  });
});

/** @returns what it is accepted as; nothing when it is refused */
function accepts<T>(check: () => T): T | undefined {
  try {
    return check();
  } catch (error) {
    if (error instanceof DetailsError || (error instanceof MeridianError && error.code === 'usage')) {
      return undefined;
    }
    throw error;
  }
}

const replaceBigInt = (_name: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);

const RUNS = depth(6, 60);

forEachEngineThoroughly((_, engine) => {
  let place: Place;
  let region: Region;
  let scene: FeedScene;
  let epoch = 0;

  beforeEach(async () => {
    place = await regionalPlace(engine);
    await addUsersAndProducts(place);
    region = await openBoston(place);
    scene = await feedScene(place);
    epoch = 0;
  });

  /** Deliveries and orders are accepted, or refused with a sentence. @returns whether it was accepted */
  async function isAccepted(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      expect(error).toMatchObject({
        code: expect.stringMatching(/^(usage|database)$/),
        message: expect.stringMatching(/\.$/),
      });
      expect((error as Error).message).not.toContain('does not run a statement');
      return false;
    }
  }

  async function sold({ product, price, received, quantity, country, key, details }: Purchase): Promise<boolean> {
    for (const table of ['stock', 'orders', 'checkouts', 'outbox_event']) {
      await place.execute(BOSTON, `delete from ${table}`);
    }
    const tables = scene.products.fork().getKysely<{ products: { id: number; name: string; price_cents: number } }>();
    // a database of products that others have filled
    const change = { name: engine === 'postgresql' ? product.name.replaceAll('\0', ' ') : product.name };
    await tables
      .updateTable('products')
      .set({ ...change, price_cents: product.cents })
      .where('id', '=', 1)
      .execute();
    const isReceived = await isAccepted(() => receiveStock(region, { productId: 1, quantity: received, price }));
    const items = [{ productId: 1, quantity }];
    return (
      isReceived &&
      (await isAccepted(() => placeOrder(region, { userId: 1, items, country, key, details: details as never })))
    );
  }

  /** All that the region has published, in an epoch of its own. */
  async function publishedEvents(): Promise<ShippedEvent[]> {
    const rows = await place.execute(
      BOSTON,
      `select event_id as "eventId", type, schema_version as "schemaVersion", aggregate, aggregate_id as "aggregateId",
         aggregate_version as "aggregateVersion", payload, occurred_at as "occurredAt" from outbox_event order by id`,
    );
    return rows.map((row, index) => ({ ...(row as unknown as ShippedEvent), seq: index + 1 }));
  }

  test('whatever is received, ordered and kept in details arrives unchanged', async () => {
    let orders = 0;
    await fc.assert(
      fc.asyncProperty(purchase, async (one) => {
        await sold(one);
        const events = await publishedEvents();
        if (events.length === 0) {
          return;
        }
        epoch++;
        for (const event of events) {
          expect(readEvent(centralProjection, { region: 'boston', epoch }, event)).not.toHaveProperty(
            'error',
            expect.any(String),
          );
        }
        expect(await applyBatch(scene.central, { region: 'boston', epoch, headSeq: events.length, events })).toEqual(
          [],
        );
        expect(await disagreements(place)).toEqual([]);
        await expectFacts(scene.central, events);
        expect(await feed()).toMatchObject({ refused: 0, failure: undefined });
        expect(await queueLength(scene.central)).toEqual({ waiting: 0, refused: 0 });
        const documents = events
          .filter(({ aggregate }) => aggregate === 'checkout')
          .map(({ payload }) => JSON.parse(payload));
        orders += documents.length;
        for (const document of documents) {
          expect(await scene.store.findDocuments({ limit: 1, region: 'boston' })).toEqual([document]);
        }
      }),
      { numRuns: RUNS, examples: EXAMPLES.map((one): [Purchase] => [one]) },
    );
    expect(orders).toBeGreaterThan(0);
  });

  const feed = () =>
    feedOnce(scene.central, {
      signal: new AbortController().signal,
      openStore: scene.openStore,
      openProducts: async () => undefined,
    });

  /** The facts of central are what the newest events say. */
  async function expectFacts(central: Database, events: readonly ShippedEvent[]): Promise<void> {
    const newest = new Map(events.map((event) => [`${event.aggregate} ${event.aggregateId}`, event]));
    for (const { aggregate, aggregateId, payload } of newest.values()) {
      const said = JSON.parse(payload) as Record<string, unknown>;
      if (aggregate === 'stock') {
        const rows = await central.fork().execute(`select name, on_hand from stock_fact where epoch = ${epoch}`);
        expect(rows).toEqual([{ name: said['name'], on_hand: said['onHand'] }]);
      } else if (aggregate === 'order') {
        const rows = await central
          .fork()
          .execute(`select country, checkout_id, quantity from order_fact where order_id = ${aggregateId}`);
        expect(rows).toEqual([
          { country: said['country'], checkout_id: said['checkoutId'], quantity: said['quantity'] },
        ]);
      }
    }
  }
});
