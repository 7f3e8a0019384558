/** The clients of one region, in one process: they make their requests each with a key, and again until it is answered. */
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

/** What a seller has still to do, which it remembers when it is killed. Two processes may serve the same request. */
export class Requests {
  readonly #left: Set<Operation>;

  constructor(operations: readonly Operation[]) {
    this.#left = new Set(operations);
  }

  /** The first one that is not among the given ones. */
  nextBut(others: ReadonlySet<Operation>): Operation | undefined {
    return [...this.#left].find((operation) => !others.has(operation));
  }

  done(operation: Operation): void {
    this.#left.delete(operation);
  }
}

export function sellerProgram(name: string, requests: Requests): Program {
  return async (world, process) => {
    const region = await openRegion(name, {
      databaseOptions: (database) => world.databaseOptions(database),
      retrySeconds: RETRY_SECONDS,
    });
    const taken = new Set<Operation>();
    const serveAll = async () => {
      for (let next = requests.nextBut(taken); next !== undefined; next = requests.nextBut(taken)) {
        taken.add(next);
        await serveUntilAnswered(world, process, region, next);
        requests.done(next);
      }
    };
    await Promise.all(Array.from({ length: world.plan.clients ?? 1 }, serveAll));
    await region.close();
  };
}

async function serveUntilAnswered(
  world: World,
  process: SimulatedProcess,
  region: Region,
  operation: Operation,
): Promise<void> {
  await process.sleep(operation.at - world.kernel.time);
  for (;;) {
    try {
      await serve(world, process, region, operation);
      return;
    } catch (error) {
      world.show(process.name, 'failed', (error as Error).message);
      if (!(error instanceof MeridianError) || error.code === 'usage' || error.code === 'identity') {
        world.unexpected.push(`${process.name}: ${operation.kind}: ${(error as Error).stack ?? error}`);
        return;
      }
      await process.sleep(RETRY_MILLISECONDS);
    }
  }
}

async function serve(world: World, process: SimulatedProcess, region: Region, operation: Operation): Promise<void> {
  const { name } = region;
  const isSame = world.answers.begin(name);
  const answered = (key: string, answer: object) => {
    const contradiction = isSame() ? world.answers.record(name, key, answer) : undefined;
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

async function cancel({ answers, unexpected }: World, region: Region, key: string): Promise<void> {
  answers.requestCancellation(region.name, key);
  const isSame = answers.begin(region.name);
  try {
    const cancellations = await cancelCheckout(region, key);
    const contradiction = isSame() ? answers.recordCancellation(region.name, key, cancellations) : undefined;
    if (contradiction !== undefined) {
      unexpected.push(contradiction);
    }
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
