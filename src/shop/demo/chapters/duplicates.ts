/** Boston reconnects, and the network delivers its events twice, in reverse order. */
import { type Batch, Outbox } from '../../../replication/index.ts';
import { applyBatch } from '../../central/apply.ts';
import { settlePending } from '../../trading/settle-pending.ts';
import { type Chapter, claim, claimEqual } from '../chapter.ts';

/** A small batch size, so that there are several batches to reorder. */
const BATCH_EVENTS = 4;

export const duplicates: Chapter = {
  title: 'Boston reconnects; its events arrive twice, in reverse order',
  shows: 'idempotence of events',
  commands: [
    'npx meridian relay resume --region boston',
    'npx meridian verify --repair',
    'npx meridian sync',
    'npx meridian compare --region boston',
  ],
  async play(world) {
    await world.cutOff('boston', false);
    const { confirmed } = await settlePending(world.region('boston'));
    claim(confirmed > 0, 'pending orders are confirmed when their users can be read');
    await new Outbox(world.region('boston').database).setPaused(false);

    const before = await world.countInCentral('inbox_event', 'boston');
    const inTransit: Batch[] = [];
    // a network that acknowledges batches and delivers them later
    const store = await world.transport(async (batch) => {
      inTransit.push(batch);
    });
    const network = { ...store, acknowledgesApplied: false };
    const { events } = await world.ship('boston', network, { batchEvents: BATCH_EVENTS });
    const deliveries = [...inTransit, ...inTransit].reverse();
    for (const batch of deliveries) {
      await applyBatch(await world.central(), batch);
    }
    const delivered = deliveries.reduce((sum, batch) => sum + batch.events.length, 0);
    const counted = (await world.countInCentral('inbox_event', 'boston')) - before;
    claim(inTransit.length > 1, 'there were several batches to reorder');
    claim(delivered === 2 * events, 'each event was delivered twice');
    claim(counted === events, 'each event was counted once');
    await claimEqual(world, 'boston');
    return {
      sentences: [
        `The ${confirmed} pending orders are confirmed. ${events} events were delivered ${delivered} times, in ${deliveries.length} batches, in reverse order: central counted ${counted}, and equals boston.`,
        'Delivery is at least once. The inbox ignores events that it has, and an older version never replaces a newer one, so the order does not matter.',
      ],
      result: { confirmed, events, delivered, counted },
    };
  },
};
