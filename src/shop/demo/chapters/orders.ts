/** Customers in all regions order more than the stock. */
import { listStock } from '../../trading/list.ts';
import { placeOrder } from '../../trading/place-order.ts';
import { type Chapter, claim } from '../chapter.ts';
import { REGIONS } from '../world.ts';
import { DELIVERED } from './stock.ts';

/** The customers of product 3 in each region; there are fewer pieces. */
const CUSTOMERS = 40;
const WANTED = 3;

export const orders: Chapter = {
  title: 'More customers than pieces',
  shows: 'local ACID transactions',
  async play(world) {
    const there = DELIVERED.get(WANTED) ?? 0;
    let [placed, refused] = [0, 0];
    for (const name of REGIONS) {
      const region = world.region(name);
      const outcomes = await Promise.all(
        Array.from({ length: CUSTOMERS }, (_, number) =>
          placeOrder(region, {
            userId: 1 + (number % 6),
            items: [
              { productId: 1, quantity: 1 },
              { productId: WANTED, quantity: 1 },
            ],
            country: number % 2 === 0 ? 'France' : 'Japan',
          }),
        ),
      );
      const won = outcomes.filter(({ result }) => result === 'placed').length;
      const onHand = new Map(
        (await listStock(name, world.databaseOptions(region.database.name))).map((one) => [one.productId, one.onHand]),
      );
      claim(won === there, `${name} sold each of its ${there} pieces of product ${WANTED} once`);
      claim(onHand.get(WANTED) === 0, `${name} has no piece of product ${WANTED} left, and no fewer`);
      claim(
        onHand.get(1) === (DELIVERED.get(1) ?? 0) - won,
        `in ${name}, an order that was rejected for one product took nothing of the other`,
      );
      placed += won;
      refused += outcomes.length - won;
    }
    return {
      sentences: [
        `In each region ${CUSTOMERS} customers order product 1 and product ${WANTED} at the same time; there are ${there} pieces of product ${WANTED}: ${placed} orders were placed, ${refused} rejected.`,
        'Stock, orders and their events change in one local transaction: an order is placed completely or not at all, and stock never becomes negative.',
      ],
      commands: [
        `npx meridian order place --region boston --user 1 --item 1x${there} --item ${WANTED}x${there} --country France`,
      ],
      refused: ['npx meridian order place --region boston --user 2 --item 1x1 --item 3x1 --country Japan'],
      result: { customers: CUSTOMERS * REGIONS.length, placed, refused },
    };
  },
};
