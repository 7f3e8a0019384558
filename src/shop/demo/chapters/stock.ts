/** Each region receives its own stock. */
import { receiveStock } from '../../trading/receive-stock.ts';
import { type Chapter, claim } from '../chapter.ts';
import { REGIONS } from '../world.ts';

/** Product id of the sample -> delivered pieces in each region. */
export const DELIVERED = { 1: 40, 2: 60, 3: 25 } as const;

export const stock: Chapter = {
  title: 'Three regions open',
  shows: 'partitioning',
  // only the products that later chapters sell
  commands: [
    'npx meridian stock receive --region boston --product 1 --quantity 40',
    'npx meridian stock receive --region boston --product 2 --quantity 60',
    'npx meridian stock receive --region boston --product 3 --quantity 25',
    'npx meridian stock receive --region seattle --product 2 --quantity 60',
    'npx meridian stock receive --region denver --product 2 --quantity 60',
    'npx meridian stock list',
  ],
  async play(world) {
    let pieces = 0;
    for (const name of REGIONS) {
      for (const [product, quantity] of Object.entries(DELIVERED)) {
        const { onHand } = await receiveStock(world.region(name), { productId: Number(product), quantity });
        claim(onHand === quantity, `${name} has the ${quantity} pieces of product ${product} that it received`);
        pieces += onHand;
      }
    }
    const places = new Set(REGIONS.map((name) => world.region(name).database.place));
    claim(places.size === REGIONS.length, 'each region has a database of its own');
    return {
      sentences: [
        `${REGIONS.join(', ')} each have their own database, with stock, orders and an outbox: ${pieces} pieces in ${places.size} databases.`,
        'Each row belongs to one region, so regions never wait for each other and need no consensus.',
      ],
      result: { regions: REGIONS, pieces },
    };
  },
};
