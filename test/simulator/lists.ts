/** Draws what products are said to be made of; some of it would make a product a part of itself. */
import type { RandomStream } from './kernel/random-stream.ts';
import { PRODUCT_IDS } from './parts/files.ts';
import { type Fault, type PlannedList } from './plan.ts';
import { COMPONENTS } from './programs/components.ts';

export function drawLists(random: RandomStream, milliseconds: number): PlannedList[] {
  return Array.from({ length: random.whole(3, 15) }, () => {
    const productId = random.pick(PRODUCT_IDS);
    const others = PRODUCT_IDS.filter((id) => id !== productId && random.chance(0.4));
    const components = others.map((id) => ({ productId: id, quantity: random.whole(1, 9) }));
    return { at: Math.round(random.next() * 0.9 * milliseconds), productId, components };
  }).sort((a, b) => a.at - b.at);
}

export function drawListFaults(random: RandomStream, lists: readonly PlannedList[]): Fault[] {
  return lists
    .filter(() => random.chance(0.2))
    .map(({ at }) => ({
      kind: 'kill',
      at,
      process: COMPONENTS,
      statements: random.whole(0, 40),
      when: random.pick(['before', 'after']),
      restartMilliseconds: random.exponential(1000),
    }));
}
