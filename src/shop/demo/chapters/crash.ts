/** Central goes down twice: before its commit, and after its commit but before the acknowledgement. */
import { applyBatch } from '../../central/apply.ts';
import { type Chapter, claim, claimEqual } from '../chapter.ts';

const ORDERS = 4;
const BATCH_EVENTS = 4;

export const crash: Chapter = {
  title: 'Central goes down in the middle of a sync, twice',
  shows: 'crash safety: commit first, acknowledge afterwards',
  // the second sync finds nothing to ship
  commands: [
    'npx meridian order place --region denver --user 5 --item 2x2 --country Kenya',
    'npx meridian sync',
    'npx meridian sync',
    'npx meridian compare --region denver',
  ],
  async play(world) {
    for (let number = 0; number < ORDERS; number++) {
      await world.place('denver', { userId: 5, items: [{ productId: 2, quantity: 2 }], country: 'Kenya' });
    }
    const { unshipped } = await world.status('denver');
    const before = await world.countInCentral('inbox_event', 'denver');
    /** The first sequence number of each batch. */
    const firstSeqs: number[] = [];
    const transport = await world.transport(async (batch) => {
      firstSeqs.push(batch.events[0]?.seq ?? 0);
      if (firstSeqs.length !== 1) {
        await applyBatch(await world.central(), batch);
      }
      if (firstSeqs.length <= 2) {
        await world.stopCentral();
        throw new Error(`Central went down ${firstSeqs.length === 1 ? 'before' : 'after'} it had committed.`);
      }
    });
    await world.ship('denver', transport, { batchEvents: BATCH_EVENTS });
    const [first = 0, second = 0, third = 0] = firstSeqs;
    const counted = (await world.countInCentral('inbox_event', 'denver')) - before;
    claim(first === second, 'what was not committed was sent again');
    claim(third > second, 'what was committed was not sent a third time');
    claim(counted === unshipped, 'each event was counted once');
    await claimEqual(world, 'denver');
    return {
      sentences: [
        `Of ${unshipped} events of denver, central loses the first ${BATCH_EVENTS} before its commit: they are sent again. Then it commits them and goes down before the acknowledgement: the relay asks for its position and continues from there. ${counted} events are counted, none is lost, none is doubled.`,
        'Unacknowledged events stay in the outbox. If central acknowledged before its commit, these events would be lost.',
      ],
      result: { events: unshipped, batches: firstSeqs.length, counted },
    };
  },
};
