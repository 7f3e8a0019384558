/** Boston reconnects, and the network delivers its events twice, in reverse order. */
import { positionOf } from '../../../replication/inbox/cursor.ts';
import { setPaused } from '../../../replication/relay/relay-row.ts';
import type { Batch, Transport } from '../../../replication/transport/transport.ts';
import { applyBatch } from '../../central/apply.ts';
import { settlePending } from '../../trading/settle-pending.ts';
import { type Chapter, claim } from '../chapter.ts';

/** Small, so that there are several batches to reorder. */
const BATCH_EVENTS = 4;

export const duplicates: Chapter = {
  title: 'Boston reconnects; its events arrive twice, in reverse order',
  shows: 'idempotence of events',
  async play(world) {
    await world.cutOff('boston', false);
    const boston = world.region('boston');
    const { confirmed } = await settlePending(boston);
    claim(confirmed > 0, 'pending orders are confirmed when their users can be read');
    await setPaused(boston.database, false);

    const central = await world.central();
    const before = await world.countInCentral('inbox_event', 'boston');
    const inTransit: Batch[] = [];
    // a network that delivers batches later
    const network: Transport = {
      acknowledgesApplied: false,
      publish: async (batch) => {
        inTransit.push(batch);
      },
      consume: async () => undefined,
      position: (region) => positionOf(central, region),
      close: async () => undefined,
    };
    const { events } = await world.ship('boston', network, { batchEvents: BATCH_EVENTS });
    let delivered = 0;
    for (const batch of [...inTransit, ...inTransit].reverse()) {
      await applyBatch(central, batch);
      delivered += batch.events.length;
    }
    const counted = (await world.countInCentral('inbox_event', 'boston')) - before;
    claim(inTransit.length > 1, 'there were several batches to reorder');
    claim(delivered === 2 * events, 'each event was delivered twice');
    claim(counted === events, 'each event was counted once');
    const { differences, leftOut } = await world.compare('boston');
    claim(differences === 0 && leftOut === 0, 'central has what boston has');
    return {
      sentences: [
        `The ${confirmed} pending orders are confirmed. ${events} events were delivered ${delivered} times, in ${2 * inTransit.length} batches, in reverse order: central counted ${counted}, and equals boston.`,
        'Delivery is at least once. The inbox ignores events that it has, and an older version never replaces a newer one, so the order does not matter.',
      ],
      commands: [
        'npx meridian relay resume --region boston',
        'npx meridian verify --repair',
        'npx meridian sync',
        'npx meridian compare --region boston',
      ],
      result: { confirmed, events, delivered, counted },
    };
  },
};
