/** Programs of this part of the benchmark: each a process of its own, given a job and giving back what it has measured. */
import { join } from 'node:path';
import process from 'node:process';
import { root as thisCheckout } from '../places.ts';
import { run } from '../process.ts';

/** In their order. */
export type Program =
  | 'stock'
  | 'place'
  | 'place-by-hand'
  | 'place-at-once'
  | 'fill'
  | 'drain'
  | 'lag'
  | 'nats-central'
  | 'nats-relay'
  | 'nats-place';

export interface Started {
  /** The working directory: databases are in `databases/`. */
  readonly folder: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Of Node.js. */
  readonly flags?: readonly string[];
  /** The checkout whose program it is; this one by default. */
  readonly checkout?: string;
}

export interface Ended<Result> {
  readonly result: Result;
  readonly peakBytes: number | undefined;
}

/** @throws Error with what the program printed, when it fails */
export async function runProgram<Result>(
  name: Program,
  job: object,
  { folder, env = {}, flags = [], checkout }: Started,
): Promise<Ended<Result>> {
  const step = { command: process.execPath, args: [...flags, programFile(name, checkout), JSON.stringify(job)], env };
  const { output, peakBytes } = await run(step, folder);
  return { result: JSON.parse(output.trimEnd().split('\n').at(-1) ?? ''), peakBytes };
}

export function programFile(name: Program, checkout = thisCheckout): string {
  return join(checkout, 'bench', 'regions', 'programs', `${name}.ts`);
}

/** The job that this process was given. */
export function givenJob<Job>(): Job {
  return JSON.parse(process.argv[2] ?? '') as Job;
}

export function giveBack(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
