/** All of `central run` and of `sync --watch`, by themselves: in the seeds they run among faults of all kinds. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Fault, Plan } from './plan.ts';
import { Simulator } from './simulator.ts';
import { drawPlan } from './swarm.ts';
import { onOneMachine } from './sync-plans.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await Simulator.open();
});

afterAll(() => simulator.close());

test('a second central takes nothing while the first one answers', async () => {
  const { findings, entries } = await simulator.run({
    ...planWith({ kind: 'second process', at: 1000, process: 'central', milliseconds: 5000 }),
    transport: 'stored',
    wholePrograms: true,
  });
  expect(findings).toEqual([]);
  const kinds = entries.filter(({ lane }) => lane.startsWith('central second')).map(({ kind }) => kind);
  expect(kinds).toEqual(['started', 'waiting']);
});

test.each(['direct', 'stored'] as const)(
  'a sync that is killed ships on when it is started again: %s',
  async (transport) => {
    const plan = planWith(centralKilledFor(500));
    const { verdict, findings, entries } = await simulator.run({ ...onOneMachine(plan), transport });
    expect([verdict, findings]).toEqual(['passed', []]);
    const ofSync = entries.filter(({ lane }) => lane === 'sync');
    expect(ofSync.filter(({ kind }) => kind === 'watched').map(({ text }) => text)).toEqual([
      ...plan.regions,
      ...plan.regions,
    ]);
    const killedAt = ofSync.findIndex(({ kind }) => kind === 'killed');
    expect(ofSync.slice(0, killedAt).map(({ kind }) => kind)).toContain('shipped');
    expect(ofSync.slice(killedAt).map(({ kind }) => kind)).toContain('shipped');
  },
);

test('the operator restarts a sync that relied on the central in another one', async () => {
  const plan = planWith(centralKilledFor(3000));
  const second: Fault = { kind: 'second process', at: 3000, process: 'central', milliseconds: 5000 };
  const { findings, entries } = await simulator.run({
    ...onOneMachine({ ...plan, faults: [...plan.faults, second] }),
    transport: 'stored',
  });
  expect(findings).toEqual([]);
  const ofSync = entries.filter(({ lane, kind }) => lane === 'sync' && (kind === 'started' || kind === 'killed'));
  expect(ofSync.map(({ text }) => text)).toEqual([
    'started',
    'after a statement',
    'started again (2)',
    'restarted by the operator, for no central answers',
    'started again (3)',
  ]);
});

function centralKilledFor(restartMilliseconds: number): Fault {
  return { kind: 'kill', at: 1500, process: 'central', statements: 10, when: 'after', restartMilliseconds };
}

/** Requests of two regions, over a network that loses nothing, and one fault. */
function planWith(fault: Fault): Plan {
  const { sync: _sync, wholePrograms: _whole, clocks: _clocks, loads: _loads, lists: _lists, ...drawn } = drawPlan(1);
  const regions = ['boston', 'denver'];
  return {
    ...drawn,
    regions,
    operations: drawn.operations.filter(({ region }) => regions.includes(region)),
    clocks: {},
    network: { ...drawn.network, lossProbability: 0, slowProbability: 0 },
    faults: [fault],
  };
}
