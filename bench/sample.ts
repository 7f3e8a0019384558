/** The built-in sample, from starting the command line to its end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { meridian, runs } from './places.ts';
import { run } from './process.ts';
import type { Time } from './race.ts';

const RUNS = 9;

/** After one run that is not counted. */
export async function sampleRuns(): Promise<Time[]> {
  const times: Time[] = [];
  for (let number = 0; number <= RUNS; number++) {
    const folder = mkdtempSync(join(runs, 'run-'));
    try {
      const { seconds, peakBytes } = await run(
        { command: process.execPath, args: [meridian, 'populate', '--quiet'] },
        folder,
      );
      if (number > 0) {
        times.push({ seconds, peakBytes });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return times;
}
