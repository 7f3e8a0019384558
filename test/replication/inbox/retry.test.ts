/** Dead letters that are retried or discarded. */
import { expect, test } from '@jest/globals';
import type { Database } from '../../../src/database/database.ts';
import {
  discardDeadLetter,
  findDeadLetter,
  listDeadLetters,
  MAX_ATTEMPTS,
} from '../../../src/replication/inbox/dead-letters.ts';
import { retryDeadLetter } from '../../../src/replication/inbox/retry.ts';
import type { Batch } from '../../../src/replication/transport/transport.ts';
import { applyBatch } from '../../../src/shop/central/apply.ts';
import { centralProjection } from '../../../src/shop/central/projection.ts';
import { forEachEngineThoroughly, type Place } from '../../support/engines.ts';
import { openCentral, regionalPlace } from '../../support/regional.ts';
import { batchOf, completedAt, orderAt } from '../../support/shipped.ts';
import { aroundNextTransaction } from '../../support/transactions.ts';

forEachEngineThoroughly((_, engine) => {
  /** Central with order 1 applied, and order 2 dead-lettered because its event says schema version 2. */
  async function scene(): Promise<{ place: Place; central: Database; id: number }> {
    const place = await regionalPlace(engine);
    const central = await openCentral(place);
    await park(central, batchOf([orderAt(1), orderAt(2, {}, { schemaVersion: 2 })]));
    const [letter] = await listDeadLetters(central);
    return { place, central, id: letter?.id ?? 0 };
  }

  async function park(central: Database, batch: Batch): Promise<void> {
    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
      await expect(applyBatch(central, batch)).rejects.toThrow('schema version 2');
    }
    await applyBatch(central, batch);
  }

  const repair = (place: Place) =>
    place.execute('central', `update dead_letter set event = replace(event, '"schemaVersion":2', '"schemaVersion":1')`);
  const factsIn = (place: Place) =>
    place.execute('central', 'select order_id, epoch, version from order_fact order by order_id');

  test('a dead letter that has become readable is applied and deleted', async () => {
    const { place, central, id } = await scene();
    await repair(place);
    expect(await retryDeadLetter({ central, projection: centralProjection }, id)).toEqual({ result: 'applied' });
    expect(await factsIn(place)).toMatchObject([{ order_id: 1 }, { order_id: 2, epoch: 1, version: 1 }]);
    expect(await listDeadLetters(central)).toEqual([]);
    await expect(retryDeadLetter({ central, projection: centralProjection }, id)).rejects.toMatchObject({
      code: 'usage',
      message: `There is no dead letter ${id}. See which there are with npx meridian dead-letters list.`,
    });
  });

  test('a failure that is still tried is applied, and the cursor moves on', async () => {
    const { place, central } = await scene();
    await expect(applyBatch(central, batchOf([orderAt(3, {}, { schemaVersion: 2 })]))).rejects.toThrow('event 3');
    await repair(place);
    const letter = (await listDeadLetters(central)).find(({ seq }) => seq === 3);
    expect(await retryDeadLetter({ central, projection: centralProjection }, letter?.id ?? 0)).toEqual({
      result: 'applied',
    });
    expect(await place.execute('central', 'select seq from region_cursor')).toEqual([{ seq: 3 }]);
  });

  test('a dead letter that is still unreadable stays, with one attempt more', async () => {
    const { central, id } = await scene();
    expect(await retryDeadLetter({ central, projection: centralProjection }, id)).toEqual({
      result: 'refused',
      reason: expect.stringMatching(/schema version 2 is not known here/),
    });
    expect(await findDeadLetter(central, id)).toMatchObject({
      attempts: MAX_ATTEMPTS + 1,
      parkedAt: expect.any(String),
    });
  });

  test('a dead letter that the database refuses stays, and nothing of it is applied', async () => {
    const { place, central, id } = await scene();
    await repair(place);
    await place.execute(
      'central',
      engine === 'sqlite'
        ? "create trigger refusal before insert on order_fact begin select raise(abort, 'it has sunk'); end"
        : 'alter table order_fact add constraint refusal check (order_id <> 2)',
    );
    expect(await retryDeadLetter({ central, projection: centralProjection }, id)).toEqual({
      result: 'refused',
      reason: expect.stringMatching(/^the database refused it: /),
    });
    expect(await findDeadLetter(central, id)).toMatchObject({ attempts: MAX_ATTEMPTS + 1 });
    expect(await factsIn(place)).toMatchObject([{ order_id: 1 }]);
  });

  test.each(['order_fact', 'inbox_event', 'region_cursor'])(
    'while central has lost its table %s, one stays as it is, and is applied when the table is back',
    async (table) => {
      const { place, central, id } = await scene();
      await repair(place);
      await place.execute('central', `alter table ${table} rename to elsewhere`);
      await expect(retryDeadLetter({ central, projection: centralProjection }, id)).rejects.toMatchObject({
        code: 'database',
        message: expect.stringMatching(/^central: .* does not run a statement/),
      });
      expect(await findDeadLetter(central, id)).toMatchObject({ attempts: MAX_ATTEMPTS });
      await place.execute('central', `alter table elsewhere rename to ${table}`);
      expect(await retryDeadLetter({ central, projection: centralProjection }, id)).toEqual({ result: 'applied' });
    },
  );

  test('a dead letter that is discarded during a retry is not applied', async () => {
    const { place, central, id } = await scene();
    await repair(place);
    const other = await openCentral(place);
    aroundNextTransaction(central, async (transaction) => {
      await discardDeadLetter(other, id);
      return transaction();
    });
    expect(await retryDeadLetter({ central, projection: centralProjection }, id)).toEqual({ result: 'gone' });
    expect(await factsIn(place)).toMatchObject([{ order_id: 1 }]);
    expect(await listDeadLetters(central)).toEqual([]);
  });

  test('a dead letter whose region sends everything again during a retry is not applied', async () => {
    const { place, central, id } = await scene();
    await repair(place);
    const other = await openCentral(place);
    aroundNextTransaction(central, async (transaction) => {
      await applyBatch(other, batchOf([completedAt(1, 2)], { epoch: 2 }));
      return transaction();
    });
    expect(await retryDeadLetter({ central, projection: centralProjection }, id)).toEqual({ result: 'gone' });
    expect(await factsIn(place)).toEqual([]);
  });

  test('a dead letter with an older version than central has changes nothing, and is deleted', async () => {
    const { place, central, id } = await scene();
    await applyBatch(central, batchOf([orderAt(3, { id: 2, version: 4 })]));
    await repair(place);
    expect(await retryDeadLetter({ central, projection: centralProjection }, id)).toEqual({ result: 'applied' });
    expect(await factsIn(place)).toMatchObject([{ order_id: 1 }, { order_id: 2, version: 4 }]);
    expect(await listDeadLetters(central)).toEqual([]);
  });

  test('a dead letter of an earlier epoch is applied when the later epoch has not published the same thing', async () => {
    const { place, central, id } = await scene();
    // the region was made to send from a later sequence number on, and not everything
    await applyBatch(central, batchOf([orderAt(1, { id: 3 })], { epoch: 2 }));
    await repair(place);
    expect(await retryDeadLetter({ central, projection: centralProjection }, id)).toEqual({ result: 'applied' });
    expect(await factsIn(place)).toMatchObject([
      { order_id: 1, epoch: 1 },
      { order_id: 2, epoch: 1 },
      { order_id: 3, epoch: 2 },
    ]);
    expect(await listDeadLetters(central)).toEqual([]);
    expect(await place.execute('central', 'select epoch, seq from region_cursor')).toEqual([{ epoch: 2, seq: 1 }]);
  });

  test('a dead letter of an earlier epoch does not replace what a later one has published', async () => {
    const { place, central, id } = await scene();
    await place.execute(
      'central',
      `update dead_letter set event = replace(event, '"aggregateVersion":1', '"aggregateVersion":9')`,
    );
    await applyBatch(central, batchOf([orderAt(1, { id: 2 })], { epoch: 2 }));
    await repair(place);
    expect(await retryDeadLetter({ central, projection: centralProjection }, id)).toEqual({ result: 'applied' });
    expect(await factsIn(place)).toMatchObject([{ order_id: 1 }, { order_id: 2, epoch: 2, version: 1 }]);
  });

  test('a dead letter is deleted when its region has sent everything again', async () => {
    const { place, central, id } = await scene();
    await applyBatch(central, batchOf([completedAt(1, 2)], { epoch: 2 }));
    await expect(retryDeadLetter({ central, projection: centralProjection }, id)).rejects.toMatchObject({
      code: 'usage',
    });
    expect(await factsIn(place)).toEqual([]);
  });

  test('a discarded dead letter is deleted, and not applied', async () => {
    const { place, central, id } = await scene();
    expect(await discardDeadLetter(central, id)).toMatchObject({ id, region: 'boston', seq: 2 });
    expect(await listDeadLetters(central)).toEqual([]);
    expect(await factsIn(place)).toMatchObject([{ order_id: 1 }]);
    await expect(discardDeadLetter(central, id)).rejects.toMatchObject({ code: 'usage' });
  });
});
