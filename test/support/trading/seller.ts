/**
 * Run as a process of its own: places one order after the other in boston, with keys `<prefix>-1`, `<prefix>-2`, …, and prints each
 * key whose answer it has got, until it gets a signal: `node dist/test/support/trading/seller.js <prefix> <first number>`
 */
import process from 'node:process';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { openRegion } from '../../../src/shop/trading/region.ts';

const [prefix = '', first = '1'] = process.argv.slice(2);
let isStopped = false;
process.once('SIGTERM', () => {
  isStopped = true;
});

const region = await openRegion('boston');
for (let number = Number(first); !isStopped; number++) {
  const key = `${prefix}-${number}`;
  const items = [{ productId: 1 + (number % 2), quantity: 1 + (number % 3) }];
  const { result } = await placeOrder(region, { userId: 1, items, key });
  process.stdout.write(`${number} ${result}\n`);
}
await region.close();
