/** All of `relay run` and `central run` behind a message server, and not only the relay, the inbox and the feed in them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Plan } from './plan.ts';
import { Simulator } from './simulator.ts';
import { drawPlan } from './swarm.ts';

const SEEDS = 15;

let simulator: Simulator;

beforeAll(async () => {
  simulator = await Simulator.open();
});

afterAll(() => simulator.close());

test('they violate no oracle', async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { findings } = await simulator.run(wholePrograms(drawPlan(seed)));
    expect([seed, findings]).toEqual([seed, []]);
  }
});

test('a second central takes nothing while the first one answers', async () => {
  const { clocks: _clocks, loads: _loads, lists: _lists, ...drawn } = drawPlan(1);
  const { findings, entries } = await simulator.run({
    ...wholePrograms(drawn as Plan),
    clocks: {},
    network: { ...drawn.network, lossProbability: 0, slowProbability: 0 },
    faults: [{ kind: 'second process', at: 1000, process: 'central', milliseconds: 5000 }],
  });
  expect(findings).toEqual([]);
  const kinds = entries.filter(({ lane }) => lane.startsWith('central second')).map(({ kind }) => kind);
  expect(kinds).toEqual(['started', 'waiting']);
});

function wholePrograms(plan: Plan): Plan {
  return { ...plan, transport: 'stored', wholePrograms: true };
}
