/** Batches in central: applied once each, in any order, and dead-lettered when they are unreadable. */
import { expect, test } from '@jest/globals';
import type { Database } from '../../../src/database/database.ts';
import { MAX_PAYLOAD_BYTES } from '../../../src/replication/events/envelope.ts';
import { positionOf } from '../../../src/replication/inbox/cursor.ts';
import {
  describeFailure,
  type Failure,
  listDeadLetters,
  MAX_ATTEMPTS,
} from '../../../src/replication/inbox/dead-letters.ts';
import type { Batch, ShippedEvent } from '../../../src/replication/transport/transport.ts';
import { applyBatch } from '../../../src/shop/central/apply.ts';
import { forEachEngineThoroughly, type Place } from '../../support/engines.ts';
import { openCentral, regionalPlace } from '../../support/regional.ts';
import { batchOf, checkoutAt, completedAt, orderAt, stockAt } from '../../support/shipped.ts';

forEachEngineThoroughly((_, engine) => {
  async function scene(): Promise<{ readonly place: Place; readonly central: Database }> {
    const place = await regionalPlace(engine);
    return { place, central: await openCentral(place) };
  }

  const factsIn = (place: Place) =>
    place.execute('central', 'select region, order_id, epoch, version, quantity from order_fact order by 1, 2');
  const idsIn = async (place: Place, region = 'boston') =>
    (await factsIn(place)).flatMap((one) => (one['region'] === region ? [one['order_id']] : []));
  const cursorIn = async (place: Place, region = 'boston') =>
    (
      await place.execute('central', `select epoch, seq, head_seq from region_cursor where region = '${region}'`)
    )[0] as unknown;
  const everythingIn = (place: Place) =>
    Promise.all(
      ['order_fact', 'stock_fact', 'inbox_event', 'region_cursor', 'dead_letter'].map((table) =>
        place.execute('central', `select * from ${table}`),
      ),
    );
  /** Brings a batch again as a relay does, until it is accepted. @returns the errors on the way */
  async function bring(central: Database, batch: Batch): Promise<string[]> {
    const errors: string[] = [];
    for (;;) {
      try {
        await applyBatch(central, batch);
        return errors;
      } catch (error) {
        errors.push((error as Error).message);
        if (errors.length > 20) {
          throw error;
        }
      }
    }
  }

  test('a batch that comes again changes nothing', async () => {
    const { place, central } = await scene();
    const batch = batchOf([orderAt(1), orderAt(2), stockAt(3)]);
    await applyBatch(central, batch);
    const withoutHearing = async () => (await everythingIn(place)).filter((_rows, index) => index !== 3);
    const before = await withoutHearing();
    await applyBatch(central, batch);
    expect(await withoutHearing()).toEqual(before);
    expect(await cursorIn(place)).toEqual({ epoch: 1, seq: 3, head_seq: 3 });
    expect(await positionOf(central, 'boston')).toEqual({
      epoch: 1,
      seq: 3,
      headSeq: 3,
      eventId: batch.events[2]?.eventId,
      deadLetters: 0,
    });
  });

  test('an epoch that a region cannot have reached is refused, and does not keep the region out', async () => {
    const { place, central } = await scene();
    const forged = (seq: number) => batchOf([orderAt(seq)], { epoch: 999_999_999_999_999 });
    await expect(applyBatch(central, forged(1))).rejects.toMatchObject({
      code: 'event',
      message:
        'central: boston publishes in epoch 999999999999999, which it cannot have reached, so nothing is taken from it. See the column epoch of its table relay_state.',
    });
    expect(await cursorIn(place)).toBeUndefined();
    await applyBatch(central, batchOf([orderAt(1)]));
    await expect(applyBatch(central, forged(2))).rejects.toThrow(
      'central: boston publishes in epoch 999999999999999, which it cannot have reached after epoch 1,',
    );
    await applyBatch(central, batchOf([orderAt(2)]));
    expect(await cursorIn(place)).toEqual({ epoch: 1, seq: 2, head_seq: 2 });
    // what restores and commands can bring about is reachable
    await applyBatch(central, batchOf([orderAt(1)], { epoch: 1000 }));
    expect(await cursorIn(place)).toEqual({ epoch: 1000, seq: 1, head_seq: 1 });
    expect(await listDeadLetters(central)).toEqual([]);
  });

  test('of batches that overlap, each event counts once', async () => {
    const { place, central } = await scene();
    const events = [1, 2, 3, 4].map((seq) => orderAt(seq));
    await applyBatch(central, batchOf(events.slice(0, 3)));
    await applyBatch(central, batchOf(events.slice(1)));
    expect(await idsIn(place)).toEqual([1, 2, 3, 4]);
    expect(await place.execute('central', 'select seq from inbox_event order by seq')).toHaveLength(4);
    expect(await cursorIn(place)).toEqual({ epoch: 1, seq: 4, head_seq: 4 });
  });

  test('after a gap facts are in and the cursor waits, until it is closed', async () => {
    const { place, central } = await scene();
    const events = [1, 2, 3, 4, 5, 6].map((seq) => orderAt(seq));
    const of = (from: number, to: number) => batchOf(events.slice(from - 1, to), { headSeq: 6 });
    await applyBatch(central, of(5, 6));
    expect(await idsIn(place)).toEqual([5, 6]);
    expect(await cursorIn(place)).toEqual({ epoch: 1, seq: 0, head_seq: 6 });
    expect(await positionOf(central, 'boston')).toMatchObject({ epoch: 1, seq: 0, eventId: null });
    await applyBatch(central, of(1, 2));
    expect(await cursorIn(place)).toEqual({ epoch: 1, seq: 2, head_seq: 6 });
    await applyBatch(central, of(3, 4));
    expect(await cursorIn(place)).toEqual({ epoch: 1, seq: 6, head_seq: 6 });
    expect(await idsIn(place)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('a closed gap moves the cursor over more events than one page', async () => {
    const { place, central } = await scene();
    const events = Array.from({ length: 2503 }, (_one, index) => orderAt(index + 1));
    await applyBatch(central, batchOf(events.slice(1)));
    expect(await cursorIn(place)).toMatchObject({ seq: 0, head_seq: 2503 });
    await applyBatch(central, batchOf(events.slice(0, 1), { headSeq: 2503 }));
    expect(await cursorIn(place)).toMatchObject({ seq: 2503, head_seq: 2503 });
  });

  test('the events of a batch need not stand in order', async () => {
    const { place, central } = await scene();
    await applyBatch(central, batchOf([3, 1, 2].map((seq) => orderAt(seq))));
    expect(await cursorIn(place)).toEqual({ epoch: 1, seq: 3, head_seq: 3 });
  });

  test.each([
    ['in one batch', [[1, 2, 3]]],
    ['in one batch, the newest first', [[3, 2, 1]]],
    ['in batches', [[1], [2], [3]]],
    ['in batches, the newest first', [[3], [2], [1]]],
    ['in batches, the newest in the middle', [[1], [3], [2]]],
  ])('of several versions the newest stays: %s', async (_name, order) => {
    const { place, central } = await scene();
    for (const versions of order) {
      await applyBatch(
        central,
        batchOf(
          versions.flatMap((version) => [
            orderAt(version * 2 - 1, { id: 9, version, quantity: version * 10 }),
            stockAt(version * 2, { version, onHand: version * 100 }),
          ]),
          { headSeq: 6 },
        ),
      );
    }
    expect(await factsIn(place)).toEqual([{ region: 'boston', order_id: 9, epoch: 1, version: 3, quantity: 30 }]);
    expect(await place.execute('central', 'select version, on_hand from stock_fact')).toEqual([
      { version: 3, on_hand: 300 },
    ]);
    expect(await cursorIn(place)).toEqual({ epoch: 1, seq: 6, head_seq: 6 });
  });

  test('a batch of an earlier epoch is ignored', async () => {
    const { place, central } = await scene();
    await applyBatch(central, batchOf([orderAt(1, { id: 5, version: 2 })], { epoch: 2 }));
    await applyBatch(central, batchOf([orderAt(1, { id: 5, version: 9 }), orderAt(2, { id: 6 })]));
    expect(await factsIn(place)).toMatchObject([{ order_id: 5, epoch: 2, version: 2 }]);
    expect(await cursorIn(place)).toEqual({ epoch: 2, seq: 1, head_seq: 1 });
    expect(await place.execute('central', 'select epoch from inbox_event')).toEqual([{ epoch: 2 }]);
  });

  test('a new epoch begins at 1 and its versions replace equal and greater ones', async () => {
    const { place, central } = await scene();
    const of = (...versions: number[]) =>
      versions.map((version, index) => orderAt(index + 1, { version, quantity: version }));
    await applyBatch(central, batchOf(of(5, 5, 5), { headSeq: 8 }));
    await applyBatch(central, batchOf(of(5, 4), { epoch: 3, headSeq: 2 }));
    expect(await factsIn(place)).toMatchObject([
      { order_id: 1, epoch: 3, version: 5 },
      { order_id: 2, epoch: 3, version: 4, quantity: 4 },
      { order_id: 3, epoch: 1, version: 5 },
    ]);
    expect(await cursorIn(place)).toEqual({ epoch: 3, seq: 2, head_seq: 2 });
  });

  test('a completed snapshot removes what earlier epochs have left of its region, and nothing else', async () => {
    const { place, central } = await scene();
    for (const region of ['boston', 'denver']) {
      await bring(
        central,
        batchOf([orderAt(1), orderAt(2), stockAt(3), stockAt(4, { productId: 8 }), orderAt(5, {}, { payload: '!' })], {
          region,
        }),
      );
    }
    await applyBatch(central, batchOf([orderAt(1), stockAt(2)], { epoch: 2 }));
    expect(await idsIn(place)).toEqual([1, 2]);
    await bring(central, batchOf([orderAt(3, {}, { payload: '?' }), completedAt(4, 2)], { epoch: 2 }));
    expect(await idsIn(place)).toEqual([1]);
    expect(await idsIn(place, 'denver')).toEqual([1, 2]);
    expect(await place.execute('central', 'select region, product_id from stock_fact order by 1, 2')).toEqual([
      { region: 'boston', product_id: 7 },
      { region: 'denver', product_id: 7 },
      { region: 'denver', product_id: 8 },
    ]);
    const letters = await listDeadLetters(central);
    expect(letters.map(({ region, epoch }) => [region, epoch])).toEqual([
      ['denver', 1],
      ['boston', 2],
    ]);
    expect(await listDeadLetters(central, 'denver')).toHaveLength(1);
  });

  test('a snapshot that was completed in a later epoch than it began in keeps what came since it began', async () => {
    const { place, central } = await scene();
    await applyBatch(central, batchOf([orderAt(1), orderAt(2), orderAt(3)]));
    await applyBatch(central, batchOf([orderAt(1)], { epoch: 2 }));
    await applyBatch(central, batchOf([orderAt(1, { id: 2 }), completedAt(2, 2)], { epoch: 3 }));
    expect(await factsIn(place)).toMatchObject([
      { order_id: 1, epoch: 2 },
      { order_id: 2, epoch: 3 },
    ]);
  });

  test('regions do not touch each other', async () => {
    const { place, central } = await scene();
    await applyBatch(central, batchOf([orderAt(1, { version: 3 }), orderAt(2)]));
    await applyBatch(central, batchOf([orderAt(1, { version: 1, quantity: 8 })], { region: 'denver', epoch: 4 }));
    expect(await factsIn(place)).toEqual([
      { region: 'boston', order_id: 1, epoch: 1, version: 3, quantity: 3 },
      { region: 'boston', order_id: 2, epoch: 1, version: 1, quantity: 3 },
      { region: 'denver', order_id: 1, epoch: 4, version: 1, quantity: 8 },
    ]);
    expect(await cursorIn(place)).toEqual({ epoch: 1, seq: 2, head_seq: 2 });
    expect(await cursorIn(place, 'denver')).toEqual({ epoch: 4, seq: 1, head_seq: 1 });
  });

  test('batches of one region, and of several, may come at the same time', async () => {
    const { place, central } = await scene();
    const batches = ['boston', 'denver', 'seattle'].flatMap((region) =>
      [1, 2, 3, 4, 5].flatMap((from) => {
        const batch = batchOf(
          [from, from + 1, from + 2].map((seq) => orderAt(seq, { version: seq }, { eventId: `${region} ${seq}` })),
          { region },
        );
        return [batch, batch];
      }),
    );
    await Promise.all(batches.map((batch) => applyBatch(central, batch)));
    for (const region of ['boston', 'denver', 'seattle']) {
      expect(await idsIn(place, region)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(await cursorIn(place, region)).toEqual({ epoch: 1, seq: 7, head_seq: 7 });
    }
    expect(await listDeadLetters(central)).toEqual([]);
  });

  /** What is wrong with an event, and what is said of it. */
  const UNREADABLE: readonly (readonly [string, (seq: number) => ShippedEvent, RegExp])[] = [
    ['is no JSON', (seq) => orderAt(seq, {}, { payload: '{"id":' }), /not a JSON object/],
    ['is an array', (seq) => orderAt(seq, {}, { payload: '[1]' }), /not a JSON object/],
    ['is null', (seq) => orderAt(seq, {}, { payload: 'null' }), /not a JSON object/],
    ['is empty', (seq) => orderAt(seq, {}, { payload: '{}' }), /about order nothing, the event about/],
    ['is about another order', (seq) => orderAt(seq, {}, {}, { id: 99 }), /is about order 99, the event about/],
    ['is about the order as text', (seq) => orderAt(seq, {}, {}, { id: String(seq) }), /is about order/],
    [
      'is about what cannot be shown',
      (seq) => orderAt(seq, {}, {}, { id: { toString: 1, valueOf: 1 } }),
      /is about order/,
    ],
    ['is about a zero character', (seq) => orderAt(seq, {}, {}, { id: '\0' }), /is about order/],
    ['is of a newer version', (seq) => orderAt(seq, {}, { schemaVersion: 2 }), /schema version 2 is not known here/],
    ['is about an unknown kind of thing', (seq) => orderAt(seq, {}, { aggregate: 'refund' }), /events about "refund"/],
    ['is about a nameless thing', (seq) => orderAt(seq, {}, { aggregate: '\0' }), /events about "/],
    [
      'is of a region, and unknown',
      (seq) => ({ ...completedAt(seq, 1), type: 'closed' }),
      /an event closed of a region/,
    ],
    ['says no epoch', (seq) => ({ ...completedAt(seq, 1), payload: '{"epoch":"1"}' }), /of a region is not known/],
    ['has three decimals', (seq) => orderAt(seq, {}, {}, { unitPrice: '1.999' }), /Unit price must be a decimal/],
    ['has money as a number', (seq) => orderAt(seq, {}, {}, { unitPrice: 2.5 }), /Unit price must be a decimal/],
    ['has a negative price', (seq) => orderAt(seq, {}, {}, { unitPrice: '-1.00' }), /Unit price cannot be negative/],
    [
      'has an endless price',
      (seq) => orderAt(seq, {}, {}, { unitPrice: '9'.repeat(400) }),
      /Unit price can be at most/,
    ],
    ['has no quantity', (seq) => orderAt(seq, {}, {}, { quantity: 0 }), /Quantity must be positive/],
    ['has half a piece', (seq) => orderAt(seq, {}, {}, { quantity: 1.5 }), /Quantity must be a whole number/],
    ['has too many pieces', (seq) => orderAt(seq, {}, {}, { quantity: 1e300 }), /Quantity can be at most/],
    ['has a huge user', (seq) => orderAt(seq, {}, {}, { userId: 1e300 }), /User id must be a whole number up to/],
    [
      'has a huge product',
      (seq) => orderAt(seq, {}, {}, { productId: 2 ** 53 }),
      /Product id must be a whole number up to/,
    ],
    [
      'has a huge version',
      (seq) => orderAt(seq, {}, { aggregateVersion: 2 ** 60 }),
      /Version must be a whole number from 1/,
    ],
    ['has no version', (seq) => orderAt(seq, {}, { aggregateVersion: 0 }), /Version must be a whole number from 1/],
    ['has another status', (seq) => orderAt(seq, {}, {}, { status: 'lost' }), /Status must be one of/],
    ['has a time of no zone', (seq) => orderAt(seq, {}, {}, { placedAt: '2026-11-21T12:00:00' }), /Placed at must be/],
    [
      'has a country that not every database keeps',
      (seq) => orderAt(seq, { country: 'Fr\0nce' }),
      /Country holds a character/,
    ],
    ['has half a character', (seq) => orderAt(seq, { country: '\ud800' }), /Country holds a character/],
    ['is nested without end', (seq) => orderAt(seq, {}, { payload: nested(60_000) }), /nested deeper than 64 levels/],
    [
      'is larger than any is',
      (seq) => orderAt(seq, {}, {}, { more: 'x'.repeat(MAX_PAYLOAD_BYTES) }),
      /at most 131,072/,
    ],
    ['has a snapshot of a later epoch', (seq) => completedAt(seq, 2), /began in epoch 2 cannot be complete in epoch 1/],
    ['is about another epoch', (seq) => ({ ...completedAt(seq, 1), aggregateId: 2 }), /of a region is not known/],
    ['has a list for a country', (seq) => orderAt(seq, {}, {}, { country: ['France'] }), /Country must be text/],
    ['has negative stock', (seq) => stockAt(seq, {}, { onHand: -1 }), /On hand cannot be negative/],
    ['has huge stock', (seq) => stockAt(seq, {}, { onHand: 1e21 }), /On hand can be at most/],
    ['has stock of another product', (seq) => stockAt(seq, {}, { productId: 8 }), /about product 8, the event about 7/],
    ['has stock without a price', (seq) => stockAt(seq, {}, { unitPrice: null }), /Unit price cannot be empty/],
    [
      'is of another checkout',
      (seq) => checkoutAt(seq, { orderId: 9999 }, { aggregateId: 7 }),
      /about the checkout of order 9999, the event about 7/,
    ],
    [
      'is of another region',
      (seq) => checkoutAt(seq, { region: 'oslo' }),
      /about region oslo, the event came from boston/,
    ],
    [
      'has no checkout version',
      (seq) => checkoutAt(seq, {}, { aggregateVersion: 0 }),
      /Version must be a whole number/,
    ],
    ['has a checkout without lines', (seq) => checkoutAt(seq, {}, {}, { lines: [] }), /A checkout must have lines/],
    [
      'has details that no store keeps',
      (seq) => checkoutAt(seq, {}, {}, { details: { a: '\0' } }),
      /Details: a text holds the character U\+0000/,
    ],
  ];

  /** An order whose id is a list in a list in a list. */
  function nested(depth: number): string {
    return `{"id":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
  }

  test('unreadable events are tried a few times, then dead-lettered, and block no others', async () => {
    const { place, central } = await scene();
    const bad = UNREADABLE.map(([, make], index) => make(index * 2 + 2));
    const good = UNREADABLE.map((_one, index) => orderAt(index * 2 + 1));
    const last = UNREADABLE.length * 2;
    const batch = batchOf([...good, ...bad].sort((a, b) => a.seq - b.seq));
    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
      await expect(applyBatch(central, batch)).rejects.toMatchObject({
        code: 'event',
        message: expect.stringMatching(
          `^central: event 2 of boston could not be applied \\(and ${bad.length - 1} more\\), attempt ${attempt} of ${MAX_ATTEMPTS}: `,
        ),
      });
      expect(await idsIn(place)).toEqual(good.map(({ seq }) => seq));
      expect(await cursorIn(place)).toEqual({ epoch: 1, seq: 1, head_seq: last });
      expect((await listDeadLetters(central)).map(({ attempts, parkedAt }) => [attempts, parkedAt])).toEqual(
        bad.map(() => [attempt, null]),
      );
    }
    await applyBatch(central, batch);
    expect(await cursorIn(place)).toEqual({ epoch: 1, seq: last, head_seq: last });
    expect(await idsIn(place)).toEqual(good.map(({ seq }) => seq));
    expect(await place.execute('central', 'select * from stock_fact')).toEqual([]);
    const letters = await listDeadLetters(central);
    expect(letters.map(({ seq }) => seq)).toEqual(bad.map(({ seq }) => seq));
    for (const [index, [, , reason]] of UNREADABLE.entries()) {
      expect(letters[index]).toMatchObject({ error: expect.stringMatching(reason), attempts: MAX_ATTEMPTS });
      expect(letters[index]?.parkedAt).not.toBeNull();
      expect(JSON.parse(letters[index]?.event ?? '')).toEqual(bad[index]);
    }

    // once more, now that they are dead-lettered
    await applyBatch(central, batch);
    expect((await listDeadLetters(central)).map(({ attempts }) => attempts)).toEqual(bad.map(() => MAX_ATTEMPTS));
  });

  test('events that only the database refuses are dead-lettered as well', async () => {
    const { place, central } = await scene();
    await place.execute(
      'central',
      engine === 'sqlite'
        ? "create trigger refusal before insert on order_fact when new.country = 'Atlantis' begin select raise(abort, 'it has sunk'); end"
        : "alter table order_fact add constraint refusal check (country <> 'Atlantis')",
    );
    const batch = batchOf([orderAt(1), orderAt(2, { country: 'Atlantis' }), orderAt(3)]);
    const errors = await bring(central, batch);
    expect(errors).toHaveLength(MAX_ATTEMPTS - 1);
    expect(errors[0]).toMatch(
      /^central: event 2 of boston could not be applied, attempt 1 of 5: the database refused it: /,
    );
    expect(await idsIn(place)).toEqual([1, 3]);
    expect(await cursorIn(place)).toEqual({ epoch: 1, seq: 3, head_seq: 3 });
    expect(await listDeadLetters(central)).toMatchObject([{ seq: 2, attempts: MAX_ATTEMPTS }]);
    await applyBatch(central, batch);
    expect(await idsIn(place)).toEqual([1, 3]);
  });

  /** Faults of central that are not the fault of an event: how each begins and ends, and how it is reported. */
  const FAULTS: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'a table is gone',
      'alter table order_fact rename to elsewhere',
      'alter table elsewhere rename to order_fact',
      /order_fact/,
    ],
    [
      'a column is gone',
      'alter table order_fact rename column country to land',
      'alter table order_fact rename column land to country',
      /country/,
    ],
    [
      'a key is unique that need not be',
      'create unique index extra on order_fact (user_id)',
      'drop index extra',
      /unique/i,
    ],
    [
      'a statement that a trigger runs makes no sense',
      engine === 'sqlite'
        ? 'create trigger broken after insert on order_fact begin select * from nowhere; end'
        : `create function broken() returns trigger language plpgsql as $$ begin perform * from nowhere; end $$;
           create trigger broken after insert on order_fact for each row execute function broken()`,
      `drop trigger broken${engine === 'sqlite' ? '' : ' on order_fact'}`,
      /nowhere/,
    ],
  ];

  test.each(FAULTS)('when %s, nothing is in, nothing is dead-lettered, and it goes on afterwards', async (...fault) => {
    const [, breakIt, mendIt, message] = fault;
    const { place, central } = await scene();
    await applyBatch(central, batchOf([orderAt(1)]));
    const before = await everythingIn(place);
    await place.execute('central', breakIt);
    const batch = batchOf([orderAt(2), orderAt(3), orderAt(4, {}, { payload: '' })]);
    for (let attempt = 0; attempt <= MAX_ATTEMPTS; attempt++) {
      await expect(applyBatch(central, batch)).rejects.toMatchObject({
        code: 'database',
        message: expect.stringMatching(
          /^central: .* does not run a statement \(.*\)\. If its tables have been changed/,
        ),
      });
      await expect(applyBatch(central, batch)).rejects.toThrow(message);
    }
    await place.execute('central', mendIt);
    expect(await everythingIn(place)).toEqual(before);
    await bring(central, batch);
    expect(await idsIn(place)).toEqual([1, 2, 3]);
    expect(await listDeadLetters(central)).toMatchObject([{ seq: 4 }]);
  });

  test('when the program fails, the same', async () => {
    const { place, central } = await scene();
    const batch = batchOf([orderAt(1), orderAt(2)]);
    const { bulk } = central;
    Object.assign(central, { bulk: () => undefined });
    await expect(applyBatch(central, batch)).rejects.toMatchObject({
      code: 'program',
      message: expect.stringMatching(
        /^central: the program has failed \(.*undefined.*\)\. Run the same command with --verbose/,
      ),
    });
    expect(await listDeadLetters(central)).toEqual([]);
    Object.assign(central, { bulk });
    expect(await applyBatch(central, batch)).toEqual([]);
    expect(await idsIn(place)).toEqual([1, 2]);
  });

  test('a dead-lettered event is reported once', async () => {
    const { central } = await scene();
    const batch = batchOf([orderAt(1), orderAt(2, {}, { payload: '' })]);
    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
      await expect(applyBatch(central, batch)).rejects.toMatchObject({ code: 'event' });
    }
    const reported = await applyBatch(central, batch);
    expect(reported).toEqual([{ event: batch.events[1], error: 'the payload is not a JSON object' }]);
    expect(describeFailure(1, reported[0] as Failure)).toBe(
      'event 2 of epoch 1 (order 2 placed): the payload is not a JSON object',
    );
    expect(await applyBatch(central, batch)).toEqual([]);
    const other = orderAt(1);
    expect(await applyBatch(central, batchOf([other]))).toMatchObject([{ event: other }]);
  });

  test('an event that is dead-lettered while another one of the batch is still tried is reported as well', async () => {
    const { central } = await scene();
    const bad = [1, 2].map((seq) => orderAt(seq, {}, { payload: '' }));
    const reported: number[] = [];
    const bring = (events: readonly ShippedEvent[]) =>
      applyBatch(central, batchOf(events), (_, failures) => reported.push(...failures.map(({ event }) => event.seq)));
    await expect(bring(bad.slice(0, 1))).rejects.toMatchObject({ code: 'event' });
    // the other one comes later, and so is tried for longer
    for (let attempt = 2; attempt <= MAX_ATTEMPTS; attempt++) {
      await expect(bring(bad)).rejects.toMatchObject({ code: 'event' });
    }
    expect(reported).toEqual([1]);
    await bring(bad);
    expect(reported).toEqual([1, 2]);
  });

  test('another event with a used sequence number is dead-lettered at once, and not applied', async () => {
    const { place, central } = await scene();
    const first = [orderAt(1), orderAt(2)];
    await applyBatch(central, batchOf(first));
    await applyBatch(central, batchOf([orderAt(1), orderAt(2, { version: 7 }), orderAt(3)]));
    expect(await factsIn(place)).toMatchObject([{ version: 1 }, { version: 1 }, { order_id: 3 }]);
    expect(await listDeadLetters(central)).toMatchObject([
      {
        seq: 1,
        attempts: 1,
        parkedAt: expect.any(String),
        error: `sequence number 1 of epoch 1 was event ${first[0]?.eventId} before, so boston may have been restored from a backup`,
      },
      { seq: 2 },
    ]);
    expect(await cursorIn(place)).toMatchObject({ seq: 3 });
  });

  test('of two events of one batch with the same sequence number, one counts and the other is dead-lettered', async () => {
    const { place, central } = await scene();
    await applyBatch(central, batchOf([orderAt(1), orderAt(1, { id: 5 }), orderAt(2)]));
    expect(await idsIn(place)).toEqual([1, 2]);
    expect(await listDeadLetters(central)).toMatchObject([{ seq: 1, parkedAt: expect.any(String) }]);
  });

  test('an event that has recovered leaves no dead letter', async () => {
    const { place, central } = await scene();
    const good = orderAt(2);
    const batch = batchOf([orderAt(1), { ...good, schemaVersion: 2 }]);
    await expect(applyBatch(central, batch)).rejects.toThrow('schema version 2');
    expect(await listDeadLetters(central)).toHaveLength(1);
    await applyBatch(central, batchOf([orderAt(1, {}, { eventId: batch.events[0]?.eventId ?? '' }), good]));
    expect(await listDeadLetters(central)).toEqual([]);
    expect(await idsIn(place)).toEqual([1, 2]);
    expect(await cursorIn(place)).toMatchObject({ seq: 2 });
  });

  test('an event that is sent again in a later epoch, and applied, leaves no dead letter of the earlier one', async () => {
    const { central } = await scene();
    const good = orderAt(1);
    await bring(central, batchOf([{ ...good, schemaVersion: 2 }, orderAt(2, {}, { payload: '' })]));
    expect(await listDeadLetters(central)).toHaveLength(2);
    await applyBatch(central, batchOf([good], { epoch: 2 }));
    expect(await listDeadLetters(central)).toMatchObject([{ epoch: 1, seq: 2 }]);
  });

  test('a time is kept in its one spelling', async () => {
    const { place, central } = await scene();
    await applyBatch(central, batchOf([orderAt(1, {}, {}, { placedAt: '2010-12-01T09:26:00+01:00' })]));
    expect(await place.execute('central', 'select placed_at from order_fact')).toEqual([
      { placed_at: '2010-12-01T08:26:00.000Z' },
    ]);
  });

  test('when central fails, nothing is in and it is reported as what it is', async () => {
    const { place, central } = await scene();
    await applyBatch(central, batchOf([orderAt(1)]));
    const before = await everythingIn(place);
    // the last statement of the transaction finds the disk full
    const trigger =
      engine === 'sqlite'
        ? [
            "create trigger full_disk before update on region_cursor when new.seq = 3 begin select raise(abort, 'database or disk is full'); end",
          ]
        : [
            "create function full_disk() returns trigger language plpgsql as $$ begin raise 'no space left' using errcode = '53100'; end $$",
            'create trigger full_disk before update on region_cursor for each row when (new.seq = 3) execute function full_disk()',
          ];
    for (const statement of trigger) {
      await place.execute('central', statement);
    }
    await expect(applyBatch(central, batchOf([orderAt(2), orderAt(3)]))).rejects.toMatchObject({
      code: 'database',
      message: expect.stringMatching(/^central: .* cannot grow/),
    });
    await place.execute('central', `drop trigger full_disk${engine === 'sqlite' ? '' : ' on region_cursor'}`);
    expect(await everythingIn(place)).toEqual(before);
    await applyBatch(central, batchOf([orderAt(2), orderAt(3)]));
    expect(await idsIn(place)).toEqual([1, 2, 3]);
  });
});
