/** Simulations of the shop: a range of seeds, and what is left of them. */
import { queryObjects } from 'node:v8';
import { expect, test } from '@jest/globals';
import { simulateSeeds } from './simulate-seeds.ts';
import { World } from './world.ts';

simulateSeeds(51);

test('a world is not kept in memory once it has been simulated', () => {
  // MikroORM keeps the last configuration on the prototype of each entity
  expect(queryObjects(World, { format: 'count' })).toBeLessThan(5);
});
