/** Central receives the first events. */
import { type Chapter, claim, claimEqual } from '../chapter.ts';
import { REGIONS } from '../world.ts';

export const sync: Chapter = {
  title: 'Central catches up',
  shows: 'eventual consistency, through a transactional outbox',
  commands: ['npx meridian sync', 'npx meridian compare'],
  async play(world) {
    for (const name of REGIONS) {
      claim((await world.countInCentral('order_fact', name)) === 0, `central had no order of ${name} before the sync`);
    }
    const shipments = Object.values(await world.sync());
    const events = shipments.reduce((sum, one) => sum + one.events, 0);
    for (const name of REGIONS) {
      await claimEqual(world, name);
    }
    return {
      sentences: [
        `Until now central was empty. A relay for each region ships its outbox: ${events} events arrive, and central equals the regions.`,
        'An event is written in the transaction of its change, so no event is missing and none describes a change that was rolled back.',
      ],
      result: { events },
    };
  },
};
