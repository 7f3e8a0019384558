/** Plans of failures that were fixed, and of deliberate bugs: they stay the same when the swarm changes. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Simulator } from './simulator.ts';
import { storedPlans } from './stored-plans.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await Simulator.open();
});

afterAll(() => simulator.close());

describe('the stored plan', () => {
  test.each(storedPlans())('$name violates no oracle, and meets what it is about', async ({ stored }) => {
    const { findings, verdict, effects } = await simulator.run(stored.plan);
    expect(findings).toEqual([]);
    expect([verdict, ...effects.keys()]).toEqual(expect.arrayContaining([...(stored.meets ?? ['passed'])]));
  });
});
