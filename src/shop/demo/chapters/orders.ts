/** Customers in all regions order more than is in stock. */
import { listStock } from '../../trading/list.ts';
import { type Chapter, claim } from '../chapter.ts';
import { REGIONS, type RegionName, type World } from '../world.ts';
import { DELIVERED } from './stock.ts';

/** The customers of product 3 in each region; there are fewer pieces. */
const CUSTOMERS = 40;
const PIECES = DELIVERED[3];

export const orders: Chapter = {
  title: 'More customers than pieces',
  shows: 'local ACID transactions',
  commands: [
    `npx meridian order place --region boston --user 1 --item 1x${PIECES} --item 3x${PIECES} --country France`,
  ],
  refused: ['npx meridian order place --region boston --user 2 --item 1x1 --item 3x1 --country Japan'],
  async play(world) {
    let placed = 0;
    for (const name of REGIONS) {
      const outcomes = await Promise.all(Array.from({ length: CUSTOMERS }, (_, number) => order(world, name, number)));
      const won = outcomes.filter(({ result }) => result === 'placed').length;
      const stock = await listStock(name, world.databaseOptions(world.region(name).database.name));
      const onHand = (product: number) => stock.find(({ productId }) => productId === product)?.onHand;
      claim(won === PIECES, `${name} sold each of its ${PIECES} pieces of product 3 once`);
      claim(onHand(3) === 0, `${name} has no piece of product 3 left, and no fewer`);
      claim(
        onHand(1) === DELIVERED[1] - won,
        `in ${name}, an order that was rejected for one product took nothing of the other`,
      );
      placed += won;
    }
    const customers = CUSTOMERS * REGIONS.length;
    const refused = customers - placed;
    return {
      sentences: [
        `In each region ${CUSTOMERS} customers order product 1 and product 3 at the same time; there are ${PIECES} pieces of product 3: ${placed} orders were placed, ${refused} rejected.`,
        'Stock, orders and their events change in one local transaction: an order is placed completely or not at all, and stock never becomes negative.',
      ],
      result: { customers, placed, refused },
    };
  },
};

function order(world: World, region: RegionName, number: number) {
  const items = [1, 3].map((productId) => ({ productId, quantity: 1 }));
  return world.place(region, { userId: 1 + (number % 6), items, country: number % 2 === 0 ? 'France' : 'Japan' });
}
