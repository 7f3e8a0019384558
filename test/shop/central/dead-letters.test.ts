/** Events that central cannot apply: tried a few times, then dead-lettered, while the others of their batch go on. */
import { expect, test } from '@jest/globals';
import {
  describeFailure,
  type Failure,
  listDeadLetters,
  MAX_ATTEMPTS,
} from '../../../src/replication/inbox/dead-letters.ts';
import type { ShippedEvent } from '../../../src/replication/transport/transport.ts';
import { applyBatch } from '../../../src/shop/central/apply.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { batchOf, orderAt } from '../../support/shipped.ts';
import { arrivals, bring, cursorIn, everythingIn, factsIn, idsIn } from './arrivals.ts';
import { UNREADABLE } from './unreadable.ts';

forEachEngineThoroughly((_, engine) => {
  test('unreadable events are tried a few times, then dead-lettered, and block no others', async () => {
    const { place, central } = await arrivals(engine);
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
    const { place, central } = await arrivals(engine);
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
    const { place, central } = await arrivals(engine);
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
    const { place, central } = await arrivals(engine);
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
    const { central } = await arrivals(engine);
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
    const { central } = await arrivals(engine);
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
    const { place, central } = await arrivals(engine);
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
    const { place, central } = await arrivals(engine);
    await applyBatch(central, batchOf([orderAt(1), orderAt(1, { id: 5 }), orderAt(2)]));
    expect(await idsIn(place)).toEqual([1, 2]);
    expect(await listDeadLetters(central)).toMatchObject([{ seq: 1, parkedAt: expect.any(String) }]);
  });

  test('an event that has recovered leaves no dead letter', async () => {
    const { place, central } = await arrivals(engine);
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
    const { central } = await arrivals(engine);
    const good = orderAt(1);
    await bring(central, batchOf([{ ...good, schemaVersion: 2 }, orderAt(2, {}, { payload: '' })]));
    expect(await listDeadLetters(central)).toHaveLength(2);
    await applyBatch(central, batchOf([good], { epoch: 2 }));
    expect(await listDeadLetters(central)).toMatchObject([{ epoch: 1, seq: 2 }]);
  });
});
