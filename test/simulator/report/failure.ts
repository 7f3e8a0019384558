/** Stores a failure: its plan, and a page that shows what happens. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindOf, shrink } from '../shrink.ts';
import type { Result } from '../simulate.ts';
import type { Simulator } from '../simulator.ts';
import { writePlan } from '../stored-plans.ts';
import { failurePage } from './failure-page.ts';

/** Shrinks the plan first. @returns where it is stored, for people */
export async function reportFailure(simulator: Simulator, { plan, findings }: Result, folder: string): Promise<string> {
  const kind = kindOf(findings[0]);
  const smallest = await shrink(plan, async (candidate) => {
    // a part of a plan may be more than the simulator can run
    const result = await simulator.run(candidate).catch(() => undefined);
    return kindOf(result?.findings[0]) === kind;
  });
  const files = store(await simulator.run(smallest), `seed-${plan.seed}`, folder);
  return `  shrunk to ${smallest.operations.length} operations and ${smallest.faults.length} faults: ${files}\n`;
}

/** Of a simulation that does not repeat, whose plan cannot be shrunk: a smaller one might pass by chance. @returns where it is stored, for people */
export function storeFailure(result: Result, folder: string): string {
  const files = store(result, `seed-${result.plan.seed}`, folder);
  return `  stored: ${files}. It does not repeat exactly: the same plan may pass the next time\n`;
}

function store(result: Result, name: string, folder: string): string {
  const [first] = result.findings;
  const stored = {
    about: first?.text ?? '',
    oracle: first?.oracle ?? '',
    meets: [...result.effects.keys()],
    plan: result.plan,
  };
  const file = writePlan(folder, name, stored);
  writeFileSync(join(folder, `${name}.html`), failurePage(result, file));
  return `${file}, ${name}.html`;
}
