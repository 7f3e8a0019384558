/** Tests over a range of seeds, in a file each, so that Jest runs several ranges at once. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Simulator } from './simulator.ts';
import { Summary } from './summary.ts';
import { drawPlan } from './swarm.ts';

/** Seeds of a file. */
const SEEDS_OF_FILE = 50;

/** @param repeated seeds that are simulated once more, after others */
export function simulateSeeds(
  first: number,
  repeated: readonly number[] = [],
): ReadonlyMap<number, string | undefined> {
  const digests = new Map<number, string | undefined>();
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await Simulator.open();
  });

  afterAll(() => simulator.close());

  describe('simulations', () => {
    test(`of ${SEEDS_OF_FILE} seeds violate no oracle, and most meet faults`, async () => {
      const summary = new Summary();
      for (let seed = first; seed < first + SEEDS_OF_FILE; seed++) {
        const result = await simulator.run(drawPlan(seed));
        expect([seed, result.findings]).toEqual([seed, []]);
        summary.add(result);
        digests.set(seed, result.digest);
      }
      expect(summary.verdicts.unknown).toBeLessThan(SEEDS_OF_FILE / 10);
      for (const kind of [
        'kill before a statement',
        'kill after a statement',
        'restore of a region',
        'message redelivered',
        'group committed',
        'compare',
        'component list read',
        'load continued',
        'load finished',
      ]) {
        expect([kind, (summary.effects.get(kind) ?? 0) > 0]).toEqual([kind, true]);
      }
    });

    for (const seed of repeated) {
      test(`of seed ${seed} are the same after another seed`, async () => {
        expect((await simulator.run(drawPlan(seed))).digest).toBe(digests.get(seed));
      });
    }
  });
  return digests;
}
