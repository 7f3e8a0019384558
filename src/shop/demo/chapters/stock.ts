/** Each region receives its own stock. */
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
        `${REGIONS.join(', ')} each have their own database, with stock, orders and an outbox: ${pieces} pieces in ${places.size} databases.`,
        'Each row belongs to one region, so regions never wait for each other and need no consensus.',
      ],
      // only what later chapters sell
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
