/** Plans of failures, stored as files: each is a test from then on. A seed means another plan once the swarm draws differently; a plan does not. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from '../../src/shared/project.ts';
import type { Plan } from './plan.ts';

/** Sources, not what is compiled from them. */
const plansFolder = join(projectRoot, 'test', 'simulator', 'plans');

export interface StoredPlan {
  /** What goes wrong where the fault is not fixed, for people. */
  readonly about: string;
  /** The oracle that was violated. */
  readonly oracle: string;
  /** What has to take effect in it, or it shows nothing. If it is not said, any fault that makes a seed pass. */
  readonly meets?: readonly string[];
  readonly plan: Plan;
}

export function storedPlans(): { readonly name: string; readonly stored: StoredPlan }[] {
  return readdirSync(plansFolder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => ({ name: basename(name, '.json'), stored: readPlan(join(plansFolder, name)) }));
}

/** @throws Error for a file that is not a plan of this format */
export function readPlan(file: string): StoredPlan {
  const stored = JSON.parse(readFileSync(file, 'utf8')) as StoredPlan;
  if (stored.plan?.format !== 1) {
    throw new Error(`${file} is not a plan of format 1.`);
  }
  return stored;
}

export function writePlan(folder: string, name: string, stored: StoredPlan): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  writeFileSync(file, `${JSON.stringify(stored, null, 2)}\n`);
  return file;
}
