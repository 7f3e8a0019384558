/** Whatever happens at whatever statement: all of it or nothing, and the same again does it once. */
import { expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { cancelCheckout } from '../../../src/shop/trading/cancel-order.ts';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import { settlePending } from '../../../src/shop/trading/settle-pending.ts';
import { addUsersAndProducts, BOSTON, disagreements, onHandOf, openBoston } from '../../support/boston.ts';
import { withClocks } from '../../support/clocks.ts';
import { sqlitePlace } from '../../support/engines.ts';
import { type StatementWatch, watchStatements } from '../../support/faults/statements.ts';
import { makeFolder } from '../../support/folder.ts';

const PERMANENT = () => new SqliteFile.SqliteError('database or disk is full', 'SQLITE_FULL');
const PASSING = () => new SqliteFile.SqliteError('database is locked', 'SQLITE_BUSY');

type Moment = 'before' | 'after';

/** @returns what throws at a statement, once */
function faultAt(statement: number, moment: Moment, error: () => Error): StatementWatch {
  return {
    [moment](number: number) {
      if (number === statement) {
        throw error();
      }
    },
  };
}

const cases = (['before', 'after'] as const).flatMap((moment) => [
  { moment, kind: 'a full disk', error: PERMANENT },
  { moment, kind: 'a lock', error: PASSING },
]);

/** Time passes for a region only where a test says so. */
const clock = { time: 0 };

test.each(cases)('$kind $moment every statement', (fault) =>
  withClocks({ monotonic: () => clock.time }, () => failEverywhere(fault)),
);

async function failEverywhere({ moment, error }: (typeof cases)[number]): Promise<void> {
  const place = sqlitePlace(makeFolder());
  await addUsersAndProducts(place);
  const alone = await openBoston(place, {
    databaseOptions: (name) => (name === BOSTON ? place : sqlitePlace(place.folder.concat('/nowhere'))).options(name),
  });
  const region = await openBoston(place);
  let faults = 0;

  /** Does something as often as it has statements, each time with a fault at another; `key` is another each time. */
  async function tryEach(
    name: string,
    work: (key: string) => Promise<unknown>,
    check: (key: string) => Promise<void>,
    prepare: (key: string) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<void> {
    for (let statement = 1; ; statement++) {
      const key = `${name} ${statement}`;
      await prepare(key);
      let thrown: unknown;
      const statements = await watchStatements(faultAt(statement, moment, error), () =>
        work(key).then(
          () => undefined,
          (reason: unknown) => {
            thrown = reason;
          },
        ),
      );
      if (statements < statement) {
        expect(thrown).toBeUndefined();
        return;
      }
      faults++;
      if (thrown !== undefined) {
        expect(thrown).toMatchObject({ code: error === PERMANENT ? 'database' : 'locked' });
      }
      expect(await disagreements(place)).toEqual([]);
      // a database that could not be asked is asked again by then
      clock.time += 10_000;
      await work(key);
      await check(key);
      expect(await disagreements(place)).toEqual([]);
    }
  }

  let onHand = 0;
  await tryEach(
    'receive',
    function receive(key) {
      return receiveStock(region, { productId: 1, quantity: 7, price: '1', key });
    },
    async () => {
      onHand += 7;
      expect(await onHandOf(place, 1)).toBe(onHand);
    },
  );
  onHand = Number(await onHandOf(place, 1));
  const count = async () => (await place.rowsOf('orders', BOSTON)).length;
  let orders = 0;
  await tryEach(
    'place',
    function placeOne(key) {
      return placeOrder(region, { userId: 1, items: [{ productId: 1, quantity: 1 }], key });
    },
    async () => {
      expect([await count(), await onHandOf(place, 1)]).toEqual([++orders, --onHand]);
    },
  );
  orders = await count();
  onHand = Number(await onHandOf(place, 1));
  const onlyOrder = async (key: string) =>
    (await place.execute(BOSTON, `select status, version from orders where checkout_id = '${key}'`))[0];
  await tryEach(
    'cancel',
    function cancel(key) {
      return cancelCheckout(region, key);
    },
    async (key) => {
      expect(await onlyOrder(key)).toEqual({ status: 'cancelled', version: 2 });
      expect(await onHandOf(place, 1)).toBe(onHand);
    },
    (key) => placeOrder(region, { userId: 1, items: [{ productId: 1, quantity: 2 }], key }),
  );
  for (const [userId, status] of [
    [1, 'confirmed'],
    [9, 'cancelled'],
  ] as const) {
    await tryEach(
      status,
      function settle() {
        return settlePending(region);
      },
      async (key) => {
        expect(await onlyOrder(key)).toEqual({ status, version: 2 });
      },
      (key) => placeOrder(alone, { userId, items: [{ productId: 1, quantity: 1 }], key }),
    );
  }
  expect(faults).toBeGreaterThan(30);
}
