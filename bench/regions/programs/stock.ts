/** A program: receives a delivery of every product in the region, more than is bought. */
import { openRegion, receiveStock } from '../meridian.ts';
import { giveBack } from '../program.ts';
import { PRODUCTS, REGION } from '../requests.ts';

const PIECES = 1_000_000_000;

const region = await openRegion(REGION);
for (let productId = 1; productId <= PRODUCTS; productId++) {
  await receiveStock(region, { productId, quantity: PIECES });
}
await region.close();
giveBack({});
