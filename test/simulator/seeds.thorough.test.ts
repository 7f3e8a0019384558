/** Simulations of the shop: seeds that are drawn anew each time the swarm changes, and plans of failures that stay the same. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildRoot } from '../../src/shared/project.ts';
import { makeFolder } from '../support/folder.ts';
import { Simulator } from './simulator.ts';
import { storedPlans } from './stored-plans.ts';
import { Summary } from './summary.ts';
import { drawPlan } from './swarm.ts';

const SEEDS = 45;
/** Of these, a few are simulated again: in another process, and after another seed. */
const REPEATED = [3, 17, 42];

let simulator: Simulator;

beforeAll(async () => {
  simulator = await Simulator.open();
});

afterAll(() => simulator.close());

describe('simulations', () => {
  const digests = new Map<number, string>();

  test(`of ${SEEDS} seeds violate no oracle, and most meet faults`, async () => {
    const summary = new Summary();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const result = await simulator.run(drawPlan(seed));
      expect([seed, result.findings]).toEqual([seed, []]);
      summary.add(result);
      digests.set(seed, result.digest);
    }
    expect(summary.verdicts.unknown).toBeLessThan(SEEDS / 10);
    for (const kind of [
      'kill before a statement',
      'kill after a statement',
      'restore of a region',
      'message redelivered',
    ]) {
      expect([kind, (summary.effects.get(kind) ?? 0) > 0]).toEqual([kind, true]);
    }
  });

  test('of a seed are the same after another seed', async () => {
    for (const seed of REPEATED) {
      expect([seed, (await simulator.run(drawPlan(seed))).digest]).toEqual([seed, digests.get(seed)]);
    }
  });

  test('of a seed are the same in another process', () => {
    for (const seed of REPEATED) {
      const report = makeFolder();
      const main = join(buildRoot, 'test', 'simulator', 'main.js');
      const { stdout } = spawnSync(process.execPath, [main, '--seed', String(seed), '--report', report], {
        encoding: 'utf8',
      });
      expect(stdout).toContain(digests.get(seed));
    }
  });
});

describe('the stored plan', () => {
  test.each(storedPlans())('$name violates no oracle', async ({ stored }) => {
    const { findings } = await simulator.run(stored.plan);
    expect(findings).toEqual([]);
  });
});
