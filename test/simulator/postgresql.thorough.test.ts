/** Simulations over a real PostgreSQL server. They differ each time: what is the same are the requests, the faults, and what has to be true. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWithPostgresql } from '../support/engines.ts';
import { serverUrl } from '../support/postgresql/available.ts';
import { Simulator } from './simulator.ts';
import { Summary } from './summary.ts';
import { drawPlan } from './swarm.ts';

/** With kills, power cuts, restores, and standbys that take over. */
const SEEDS = [8, 19, 22, 27];

describeWithPostgresql('simulations over PostgreSQL', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await Simulator.open(serverUrl());
  });

  afterAll(() => simulator.end());

  test('violate no oracle', async () => {
    const summary = new Summary();
    for (const seed of SEEDS) {
      const result = await simulator.run(drawPlan(seed));
      expect([seed, result.findings]).toEqual([seed, []]);
      expect(result.digest).toBeUndefined();
      summary.add(result);
    }
    expect(summary.verdicts.passed).toBe(SEEDS.length);
    expect(summary.figures.commits).toBeGreaterThan(100);
    expect([...summary.effects.keys()]).toEqual(expect.arrayContaining(['power cut', 'database away']));
    expect([...summary.effects.keys()]).not.toContain('disk error');
  });
});
