/** Batches in central: applied once each, in any order, whole or not at all. */
import { expect, test } from '@jest/globals';
import { positionOf } from '../../../src/replication/inbox/cursor.ts';
import { listDeadLetters } from '../../../src/replication/inbox/dead-letters.ts';
import { applyBatch } from '../../../src/shop/central/apply.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { batchOf, completedAt, orderAt, stockAt } from '../../support/shipped.ts';
import { arrivals, bring, cursorIn, everythingIn, factsIn, idsIn } from './arrivals.ts';

forEachEngineThoroughly((_, engine) => {
  test('a batch that comes again changes nothing', async () => {
    const { place, central } = await arrivals(engine);
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
    const { place, central } = await arrivals(engine);
    const forged = (seq: number) => batchOf([orderAt(seq)], { epoch: 999_999_999_999_999 });
    await expect(applyBatch(central, forged(1))).rejects.toMatchObject({
      code: 'event',
      message:
        'central: boston publishes in epoch 999999999999999, which it cannot have reached, so its events are not applied. See the column epoch of its table relay_state.',
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
    const { place, central } = await arrivals(engine);
    const events = [1, 2, 3, 4].map((seq) => orderAt(seq));
    await applyBatch(central, batchOf(events.slice(0, 3)));
    await applyBatch(central, batchOf(events.slice(1)));
    expect(await idsIn(place)).toEqual([1, 2, 3, 4]);
    expect(await place.execute('central', 'select seq from inbox_event order by seq')).toHaveLength(4);
    expect(await cursorIn(place)).toEqual({ epoch: 1, seq: 4, head_seq: 4 });
  });

  test('after a gap facts are in and the cursor waits, until it is closed', async () => {
    const { place, central } = await arrivals(engine);
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
    const { place, central } = await arrivals(engine);
    const events = Array.from({ length: 2503 }, (_one, index) => orderAt(index + 1));
    await applyBatch(central, batchOf(events.slice(1)));
    expect(await cursorIn(place)).toMatchObject({ seq: 0, head_seq: 2503 });
    await applyBatch(central, batchOf(events.slice(0, 1), { headSeq: 2503 }));
    expect(await cursorIn(place)).toMatchObject({ seq: 2503, head_seq: 2503 });
  });

  test('the events of a batch need not stand in order', async () => {
    const { place, central } = await arrivals(engine);
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
    const { place, central } = await arrivals(engine);
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
    const { place, central } = await arrivals(engine);
    await applyBatch(central, batchOf([orderAt(1, { id: 5, version: 2 })], { epoch: 2 }));
    await applyBatch(central, batchOf([orderAt(1, { id: 5, version: 9 }), orderAt(2, { id: 6 })]));
    expect(await factsIn(place)).toMatchObject([{ order_id: 5, epoch: 2, version: 2 }]);
    expect(await cursorIn(place)).toEqual({ epoch: 2, seq: 1, head_seq: 1 });
    expect(await place.execute('central', 'select epoch from inbox_event')).toEqual([{ epoch: 2 }]);
  });

  test('a new epoch begins at 1 and its versions replace equal and greater ones', async () => {
    const { place, central } = await arrivals(engine);
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
    const { place, central } = await arrivals(engine);
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
    const { place, central } = await arrivals(engine);
    await applyBatch(central, batchOf([orderAt(1), orderAt(2), orderAt(3)]));
    await applyBatch(central, batchOf([orderAt(1)], { epoch: 2 }));
    await applyBatch(central, batchOf([orderAt(1, { id: 2 }), completedAt(2, 2)], { epoch: 3 }));
    expect(await factsIn(place)).toMatchObject([
      { order_id: 1, epoch: 2 },
      { order_id: 2, epoch: 3 },
    ]);
  });

  test('regions do not touch each other', async () => {
    const { place, central } = await arrivals(engine);
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
    const { place, central } = await arrivals(engine);
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

  test('a time is kept in its one spelling', async () => {
    const { place, central } = await arrivals(engine);
    await applyBatch(central, batchOf([orderAt(1, {}, {}, { placedAt: '2010-12-01T09:26:00+01:00' })]));
    expect(await place.execute('central', 'select placed_at from order_fact')).toEqual([
      { placed_at: '2010-12-01T08:26:00.000Z' },
    ]);
  });

  test('when central fails, nothing is in and it is reported as what it is', async () => {
    const { place, central } = await arrivals(engine);
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
