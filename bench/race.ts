/** Lets contestants load the same files in turn, round after round, and keeps what each run took. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Contestant, Run } from './contestant.ts';
import { DATABASES, runs } from './places.ts';
import { type Measured, runAll } from './process.ts';
import { shuffled } from './random.ts';

export interface Course {
  readonly records: number;
  readonly rounds: number;
  readonly seed: number;
  readonly files: Readonly<Record<string, string>>;
  readonly schemas: Readonly<Record<string, string>>;
}

/** What one run took. */
export type Time = Pick<Measured, 'seconds' | 'peakBytes'>;

export interface Result {
  readonly contestant: Contestant;
  /** One a round, in the order of the rounds; of a contestant that runs once, that of the first round. */
  readonly times: Time[];
}

/**
 * A round that is not counted comes first. The order within a round differs from round to round.
 *
 * @param report is called after each run
 * @throws Error when a process fails or rows are missing in the end
 */
export async function race(
  contestants: readonly Contestant[],
  course: Course,
  report: (round: number, contestant: Contestant, time: Time) => void,
): Promise<Result[]> {
  const results = contestants.map((contestant) => ({ contestant, times: [] as Time[] }));
  for (let round = 0; round <= course.rounds; round++) {
    for (const { contestant, times } of shuffled(results, course.seed + round)) {
      if (contestant.runsOnce && round !== 1) {
        continue;
      }
      const time = await once(contestant, course);
      report(round, contestant, time);
      if (round > 0) {
        times.push(time);
      }
    }
  }
  return results;
}

async function once(contestant: Contestant, { files, schemas, records }: Course): Promise<Time> {
  const folder = mkdtempSync(join(runs, 'run-'));
  const run: Run = { folder, files, schemas };
  try {
    await contestant.prepare?.(run);
    // what is still to be written of the run before is no business of this one
    spawnSync('sync');
    const { seconds, peakBytes } = await runAll(contestant.steps(run), folder);
    const rows = await contestant.count(run);
    for (const database of DATABASES) {
      if (rows[database] !== records) {
        throw new Error(`${contestant.title} left ${rows[database]} of ${records} rows in ${database}.`);
      }
    }
    return { seconds, peakBytes };
  } finally {
    await contestant.cleanUp?.(run);
    rmSync(folder, { recursive: true });
  }
}
