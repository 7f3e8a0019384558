/** Simulations of the shop, some of them twice: a seed gives the same history each time. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { buildRoot } from '../../src/shared/project.ts';
import { makeFolder } from '../support/folder.ts';
import { simulateSeeds } from './simulate-seeds.ts';

/** 7 has a history with messages that name files, 12 one process that ships all regions, 28 a history with loads into regions, 42 one with several orders in a transaction. */
const REPEATED = [3, 7, 12, 17, 28, 42];

const digests = simulateSeeds(1, REPEATED);

test('simulations of them are the same in another process, and after other seeds', () => {
  const main = join(buildRoot, 'test', 'simulator', 'main.js');
  const seeds = REPEATED.toReversed().flatMap((seed) => ['--seed', String(seed)]);
  const { stdout } = spawnSync(process.execPath, [main, ...seeds, '--report', makeFolder()], { encoding: 'utf8' });
  expect(stdout.match(/\b[0-9a-f]{24}-[0-9a-f]{24}\b/g)?.toReversed()).toEqual(
    REPEATED.map((seed) => digests.get(seed)),
  );
});
