/** Makes a plan smaller for as long as the same oracle is violated: what is left is what matters. */

import type { Finding } from './oracles/every-commit.ts';
import { CALM_NETWORK } from './parts/network.ts';
import type { Fault, Operation, Plan, PlannedLoad } from './plan.ts';

/** Whether a plan still fails in the way that is looked for. */
export type Fails = (plan: Plan) => Promise<boolean>;

/** What is violated, without the numbers, which change as a plan gets smaller: another violation of the same oracle has another cause. */
export function kindOf(finding: Finding | undefined): string {
  return finding === undefined ? 'nothing' : `${finding.oracle}: ${finding.text.replaceAll(/\d+/g, '#')}`;
}

/** Simulations that a shrinking may take. */
const MAX_RUNS = 300;

/** @returns a plan that fails, from which nothing could be left out any more */
export async function shrink(plan: Plan, fails: Fails): Promise<Plan> {
  let smallest = plan;
  let runs = 0;
  const keep = async (candidate: Plan): Promise<boolean> => {
    if (runs++ >= MAX_RUNS || !(await fails(candidate))) {
      return false;
    }
    smallest = candidate;
    return true;
  };
  let size: number;
  do {
    size = sizeOf(smallest);
    for (const simpler of simplifications(smallest)) {
      await keep(simpler(smallest));
    }
    await removeParts<Fault>(
      () => smallest.faults,
      (faults) => keep({ ...smallest, faults }),
    );
    await removeParts<Operation>(
      () => smallest.operations,
      (operations) => keep({ ...smallest, operations }),
    );
    await removeParts<PlannedLoad>(
      () => smallest.loads ?? [],
      (loads) => keep({ ...smallest, loads }),
    );
    for (const { name } of smallest.loads ?? []) {
      await removeParts<string>(
        () => smallest.loads?.find((one) => one.name === name)?.lines ?? [],
        (lines) => keep(withLines(smallest, name, lines)),
      );
    }
  } while (sizeOf(smallest) < size && runs < MAX_RUNS);
  return smallest;
}

/** Leaves out halves, then quarters, and so on down to single ones. */
async function removeParts<T>(list: () => readonly T[], keep: (rest: readonly T[]) => Promise<boolean>): Promise<void> {
  for (let size = Math.ceil(list().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < list().length; ) {
      const rest = list().toSpliced(from, size);
      if (!(await keep(rest))) {
        from += size;
      }
    }
  }
}

/** Changes to the system itself; each is tried once in a round. */
function simplifications({ regions }: Plan): readonly ((plan: Plan) => Plan)[] {
  return [
    ...regions.map((region) => (plan: Plan) => withoutRegion(plan, region)),
    (plan) => ({ ...plan, relays: 1 }),
    ({ lists: _, ...plan }) => plan,
    (plan) => ({ ...plan, clocks: {} }),
    (plan) => ({ ...plan, network: { ...CALM_NETWORK, meanMilliseconds: plan.network.meanMilliseconds } }),
    (plan) => ({ ...plan, network: { ...plan.network, lossProbability: 0 } }),
    (plan) => ({ ...plan, network: { ...plan.network, duplicateProbability: 0 } }),
    (plan) => ({ ...plan, network: { ...plan.network, slowProbability: 0 } }),
  ];
}

function withoutRegion(plan: Plan, region: string): Plan {
  const regions = plan.regions.filter((one) => one !== region);
  return regions.length === 0
    ? plan
    : {
        ...plan,
        regions,
        operations: plan.operations.filter((operation) => operation.region !== region),
        ...(plan.loads === undefined ? {} : { loads: plan.loads.filter((load) => load.region !== region) }),
      };
}

function withLines(plan: Plan, name: string, lines: readonly string[]): Plan {
  const loads = plan.loads?.map((load) => (load.name === name ? { ...load, lines } : load)) ?? [];
  return { ...plan, loads };
}

function sizeOf({ regions, faults, operations, relays, clocks, loads = [], lists = [] }: Plan): number {
  const records = loads.reduce((sum, { lines }) => sum + 1 + lines.length, 0);
  return (
    regions.length + faults.length + operations.length + relays + Object.keys(clocks).length + records + lists.length
  );
}
