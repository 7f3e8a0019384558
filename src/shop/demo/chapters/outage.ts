/** Boston is cut off from all other databases and continues to trade. */
import { Outbox } from '../../../replication/index.ts';
import { type Backlog, isComplete, regionCompleteness } from '../../central/reports/completeness.ts';
import { type Chapter, claim } from '../chapter.ts';
import { REGIONS, type World } from '../world.ts';

const ORDERS = 10;
const ITEMS = [{ productId: 2, quantity: 1 }];

export const outage: Chapter = {
  title: 'Boston is cut off and continues to trade',
  shows: 'availability while the network is partitioned',
  commands: [
    'npx meridian relay pause --region boston',
    'USERS_DATABASE_URL=sqlite:out-of-reach/users.db npx meridian order place --region boston --user 3 --item 2x1 --country Chile',
    'npx meridian order place --region denver --user 4 --item 2x1 --country Chile',
    'npx meridian sync',
    'npx meridian regions',
    'npx meridian report sales',
  ],
  async play(world) {
    await world.cutOff('boston', true);
    await new Outbox(world.region('boston').database).setPaused(true);
    for (let number = 0; number < ORDERS; number++) {
      const { result } = await world.place('boston', { userId: 3, items: ITEMS, country: 'Chile' });
      claim(result === 'placed', 'boston places orders while it is cut off');
    }
    await world.place('denver', { userId: 4, items: ITEMS, country: 'Chile' });
    const shipments = await world.sync();
    claim(shipments.boston.isPaused && shipments.boston.events === 0, 'nothing gets out of boston');
    claim(shipments.denver.events > 0, 'the other regions are shipped');
    const { pending, unshipped, orders } = await world.status('boston');
    const missing = orders - (await world.countInCentral('order_fact', 'boston'));
    const incomplete = await incompleteRegions(world);
    claim(pending === ORDERS, 'orders whose user cannot be read are pending');
    claim(missing === ORDERS, 'central does not know of them yet');
    claim(incomplete.join() === 'boston', 'reports name boston as incomplete, and no other region');
    return {
      sentences: [
        `Boston cannot reach users, products and central. It places ${ORDERS} orders from its own stock; they are pending, because their user cannot be checked.`,
        `${unshipped} events wait in its outbox. Central lacks ${missing} orders, and its reports mark ${incomplete.join()}; denver and seattle are not affected.`,
      ],
      result: { orders: ORDERS, pending, unshipped },
    };
  },
};

/** The regions that a report marks. */
async function incompleteRegions(world: World): Promise<string[]> {
  const backlogs = new Map<string, Backlog>();
  for (const name of REGIONS) {
    const { unshipped, lagSeconds } = await world.status(name);
    backlogs.set(name, { unshippedEvents: unshipped, lagSeconds });
  }
  const regions = await regionCompleteness(await world.central(), backlogs);
  return regions.filter((region) => !isComplete(region)).map(({ region }) => region);
}
