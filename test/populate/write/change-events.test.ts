/** The change events of a populate in a region: one for each row that it changes, in the same transaction. */
import { describe, expect, test } from '@jest/globals';
import { UNDECIDED_STATES } from '../../../src/loads/run-tables.ts';
import type { PopulateOptions } from '../../../src/populate/options.ts';
import { fileSource } from '../../../src/populate/read/file.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../../support/engines.ts';
import { writeIn } from '../../support/folder.ts';
import { killedLoad } from '../../support/killed-load.ts';
import { regionalCatalog } from '../../support/regional-catalog.ts';
import { sourceOf, streamOf } from '../../support/sources.ts';

const BOSTON = 'orders.boston';
const catalog = regionalCatalog(BOSTON);

const user = (id: number) => ({ id, name: `User ${id}`, email: `user${id}@example.com` });
const product = (id: number) => ({ id, sku: `S${id}`, name: `Product ${id}`, price: '1' });
const order = (id: number, userId: number, quantity = 1) => ({ id, userId, productId: 1, quantity });

const run = (place: Place, sources: PopulateOptions['sources'], options: Partial<PopulateOptions> = {}) =>
  populateIn(place, { catalog, sources, onConflict: 'update', ...options });

const targets = () => ({ users: sourceOf([user(1), user(2)]), products: sourceOf([product(1)]) });

/** Orders 1 and 2 of users who are there. */
async function begin(place: Place): Promise<void> {
  await run(place, { ...targets(), [BOSTON]: sourceOf([order(1, 1), order(2, 2)]) });
}

/** Moves order 1 to a user who does not exist, changes 2, and brings 3 (dangling) and 4. */
const changes = [order(1, 99, 5), order(2, 2, 7), order(3, 98), order(4, 1)];

interface OrderRow {
  readonly id: number;
  readonly user_id: number;
  readonly quantity: number;
  readonly version: number;
  readonly status: string;
}

interface EventRow {
  readonly aggregate_id: number;
  readonly aggregate_version: number;
  readonly run: string;
  readonly type: string;
  readonly payload: string;
}

const ordersIn = async (place: Place) => (await place.rowsOf('orders', BOSTON)) as OrderRow[];
const eventsIn = async (place: Place) => (await place.rowsOf('outbox_event', BOSTON)) as EventRow[];
const runsIn = (place: Place) => place.execute(BOSTON, 'select id, state from meridian_runs_orders order by id');

/**
 * The id, user, quantity and version of each order. Every version of it has an event, and the last event has its present values. Only
 * the version that a reverted update restored may have two events.
 */
async function inStep(place: Place): Promise<[number, number, number, number][]> {
  const rows = await ordersIn(place);
  const events = (await eventsIn(place)).toSorted((a, b) => a.aggregate_version - b.aggregate_version);
  const ofOrders = Map.groupBy(events, ({ aggregate_id }) => aggregate_id);
  expect([...ofOrders.keys()].sort((a, b) => a - b)).toEqual(rows.map(({ id }) => id));
  for (const { id, user_id, quantity, version } of rows) {
    const ofOrder = ofOrders.get(id) ?? [];
    const versions = ofOrder.map((event) => event.aggregate_version);
    expect(versions.filter((one, index) => one !== version && versions.indexOf(one) !== index)).toEqual([]);
    expect([id, [...new Set(versions)]]).toEqual([id, Array.from({ length: version }, (_, index) => index + 1)]);
    expect(JSON.parse(ofOrder.at(-1)?.payload ?? '')).toMatchObject({ id, userId: user_id, quantity });
  }
  return rows.map(({ id, user_id, quantity, version }) => [id, user_id, quantity, version]);
}

/** What the changes come to, however they are brought in. */
const CHANGED = [
  [1, 1, 1, 1],
  [2, 2, 7, 2],
  [4, 1, 1, 1],
];

forEachEngineMigratedThoroughly('trading', (makePlace) => {
  test('an inserted row has one event, with all that it holds and the run; one that dangles has none', async () => {
    const place = await makePlace();
    const report = await run(place, {
      ...targets(),
      [BOSTON]: sourceOf([
        { ...order(1, 1), unitPrice: '2.5', placedAt: '2010-12-01T09:26:00+01:00', country: 'Norway', version: 7 },
        { ...order(2, 2), status: 'cancelled', checkoutId: 'A-1' },
        order(3, 98),
        order(4, 0),
      ]),
    });
    expect(countsOf(report)[BOSTON]).toEqual({ read: 4, inserted: 2, updated: 0, unchanged: 0, rejected: 2 });
    expect(await inStep(place)).toEqual([
      [1, 1, 1, 1],
      [2, 2, 1, 1],
    ]);
    const events = await eventsIn(place);
    const [{ id: runId } = {}] = await runsIn(place);
    expect(events).toMatchObject([
      { aggregate: 'order', aggregate_id: 1, type: 'loaded', epoch: null, seq: null, run: runId },
      { aggregate: 'order', aggregate_id: 2, type: 'loaded', epoch: null, seq: null, run: runId },
    ]);
    const nothing = { unitPrice: null, placedAt: null, country: null, checkoutId: null };
    expect(events.map(({ payload }) => JSON.parse(payload))).toEqual([
      {
        ...order(1, 1),
        ...nothing,
        status: 'confirmed',
        unitPrice: '2.50',
        placedAt: '2010-12-01T08:26:00.000Z',
        country: 'Norway',
      },
      { ...order(2, 2), ...nothing, status: 'cancelled', checkoutId: 'A-1' },
    ]);
  });

  test('an update raises the version and has an event with the whole row; a reverted one leaves neither, an unchanged row has no event', async () => {
    const place = await makePlace();
    await begin(place);
    const report = await run(place, { [BOSTON]: sourceOf(changes) });
    expect(countsOf(report)[BOSTON]).toEqual({ read: 4, inserted: 1, updated: 1, unchanged: 0, rejected: 2 });
    expect(await inStep(place)).toEqual(CHANGED);
    const events = await eventsIn(place);
    const again = await run(place, { [BOSTON]: sourceOf([order(1, 1), order(2, 2, 7), order(4, 1)]) });
    expect(countsOf(again)[BOSTON]).toMatchObject({ unchanged: 3 });
    expect(await eventsIn(place)).toEqual(events);
    await run(place, { [BOSTON]: sourceOf([order(2, 1, 8)]) });
    expect(await inStep(place)).toEqual([[1, 1, 1, 1], [2, 1, 8, 3], CHANGED[2]]);
  });

  test('a row that was published before stays when its user has been deleted since, and its record is rejected', async () => {
    const place = await makePlace();
    await begin(place);
    await place.execute('users', 'delete from users where id = 2');
    const report = await run(place, { [BOSTON]: sourceOf([order(1, 1), order(2, 2)]) });
    expect(countsOf(report)[BOSTON]).toMatchObject({ unchanged: 1, rejected: 1 });
    expect(await inStep(place)).toEqual([
      [1, 1, 1, 1],
      [2, 2, 1, 1],
    ]);
  });

  test('rows that another writer has changed and published since they were loaded stay as they are', async () => {
    const place = await makePlace();
    await begin(place);
    const loaded = Promise.withResolvers<void>();
    // between the load of the orders and their check, for the users are still coming
    const waiting = streamOf(async function* () {
      await loaded.promise;
      await place.execute(BOSTON, "update orders set version = version + 1, status = 'cancelled' where id in (1, 3)");
      yield [{ number: 1, line: 2, record: user(1) }];
    });
    const report = await run(
      place,
      { users: waiting, [BOSTON]: sourceOf(changes) },
      { listener: { loaded: (database) => database === BOSTON && loaded.resolve() } },
    );
    expect(countsOf(report)[BOSTON]).toEqual({ read: 4, inserted: 1, updated: 1, unchanged: 0, rejected: 2 });
    expect((await ordersIn(place)).map(({ id, user_id, version, status }) => [id, user_id, version, status])).toEqual([
      [1, 99, 3, 'cancelled'],
      [2, 2, 2, 'confirmed'],
      [3, 98, 2, 'cancelled'],
      [4, 1, 1, 'confirmed'],
    ]);
  });

  test('many that dangle go together with their events', async () => {
    const place = await makePlace();
    const many = Array.from({ length: 2500 }, (_, index) => order(index + 1, index % 500 === 0 ? 1 : 99));
    const report = await run(place, { ...targets(), [BOSTON]: sourceOf(many) });
    expect(countsOf(report)[BOSTON]).toMatchObject({ inserted: 5, rejected: 2495 });
    expect((await inStep(place)).map(([id]) => id)).toEqual([1, 501, 1001, 1501, 2001]);
  });

  test('a dry run reports the same and writes nothing', async () => {
    const place = await makePlace();
    await begin(place);
    const before = [await ordersIn(place), await eventsIn(place)];
    const dry = await run(place, { [BOSTON]: sourceOf(changes) }, { dryRun: true });
    expect([await ordersIn(place), await eventsIn(place)]).toEqual(before);
    expect(countsOf(dry)).toEqual(countsOf(await run(place, { [BOSTON]: sourceOf(changes) })));
    expect(await inStep(place)).toEqual(CHANGED);
  });

  test('where the users did not all come, no order is decided on; once they have, what dangles goes with its events', async () => {
    const place = await makePlace();
    const fileOf = (name: string, records: unknown, end = '') =>
      fileSource(writeIn(place.folder, `${name}.json`, `${JSON.stringify(records)}${end}`));
    const others = () => ({
      products: fileOf('products', [product(1)]),
      [BOSTON]: fileOf('orders', [order(1, 1), order(2, 2)]),
    });
    const report = await run(place, { users: fileOf('users', [user(1)], 'and more'), ...others() });
    expect(report.databases['users']?.failure).toMatchObject({ code: 'source' });
    expect(report.databases[BOSTON]).toMatchObject({ inserted: 2, rejected: 0, isUnfinished: true });
    expect(await inStep(place)).toEqual([
      [1, 1, 1, 1],
      [2, 2, 1, 1],
    ]);
    const [{ id: open, state } = {}] = await runsIn(place);
    expect(UNDECIDED_STATES).toContain(state);
    expect((await eventsIn(place)).map((event) => event.run)).toEqual([open, open]);
    const { databases } = await run(place, { users: fileOf('users', [user(1)]), ...others() });
    expect(databases[BOSTON]).toMatchObject({ inserted: 1, rejected: 1, failure: undefined });
    expect(await inStep(place)).toEqual([[1, 1, 1, 1]]);
    expect((await runsIn(place)).map((one) => one['state'])).toEqual(['finished']);
  });

  describe('a run that is killed', () => {
    /** Before its references are checked, or earlier. */
    const kill = (place: Place, orders: readonly unknown[] | string, after?: [string, number]) =>
      killedLoad(
        { folder: place.folder, sources: { [BOSTON]: orders }, ...(after === undefined ? {} : { after }) },
        place.environment('users', 'products', BOSTON),
      );

    test.each<[string, [string, number] | undefined]>([
      ['before its references are checked', undefined],
      ['in mid-load', [BOSTON, 2]],
    ])('%s, and continued', async (_, when) => {
      const place = await makePlace();
      await begin(place);
      const file = writeIn(place.folder, 'orders.ndjson', changes.map((one) => `${JSON.stringify(one)}\n`).join(''));
      await kill(place, file, when);
      const [, { id: open, state } = {}] = await runsIn(place);
      expect(['loading', 'loaded']).toContain(state);
      // before the check, the rows have events of the run that is still open
      const withheld = (await eventsIn(place)).filter((event) => event.run === open);
      expect(withheld.map((event) => [event.aggregate_id, event.aggregate_version]).slice(0, 2)).toEqual([
        [1, 2],
        [2, 2],
      ]);
      const report = await run(place, { [BOSTON]: fileSource(file) }, { batchRecords: 2 });
      expect(countsOf(report)[BOSTON]).toEqual({ read: 4, inserted: 1, updated: 1, unchanged: 0, rejected: 2 });
      expect(await inStep(place)).toEqual(CHANGED);
      expect((await runsIn(place)).map((one) => one['state'])).toEqual(['finished', 'finished']);
      expect((await eventsIn(place)).filter((event) => event.run === open)).toHaveLength(2);
    });

    test('and given up for another: what stays of it has its events, and no more', async () => {
      const place = await makePlace();
      await begin(place);
      await kill(place, changes);
      expect((await eventsIn(place)).length).toBe(6);
      const report = await run(place, { [BOSTON]: sourceOf([order(1, 99), order(2, 2, 7), order(5, 2)]) });
      expect(countsOf(report)[BOSTON]).toEqual({ read: 3, inserted: 1, updated: 0, unchanged: 1, rejected: 1 });
      expect((await runsIn(place)).map((one) => one['state'])).toEqual(['finished', 'abandoned', 'finished']);
      expect(await inStep(place)).toEqual([...CHANGED, [5, 2, 1, 1]]);
    });
  });
});

forEachEngineMigratedThoroughly('catalog', (makePlace) => {
  test('versions rise without an outbox as well, and are restored', async () => {
    const place = await makePlace();
    const plain = (records: readonly unknown[]) =>
      populateIn(place, { sources: { ...targets(), orders: sourceOf(records) }, onConflict: 'update' });
    await plain([order(1, 1), order(2, 2)]);
    await plain(changes);
    const rows = (await place.rowsOf('orders')) as OrderRow[];
    expect(rows.map(({ id, user_id, quantity, version }) => [id, user_id, quantity, version])).toEqual(CHANGED);
    expect(await place.rowsOf('outbox_event', 'orders')).toEqual([]);
  });
});
