/**
 * The real process is killed at random moments of a load of 36,000 records and started again: it ends as if nothing had
 * happened. `npm run test:kill -- 500` kills it as often as one likes.
 */
import process from 'node:process';
import { expect } from '@jest/globals';
import { thoroughTest } from '../support/depth.ts';
import { makeFolder } from '../support/folder.ts';
import { killTrials } from '../support/kill/trials.ts';

const KILLS = 60;
/** Of each kind: two transactions, enough for threads, and more than one statement asks for when references are checked. */
const RECORDS = 12_000;

thoroughTest(`${KILLS} kills: same rows, same counts, same rejects files`, async () => {
  const seed = Date.now() % 2 ** 31;
  const figures = await killTrials(makeFolder(), KILLS, seed, RECORDS);
  process.stderr.write(`${JSON.stringify(figures)}\n`);
  // the seed and the figures are in the message of a failure
  expect(figures).toEqual({ ...figures, kills: KILLS, differences: [] });
  expect(figures.loads).toBeGreaterThanOrEqual(KILLS / 15);
});
