import { expect, test } from '@jest/globals';
import { makeFolder } from '../support/folder.ts';
import type { Plan } from './plan.ts';
import { simulate } from './simulate.ts';
import { drawPlan } from './swarm.ts';

const LISTS = [{ at: 0, productId: 1, components: [] }];

test.each<[string, Pick<Plan, 'lists'>]>([
  ['documents', {}],
  ['orders.boston', {}],
  ['products', { lists: LISTS }],
])('a plan that takes a file away which is written to is refused: %s', async (database, { lists = [] }) => {
  const { lists: _, ...drawn } = drawPlan(1);
  const plan: Plan = { ...drawn, lists, faults: [{ kind: 'database away', at: 500, database, milliseconds: 1000 }] };
  await expect(simulate(plan, { templates: makeFolder(), folder: makeFolder() })).rejects.toThrow(
    `The plan takes ${database} away at 500 ms, a file that processes write to.`,
  );
});
