/** Draws what the clients of regions ask for. */
import type { RandomStream } from './kernel/random-stream.ts';
import { MISSING_USER_ID, PRODUCT_IDS, USER_IDS } from './parts/files.ts';
import type { Operation } from './plan.ts';

/** Deliveries that come before all orders. */
const FIRST_DELIVERIES = 3;

/** Of requests, where several clients make them: how many come at the same time as the one before. */
const AT_ONCE_PROBABILITY = 0.6;

interface Spread {
  /** Over which the requests are spread. */
  readonly milliseconds: number;
  /** How many may come at the same time. */
  readonly atOnce: number;
}

export function drawOperations(
  random: RandomStream,
  region: string,
  count: number,
  { milliseconds, atOnce }: Spread,
): Operation[] {
  const operations: Operation[] = [];
  const placed: Extract<Operation, { kind: 'place' }>[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    const gap = random.exponential(milliseconds / count);
    if (index <= FIRST_DELIVERIES || atOnce === 1) {
      at += gap;
    } else if (!random.chance(AT_ONCE_PROBABILITY)) {
      at += gap / (1 - AT_ONCE_PROBABILITY);
    }
    const request = { at: Math.round(at), region };
    const key = `${region}-${index}`;
    const chance = random.next();
    const earlier = placed.length > 0 ? random.pick(placed) : undefined;
    if (index < FIRST_DELIVERIES || chance < 0.15) {
      const productId = index < FIRST_DELIVERIES ? index + 1 : random.pick(PRODUCT_IDS);
      operations.push({ ...request, kind: 'receive', key, productId, quantity: random.whole(5, 25) });
    } else if (chance < 0.27 && earlier !== undefined) {
      operations.push({ ...request, kind: 'cancel', key: earlier.key });
    } else if (chance < 0.35 && earlier !== undefined) {
      // the same request with the same key once more
      operations.push({ ...earlier, at: request.at });
    } else if (chance < 0.42) {
      operations.push({ ...request, kind: 'settle' });
      const latest = placed.at(-1);
      if (latest !== undefined && random.chance(0.5)) {
        // while it is being settled
        operations.push({ ...request, kind: 'cancel', key: latest.key });
      }
    } else {
      const items = Array.from({ length: random.whole(1, 3) }, () => ({
        productId: random.pick(PRODUCT_IDS),
        quantity: random.whole(1, 4),
      }));
      const userId = random.pick([...USER_IDS, MISSING_USER_ID]);
      const operation = { ...request, kind: 'place', key, userId, items } as const;
      placed.push(operation);
      operations.push(operation);
    }
  }
  return operations;
}
