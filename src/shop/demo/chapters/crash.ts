/** Central goes down twice: before it has committed, and after that, but before it can say so. */
import { applyBatch } from '../../central/apply.ts';
import { regionStatus } from '../../regions/status.ts';
import { placeOrder } from '../../trading/place-order.ts';
import { type Chapter, claim } from '../chapter.ts';

const ORDERS = 4;
const BATCH_EVENTS = 4;

export const crash: Chapter = {
  title: 'Central goes down in the middle of a sync, twice',
  shows: 'crash safety: commit first, acknowledge afterwards',
  async play(world) {
    const denver = world.region('denver');
    for (let number = 0; number < ORDERS; number++) {
      await placeOrder(denver, { userId: 5, items: [{ productId: 2, quantity: 2 }], country: 'Kenya' });
    }
    const { unshipped } = await regionStatus(denver.database);
    const before = await world.countInCentral('inbox_event', 'denver');
    /** The first place of each batch that came. */
    const places: (number | undefined)[] = [];
    const transport = await world.transport(async (batch) => {
      places.push(batch.events[0]?.seq);
      if (places.length !== 1) {
        await applyBatch(await world.central(), batch);
      }
      if (places.length <= 2) {
        await world.stopCentral();
        throw new Error(`Central went down ${places.length === 1 ? 'before' : 'after'} it had committed.`);
      }
    });
    await world.ship('denver', transport, { batchEvents: BATCH_EVENTS });
    const [first, second, third = 0] = places;
    const counted = (await world.countInCentral('inbox_event', 'denver')) - before;
    claim(first === second, 'what was not committed was sent again');
    claim(third > (second ?? 0), 'what was committed was not sent a third time');
    claim(counted === unshipped, 'each event was counted once');
    const { differences } = await world.compare('denver');
    claim(differences === 0, 'central has what denver has');
    return {
      sentences: [
        `Of ${unshipped} events of denver, central loses the first ${BATCH_EVENTS} before it has committed them: they are sent again. Then it commits them, and is gone before it can say so: the relay asks how far it is, and goes on from there. ${counted} counted, none lost, none doubled.`,
        'What has not been acknowledged stays in the outbox. Had central acknowledged before its commit, these events would be gone.',
      ],
      // a second one finds nothing left to ship
      commands: [
        'npx meridian order place --region denver --user 5 --item 2x2 --country Kenya',
        'npx meridian sync',
        'npx meridian sync',
        'npx meridian compare --region denver',
      ],
      result: { events: unshipped, batches: places.length, counted },
    };
  },
};
