import { expect, test } from '@jest/globals';
import type { Plan } from './plan.ts';
import { shrink } from './shrink.ts';
import { drawPlan } from './swarm.ts';

const SEED = 7;
const SEED_WITH_LOADS = 28;

test('a seed gives the same plan each time', () => {
  expect(drawPlan(SEED)).toEqual(drawPlan(SEED));
  expect(drawPlan(SEED + 1)).not.toEqual(drawPlan(SEED));
});

test('a failing plan is shrunk to what the failure needs', async () => {
  const plan = drawPlan(SEED);
  const [first, second] = [plan.operations[4], plan.faults.at(-1)];
  const fails = async ({ operations, faults }: Plan) =>
    operations.some((one) => one === first) && faults.some((one) => one === second);
  const { operations, faults, regions, relays } = await shrink(plan, fails);
  expect({ operations, faults, relays }).toEqual({ operations: [first], faults: [second], relays: 1 });
  expect(regions.length).toBe(1);
});

test('of files that are loaded, only the records are left that the failure needs', async () => {
  const plan = drawPlan(SEED_WITH_LOADS);
  const record = plan.loads?.at(-1)?.lines.at(-1) ?? '';
  const fails = async ({ loads = [] }: Plan) => loads.some(({ lines }) => lines.includes(record));
  expect((await shrink(plan, fails)).loads?.map(({ lines }) => lines)).toEqual([[record]]);
});

test('a plan that fails without any request is shrunk to nothing', async () => {
  const { operations, faults } = await shrink(drawPlan(SEED), async () => true);
  expect([operations, faults]).toEqual([[], []]);
});
