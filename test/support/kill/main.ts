/** `npm run test:kill -- <kills> [<seed>]`: kills a populate so many times and prints the figures. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { killTrials } from './trials.ts';

const [kills = '500', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'meridian-kill-'));
const startedAt = performance.now();
const figures = await killTrials(folder, Number(kills), Number(seed), 20_000);
const seconds = Math.round((performance.now() - startedAt) / 1000);
process.stdout.write(`${JSON.stringify({ ...figures, differences: figures.differences.length, seconds }, null, 2)}\n`);
if (figures.differences.length > 0) {
  process.stdout.write(`${JSON.stringify(figures.differences, null, 2)}\nWhat differs is in ${folder}\n`);
  process.exitCode = 1;
} else {
  rmSync(folder, { recursive: true });
}
