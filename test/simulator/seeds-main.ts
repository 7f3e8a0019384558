/** Simulates the seeds that are its arguments, one after the other, and prints what came of each as JSON, for `simulate-seeds.ts`. */
import process from 'node:process';
import type { Finding } from './oracles/every-commit.ts';
import type { Result } from './simulate.ts';
import { Simulator } from './simulator.ts';
import { drawPlan } from './swarm.ts';

export interface SeedResult {
  readonly seed: number;
  readonly verdict: Result['verdict'];
  readonly findings: readonly Finding[];
  readonly digest: Result['digest'];
  /** Fault, and how often it took effect. */
  readonly effects: readonly (readonly [string, number])[];
}

const results: SeedResult[] = [];
const simulator = await Simulator.open();
try {
  for (const seed of process.argv.slice(2).map(Number)) {
    const { verdict, findings, digest, effects } = await simulator.run(drawPlan(seed));
    results.push({ seed, verdict, findings, digest, effects: [...effects] });
  }
} finally {
  simulator.close();
}
process.stdout.write(JSON.stringify(results));
