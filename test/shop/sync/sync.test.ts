/** A single sync of all regions and a running one: what is shipped, what is reported, and what blocks a region. */
import { expect, test } from '@jest/globals';
import type { Database } from '../../../src/database/database.ts';
import { migrateDown } from '../../../src/database/migrate.ts';
import { discardDeadLetter, listDeadLetters } from '../../../src/replication/inbox/dead-letters.ts';
import { writeEvents } from '../../../src/replication/outbox/write.ts';
import { compare } from '../../../src/shop/compare/compare.ts';
import { type SyncListener, type SyncOptions } from '../../../src/shop/sync/options.ts';
import { type SyncResult, syncOn, syncOnce } from '../../../src/shop/sync/sync.ts';
import { checkoutEvent } from '../../../src/shop/trading/events/checkout-event.ts';
import { documentOf } from '../../support/documents.ts';
import { type EngineName, forEachEngineThoroughly, type Place } from '../../support/engines.ts';
import { writeIn } from '../../support/folder.ts';
import { OCCURRED_AT } from '../../support/occurred.ts';
import { pointAt } from '../../support/point-at.ts';
import { openCentral, openRegion, regionalPlace, SWIFT, writeOrders } from '../../support/regional.ts';
import { until } from '../../support/until.ts';

/** A sync finds databases by their variables. */
async function placeOf(engine: EngineName): Promise<Place> {
  const place = await regionalPlace(engine, 'empty');
  for (const database of ['products', 'central', 'documents', 'orders.boston', 'orders.denver']) {
    pointAt(database, place.url(database));
  }
  return place;
}

/** Everything that a sync has reported, a sentence each. */
function record(): { readonly reported: string[]; readonly listener: SyncListener } {
  const reported: string[] = [];
  return {
    reported,
    listener: {
      migrated: (database, migrations) => reported.push(`${database} migrated by ${migrations.length}`),
      shipped: (region, events) => reported.push(`${region} shipped ${events}`),
      failed: (region, error) => reported.push(`${region} failed: ${error.message}`),
      info: (sentence) => reported.push(sentence),
      watched: (region) => reported.push(`${region} watched`),
      documents: {
        fed: ({ documents }) => reported.push(`${documents} documents fed`),
        failed: (error) => reported.push(`documents failed: ${error.message}`),
      },
    },
  };
}

const BOTH = ['boston', 'denver'];

function whole(options: Partial<SyncOptions> = {}): Promise<SyncResult> {
  const settings = { ...SWIFT, drainAttempts: 2, ...options.settings };
  return syncOnce({ regions: () => BOTH, signal: new AbortController().signal, ...options, settings });
}

/** What became of the regions. */
async function once(options: Partial<SyncOptions> = {}) {
  return (await whole(options)).regions;
}

/** Runs until the work is done. */
async function during(work: () => Promise<void>, options: Partial<SyncOptions> = {}): Promise<void> {
  const end = new AbortController();
  const running = syncOn({ regions: () => BOTH, settings: SWIFT, ...options, signal: end.signal });
  try {
    await Promise.race([work(), running.then(() => Promise.reject(new Error('it has ended by itself')))]);
  } finally {
    end.abort();
    await running;
  }
}

const isEqual = async (central: Database, region: Database) => (await compare(central, region)).differences === 0;

forEachEngineThoroughly((_, engine) => {
  test('one sync ships all events of each region, and a second one finds none left', async () => {
    const place = await placeOf(engine);
    const [boston, denver] = [await openRegion(place, 'boston'), await openRegion(place, 'denver')];
    await writeOrders(boston, { id: 1 }, { id: 2 });
    await writeOrders(denver, { id: 1 });
    const { reported, listener } = record();
    const deadLetters = { count: 0, examples: [] };
    expect(await once({ listener })).toEqual(
      new Map([
        ['boston', { shipped: 2, seconds: expect.any(Number), paused: false, deadLetters, failure: undefined }],
        ['denver', { shipped: 1, seconds: expect.any(Number), paused: false, deadLetters, failure: undefined }],
      ]),
    );
    expect(reported.sort()).toEqual([
      '0 documents fed',
      'boston shipped 2',
      expect.stringMatching(/^central migrated by/),
      'denver shipped 1',
    ]);
    const central = await openCentral(place);
    expect([await isEqual(central, boston), await isEqual(central, denver)]).toEqual([true, true]);
    expect([...(await once()).values()].map(({ shipped }) => shipped)).toEqual([0, 0]);
  });

  test('a region without a database is left out, unless central knows it: then it is lost', async () => {
    const place = await placeOf(engine);
    await writeOrders(await openRegion(place, 'boston'), { id: 1 });
    expect([...(await once()).keys()]).toEqual(['boston']);
    pointAt('orders.boston', (await regionalPlace(engine, 'empty')).url('orders.boston'));
    const { failure } = (await once()).get('boston') ?? {};
    expect(failure).toMatchObject({
      code: 'database',
      message:
        'boston has no database, and central has events of it. Restore it from a backup, or say where it is with ORDERS_DATABASE_URL_BOSTON.',
    });
  });

  test('a failure in one region does not block the other', async () => {
    const place = await placeOf(engine);
    const [boston, denver] = [await openRegion(place, 'boston'), await openRegion(place, 'denver')];
    await writeOrders(boston, { id: 1 });
    await writeOrders(denver, { id: 1 });
    await place.execute('orders.boston', 'drop table relay_state');
    const { reported, listener } = record();
    const results = await once({ listener });
    expect(results.get('boston')).toMatchObject({ shipped: 0, failure: expect.any(Error) });
    expect(results.get('denver')).toMatchObject({ shipped: 1, failure: undefined });
    expect(reported).toContainEqual(expect.stringMatching(/^boston failed: .*relay_state/));
  });

  test('a region whose relay is paused ships nothing, and reports it', async () => {
    const place = await placeOf(engine);
    await writeOrders(await openRegion(place, 'boston'), { id: 1 });
    await place.execute('orders.boston', 'update relay_state set paused = true');
    expect((await once()).get('boston')).toMatchObject({ shipped: 0, paused: true, failure: undefined });
  });

  test('every sync reports dead-lettered events, until they are resolved', async () => {
    const place = await placeOf(engine);
    const boston = await openRegion(place, 'boston');
    const isBroken = async (id: number) => {
      await writeOrders(boston, { id });
      await place.execute('orders.boston', `update outbox_event set payload = '{}' where aggregate_id = ${id}`);
      await once({ settings: { drainAttempts: 20 } });
    };
    await writeOrders(boston, { id: 1 });
    await isBroken(2);
    const nameOf = (id: number) =>
      `event ${id} of epoch 1 (order ${id} placed): the payload is about order nothing, the event about ${id}`;
    expect((await once()).get('boston')).toMatchObject({ deadLetters: { count: 1, examples: [nameOf(2)] } });
    for (const id of [3, 4, 5, 6, 7]) {
      await isBroken(id);
    }
    const examples = [2, 3, 4, 5, 6].map(nameOf);
    expect((await once()).get('boston')).toMatchObject({ deadLetters: { count: 6, examples } });
    const central = await openCentral(place);
    for (const { id } of await listDeadLetters(central)) {
      await discardDeadLetter(central, id);
    }
    expect((await once()).get('boston')).toMatchObject({ deadLetters: { count: 0, examples: [] } });
  });

  test.each(['order_fact', 'inbox_event', 'region_cursor', 'dead_letter'])(
    'while central has lost its table %s, nothing is lost or skipped, and it goes on when the table is back',
    async (table) => {
      const place = await placeOf(engine);
      const boston = await openRegion(place, 'boston');
      await writeOrders(boston, { id: 1 });
      await once();
      await writeOrders(boston, { id: 2 }, { id: 3 });
      await place.execute('central', `alter table ${table} rename to elsewhere`);
      const { failure } = (await once()).get('boston') ?? {};
      expect(failure).toMatchObject({
        code: 'database',
        message: expect.stringMatching(
          new RegExp(`^central: .* does not run a statement \\(.*${table}.*If its tables have been changed by hand`),
        ),
      });
      await place.execute('central', `alter table elsewhere rename to ${table}`);
      expect((await once()).get('boston')).toMatchObject({ shipped: 2, deadLetters: { count: 0 }, failure: undefined });
      expect(await isEqual(await openCentral(place), boston)).toBe(true);
    },
  );

  test('a fault of one region does not block the other', async () => {
    const place = await placeOf(engine);
    const [boston, denver] = [await openRegion(place, 'boston'), await openRegion(place, 'denver')];
    await writeOrders(boston, { id: 1 });
    const { document } = documentOf({ region: 'denver' });
    await denver
      .fork()
      .transactional((em) => writeEvents(denver, em, [checkoutEvent(document, 'placed', OCCURRED_AT)]));
    await openCentral(place);
    await place.execute('central', 'alter table order_fact rename to elsewhere');
    const results = await once();
    expect(results.get('boston')).toMatchObject({ shipped: 0, failure: { code: 'database' } });
    expect(results.get('denver')).toMatchObject({ shipped: 1, deadLetters: { count: 0 }, failure: undefined });
    await place.execute('central', 'alter table elsewhere rename to order_fact');
    expect((await once()).get('boston')).toMatchObject({ shipped: 1, deadLetters: { count: 0 }, failure: undefined });
  });

  test('documents are brought to their store, and wait in central while it is unreachable', async () => {
    const place = await placeOf(engine);
    const boston = await openRegion(place, 'boston');
    const { document } = documentOf({ region: 'boston' });
    await boston
      .fork()
      .transactional((em) => writeEvents(boston, em, [checkoutEvent(document, 'placed', OCCURRED_AT)]));
    pointAt('documents', `sqlite:${writeIn(place.folder, 'broken.db', 'This is no database. '.repeat(100))}`);
    const { reported, listener } = record();
    const { regions, documents } = await whole({ listener });
    expect(regions.get('boston')).toMatchObject({ shipped: 1, failure: undefined });
    expect(documents).toMatchObject({ documents: 0, failure: { code: 'database' } });
    expect(reported).toContainEqual(expect.stringMatching(/^documents failed: documents: /));
    pointAt('documents', place.url('documents'));
    expect(await whole({ listener })).toMatchObject({ documents: { documents: 1, refused: 0, failure: undefined } });
    expect(reported).toContainEqual(expect.stringMatching(/^documents migrated by/));
    expect(reported.at(-1)).toBe('1 documents fed');
  });

  test('what a relay finds out about central is reported', async () => {
    const place = await placeOf(engine);
    await writeOrders(await openRegion(place, 'boston'), { id: 1 });
    await once();
    pointAt('central', (await regionalPlace(engine, 'empty')).url('central'));
    const { reported, listener } = record();
    await once({ listener });
    expect(reported).toContainEqual(expect.stringMatching(/^orders\.boston: central no longer knows this region; /));
  });

  test('a running sync ships what is written meanwhile, and finds new regions', async () => {
    const place = await placeOf(engine);
    const boston = await openRegion(place, 'boston');
    const { reported, listener } = record();
    await during(
      async () => {
        await until('boston is watched', () => reported.includes('boston watched'));
        await writeOrders(boston, { id: 1 });
        await until('its order is shipped', () => reported.includes('boston shipped 1'));
        const denver = await openRegion(place, 'denver');
        await writeOrders(denver, { id: 7 });
        await until('that of the new region as well', () => reported.includes('denver shipped 1'));
      },
      { listener },
    );
    const central = await openCentral(place);
    expect(await isEqual(central, boston)).toBe(true);
  });

  test('a running sync reports events when they are dead-lettered', async () => {
    const place = await placeOf(engine);
    const boston = await openRegion(place, 'boston');
    await writeOrders(boston, { id: 1 }, { id: 2 });
    await place.execute('orders.boston', `update outbox_event set payload = '{}' where aggregate_id = 2`);
    const deadLettered: string[] = [];
    const listener: SyncListener = {
      deadLettered: ({ region }, failures) =>
        deadLettered.push(...failures.map(({ event }) => `${region} ${event.aggregateId}`)),
    };
    await during(async () => until('it was reported', () => deadLettered.length > 0), { listener });
    expect(deadLettered).toEqual(['boston 2']);
  });

  test('a running sync reports a region that cannot be opened, and goes on with the others', async () => {
    const place = await placeOf(engine);
    const boston = await openRegion(place, 'boston');
    pointAt('orders.denver', `sqlite:${writeIn(place.folder, 'broken.db', 'This is no database. '.repeat(100))}`);
    const { reported, listener } = record();
    await during(
      async () => {
        await until('it was reported', () => reported.some((one) => one.startsWith('denver failed: orders.denver: ')));
        await writeOrders(boston, { id: 1 });
        await until('the other goes on', () => reported.includes('boston shipped 1'));
      },
      { listener },
    );
    expect(reported).not.toContain('denver watched');
  });

  test('a region that lacks migrations is migrated first', async () => {
    const place = await placeOf(engine);
    await migrateDown(await openRegion(place, 'boston'));
    const { reported, listener } = record();
    await once({ listener });
    expect(reported).toContain('orders.boston migrated by 1');
  });
});
