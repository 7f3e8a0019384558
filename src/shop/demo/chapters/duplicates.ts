/** Boston is back, and the network delivers what it had to tell twice, and the last of it first. */
import { positionOf } from '../../../replication/inbox/cursor.ts';
import { setPaused } from '../../../replication/relay/relay-row.ts';
import type { Batch, Transport } from '../../../replication/transport/transport.ts';
import { applyBatch } from '../../central/apply.ts';
import { settlePending } from '../../trading/settle-pending.ts';
import { type Chapter, claim } from '../chapter.ts';

/** Small, so that there is an order to lose. */
const BATCH_EVENTS = 4;

export const duplicates: Chapter = {
  title: 'Boston is back; all that it tells arrives twice, the last first',
  shows: 'idempotence, where events come in',
  async play(world) {
    await world.cutOff('boston', false);
    const boston = world.region('boston');
    const { confirmed } = await settlePending(boston);
    claim(confirmed > 0, 'pending orders are confirmed when their users can be asked for');
    await setPaused(boston.database, false);

    const central = await world.central();
    const before = await world.countInCentral('inbox_event', 'boston');
    const onTheWay: Batch[] = [];
    // a network that keeps everything that it is given, and delivers it later
    const network: Transport = {
      acknowledgesApplied: false,
      publish: async (batch) => {
        onTheWay.push(batch);
      },
      consume: async () => undefined,
      position: (region) => positionOf(central, region),
      close: async () => undefined,
    };
    const { events } = await world.ship('boston', network, { batchEvents: BATCH_EVENTS });
    let delivered = 0;
    for (const batch of [...onTheWay, ...onTheWay].reverse()) {
      await applyBatch(central, batch);
      delivered += batch.events.length;
    }
    const counted = (await world.countInCentral('inbox_event', 'boston')) - before;
    claim(onTheWay.length > 1, 'there were several batches, so that they could change places');
    claim(delivered === 2 * events, 'each event was delivered twice');
    claim(counted === events, 'each event was counted once');
    const { differences, leftOut } = await world.compare('boston');
    claim(differences === 0 && leftOut === 0, 'central has what boston has');
    return {
      sentences: [
        `The ${confirmed} pending orders are confirmed. ${events} events were delivered ${delivered} times, in ${2 * onTheWay.length} batches, backwards: central counted ${counted}, and equals boston.`,
        'Delivery is at least once. The inbox knows what has been, and an older version never replaces a newer one, so the order does not matter.',
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
