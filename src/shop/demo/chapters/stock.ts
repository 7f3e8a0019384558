/** Each region receives stock of its own. */
import { receiveStock } from '../../trading/receive-stock.ts';
import { type Chapter, claim } from '../chapter.ts';
import { REGIONS } from '../world.ts';

/** Products of the sample, and pieces of them in each region. */
export const DELIVERED: ReadonlyMap<number, number> = new Map([
  [1, 40],
  [2, 60],
  [3, 25],
]);

export const stock: Chapter = {
  title: 'Three regions open',
  shows: 'partitioning',
  async play(world) {
    const places = new Set<string>();
    let pieces = 0;
    for (const name of REGIONS) {
      const region = world.region(name);
      places.add(region.database.place);
      for (const [productId, quantity] of DELIVERED) {
        const { onHand } = await receiveStock(region, { productId, quantity });
        claim(onHand === quantity, `${name} has the ${quantity} pieces of product ${productId} that it received`);
        pieces += onHand;
      }
    }
    claim(places.size === REGIONS.length, 'each region has a database of its own');
    return {
      sentences: [
        `${REGIONS.join(', ')} each have a database of their own, with stock, orders and an outbox: ${pieces} pieces in ${places.size} places.`,
        'Each row has one home, so no region ever waits for another, or has to agree with it.',
      ],
      // no more of them than later chapters sell from
      commands: [
        'npx meridian stock receive --region boston --product 1 --quantity 40',
        'npx meridian stock receive --region boston --product 2 --quantity 60',
        'npx meridian stock receive --region boston --product 3 --quantity 25',
        'npx meridian stock receive --region seattle --product 2 --quantity 60',
        'npx meridian stock receive --region denver --product 2 --quantity 60',
        'npx meridian stock list',
      ],
      result: { regions: REGIONS, pieces },
    };
  },
};
