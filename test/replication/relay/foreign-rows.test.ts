/** Outbox rows of another program: each one that central cannot read ends as one dead letter, and blocks no other event. */
import { expect, test } from '@jest/globals';
import { MAX_PAYLOAD_BYTES } from '../../../src/replication/events/envelope.ts';
import { positionOf } from '../../../src/replication/inbox/cursor.ts';
import { listDeadLetters } from '../../../src/replication/inbox/dead-letters.ts';
import { eventAt, eventsAfter, stampEvents } from '../../../src/replication/outbox/events.ts';
import { purge } from '../../../src/replication/outbox/purge.ts';
import { regionStatus } from '../../../src/shop/regions/status.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { FOREIGN_ROWS, insertForeign } from '../../support/foreign-rows.ts';
import { OCCURRED_AT } from '../../support/occurred.ts';
import { drain, writeOrders } from '../../support/regional.ts';
import { syncScene } from '../../support/sync-scene.ts';

forEachEngineThoroughly((_, engine) => {
  test.each(FOREIGN_ROWS)('%s', async (_name, row, reason) => {
    const { place, boston, central, transport } = await syncScene(engine);
    await writeOrders(boston, { id: 1 });
    await insertForeign(place, row);
    await writeOrders(boston, { id: 2 });
    await drain(boston, transport);
    expect(await listDeadLetters(central)).toMatchObject([
      { seq: 2, attempts: 5, parkedAt: expect.any(String), error: expect.stringMatching(reason) },
    ]);
    expect(await place.execute('central', 'select order_id from order_fact order by 1')).toEqual([
      { order_id: 1 },
      { order_id: 2 },
    ]);
    expect(await place.execute('central', 'select epoch, seq from region_cursor')).toEqual([{ epoch: 1, seq: 3 }]);
    // once more, and a relay that has been started again: nothing comes twice, and no epoch begins
    await drain(boston, transport);
    expect(await place.execute('orders.boston', 'select epoch, acked_seq from relay_state')).toEqual([
      { epoch: 1, acked_seq: 3 },
    ]);
    expect(await listDeadLetters(central)).toHaveLength(1);
  });

  test('payloads that are too large are not read, and large events come in small batches', async () => {
    const { place, boston } = await syncScene(engine);
    const payload = (length: number) => `'"${'x'.repeat(length - 2)}"'`;
    for (let id = 1; id <= 70; id++) {
      const size = id === 70 ? MAX_PAYLOAD_BYTES + 1 : MAX_PAYLOAD_BYTES;
      await insertForeign(place, { event_id: `'e${id}'`, payload: payload(size) });
    }
    const em = boston.fork();
    const stamped = await stampEvents(boston, em, 1, 1, 2000);
    expect(stamped).toHaveLength(64);
    expect(await stampEvents(boston, em, 1, 65, 2000)).toHaveLength(6);
    expect(await eventsAfter(em, 1, 0, 2000)).toHaveLength(64);
    expect((await eventsAfter(em, 1, 0, 2000)).map(({ seq }) => seq)).toEqual(stamped.map(({ seq }) => seq));
    expect(await eventAt(em, 1, 70)).toMatchObject({ eventId: 'e70', aggregate: 'unreadable' });
    expect((await eventAt(em, 1, 70))?.payload.length).toBeLessThan(2000);
    expect(await eventAt(em, 1, 69)).toMatchObject({ aggregate: 'order' });
  });

  test('a value that is no time does not count as the oldest, and does not stop the purge', async () => {
    const { place, boston, central, transport } = await syncScene(engine);
    await insertForeign(place, { occurred_at: "'later'" });
    await writeOrders(boston, { id: 1 });
    const now = new Date(Date.parse(OCCURRED_AT) + 60_000);
    expect(await regionStatus(boston, now)).toMatchObject({ unshipped: 2, lagSeconds: 60 });
    await drain(boston, transport);
    expect(await purge(boston, await positionOf(central, 'boston'), { keepDays: 0, now })).toBe(2);
  });
});
