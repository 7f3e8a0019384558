/**
 * Run as a process of its own: clients that buy in boston, where the environment says it is, until nothing is left of any product.
 * `node dist/test/support/buyer.js <clients> <products> [<orders a client>]` prints what they got as JSON; each client writes a
 * line to standard error when its first order is in.
 */
import process from 'node:process';
import { messageOf } from '../../src/shared/errors.ts';
import { placeOrder } from '../../src/shop/trading/place-order.ts';
import { openRegion, type Region } from '../../src/shop/trading/region.ts';

export interface Bought {
  readonly orders: number;
  /** Product -> pieces. */
  readonly pieces: Record<number, number>;
  /** What went wrong but for lack of stock: nothing, if all is well. */
  readonly failures: string[];
}

const [clients = '1', products = '1', most = 'Infinity'] = process.argv.slice(2);
const bought = { orders: 0, pieces: {} as Record<number, number>, failures: [] as string[] };

const region = await openRegion('boston', { connections: Number(clients) });
await Promise.all(Array.from({ length: Number(clients) }, (_, client) => buy(region, client)));
await region.close();
process.stdout.write(JSON.stringify(bought));

async function buy(from: Region, client: number): Promise<void> {
  const left = new Set(Array.from({ length: Number(products) }, (_, index) => index + 1));
  for (let count = 0; left.size > 0 && count < Number(most); count++) {
    // each in another order, so that a buyer that locked in the order of its items would meet others that lock the other way round
    const wanted = count % 2 === client % 2 ? [...left] : [...left].reverse();
    const items = wanted.slice(0, 1 + (count % 3)).map((productId) => ({ productId, quantity: 1 + (count % 2) }));
    try {
      const outcome = await placeOrder(from, { userId: 1, items });
      if (outcome.result === 'placed') {
        bought.orders++;
        for (const { productId, quantity } of outcome.orders) {
          bought.pieces[productId] = (bought.pieces[productId] ?? 0) + quantity;
        }
        if (count === 0) {
          process.stderr.write('begun\n');
        }
      } else {
        for (const reason of outcome.reasons) {
          if (reason.code !== 'out-of-stock' || reason.onHand >= reason.wanted) {
            bought.failures.push(reason.message);
          } else if (reason.onHand === 0) {
            left.delete(reason.productId);
          }
        }
      }
    } catch (error) {
      bought.failures.push(messageOf(error));
      return;
    }
  }
}
