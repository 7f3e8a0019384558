/** Simulations of the shop, some of them twice: a seed gives the same history each time. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { buildRoot } from '../../src/shared/project.ts';
import { makeFolder } from '../support/folder.ts';
import { simulateSeeds } from './simulate-seeds.ts';

/** 7 has a history with messages that name files, 28 one with loads into regions, 42 one with several orders in a transaction. */
const REPEATED = [3, 7, 17, 28, 42];

const digests = simulateSeeds(1, REPEATED);

test.each(REPEATED)('simulations of seed %i are the same in another process', (seed) => {
  const main = join(buildRoot, 'test', 'simulator', 'main.js');
  const { stdout } = spawnSync(process.execPath, [main, '--seed', String(seed), '--report', makeFolder()], {
    encoding: 'utf8',
  });
  expect(stdout).toContain(digests.get(seed));
});
