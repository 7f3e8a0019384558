/** A client of one region: makes its requests one after the other, each with a key and again until it is answered. */
import { MeridianError } from '../../../src/shared/errors.ts';
import { cancelCheckout } from '../../../src/shop/trading/cancel-order.ts';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import { openRegion, type Region } from '../../../src/shop/trading/region.ts';
import { settlePending } from '../../../src/shop/trading/settle-pending.ts';
import type { SimulatedProcess } from '../kernel/simulated-process.ts';
import type { Operation } from '../plan.ts';
import type { Program, World } from '../world.ts';

const PRICE = '1.50';
const RETRY_MILLISECONDS = 100;
/** How long a transaction is tried again that another one is in the way of. */
const RETRY_SECONDS = 5;

/** What a seller has still to do, which it remembers when it is killed. */
export class Requests {
  readonly #operations: readonly Operation[];
  #next = 0;

  constructor(operations: readonly Operation[]) {
    this.#operations = operations;
  }

  get next(): Operation | undefined {
    return this.#operations[this.#next];
  }

  /** Two processes may have served it. */
  done(operation: Operation): void {
    if (operation === this.next) {
      this.#next++;
    }
  }
}

export function sellerProgram(name: string, requests: Requests): Program {
  return async (world, process) => {
    const region = await openRegion(name, {
      databaseOptions: (database) => world.databaseOptions(database),
      retrySeconds: RETRY_SECONDS,
    });
    for (let { next } = requests; next !== undefined; { next } = requests) {
      await process.sleep(next.at - world.kernel.time);
      try {
        await serve(world, process, region, next);
        requests.done(next);
      } catch (error) {
        if (!(error instanceof MeridianError) || error.code === 'usage' || error.code === 'identity') {
          world.unexpected.push(`${process.name}: ${next.kind}: ${(error as Error).stack ?? error}`);
          requests.done(next);
        }
        world.show(process.name, 'failed', (error as Error).message);
        await process.sleep(RETRY_MILLISECONDS);
      }
    }
    await region.close();
  };
}

async function serve(world: World, process: SimulatedProcess, region: Region, operation: Operation): Promise<void> {
  const { name } = region;
  const answered = (key: string, answer: object) => {
    const contradiction = world.answers.record(name, key, answer);
    if (contradiction !== undefined) {
      world.unexpected.push(contradiction);
    }
  };
  switch (operation.kind) {
    case 'receive': {
      const { key, productId, quantity } = operation;
      answered(key, await receiveStock(region, { productId, quantity, price: PRICE, key }));
      break;
    }
    case 'place': {
      const { key, userId, items } = operation;
      answered(key, await placeOrder(region, { userId, items, key }));
      break;
    }
    case 'cancel':
      await cancel(world, region, operation.key);
      break;
    case 'settle':
      await settlePending(region);
      break;
  }
  world.show(process.name, operation.kind, textOf(operation));
}

async function cancel(world: World, region: Region, key: string): Promise<void> {
  world.answers.requestCancellation(region.name, key);
  try {
    await cancelCheckout(region, key);
  } catch (error) {
    // it placed no order, or a restored region has forgotten it
    if (!(error instanceof MeridianError && error.code === 'usage')) {
      throw error;
    }
  }
}

function textOf(operation: Operation): string {
  return 'key' in operation ? operation.key : operation.kind;
}
