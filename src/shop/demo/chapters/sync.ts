/** Central receives the first events. */
import { type Chapter, claim } from '../chapter.ts';
import { REGIONS } from '../world.ts';

export const sync: Chapter = {
  title: 'Central catches up',
  shows: 'eventual consistency, through a transactional outbox',
  async play(world) {
    let factsBefore = 0;
    for (const name of REGIONS) {
      factsBefore += await world.countInCentral('order_fact', name);
    }
    claim(factsBefore === 0, 'central had no order before the sync');
    const shipments = Object.values(await world.sync());
    const events = shipments.reduce((sum, one) => sum + one.events, 0);
    for (const name of REGIONS) {
      const { differences } = await world.compare(name);
      claim(differences === 0, `central has what ${name} has`);
    }
    return {
      sentences: [
        `Until now central was empty. A relay for each region ships its outbox: ${events} events arrive, and central equals the regions.`,
        'An event is written in the transaction of its change, so no event is missing and none describes a change that was rolled back.',
      ],
      commands: ['npx meridian sync', 'npx meridian compare'],
      result: { events },
    };
  },
};
