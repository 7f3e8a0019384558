/**
 * Tests over a range of seeds, in a file each, so that Jest runs several ranges at once. A process of their own simulates them: one that
 * counts coverage, as a worker of Jest does, takes two fifths longer.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { json } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import type { SeedResult } from './seeds-main.ts';

/** Seeds of a file. */
const SEEDS_OF_FILE = 50;

/** @param repeated seeds that are simulated once more, after others */
export function simulateSeeds(
  first: number,
  repeated: readonly number[] = [],
): ReadonlyMap<number, string | undefined> {
  const digests = new Map<number, string | undefined>();
  const seeds = Array.from({ length: SEEDS_OF_FILE }, (_, index) => first + index);
  let again: readonly SeedResult[] = [];

  describe('simulations', () => {
    test(`of ${SEEDS_OF_FILE} seeds violate no oracle, and most meet faults`, async () => {
      const results = await simulated([...seeds, ...repeated]);
      expect(results.map(({ seed }) => seed)).toEqual([...seeds, ...repeated]);
      again = results.slice(SEEDS_OF_FILE);
      const effects = new Set<string>();
      let unknown = 0;
      for (const { seed, findings, digest, verdict, effects: own } of results.slice(0, SEEDS_OF_FILE)) {
        expect([seed, findings]).toEqual([seed, []]);
        digests.set(seed, digest);
        unknown += verdict === 'unknown' ? 1 : 0;
        for (const [kind] of own.filter(([, count]) => count > 0)) {
          effects.add(kind);
        }
      }
      expect(unknown).toBeLessThan(SEEDS_OF_FILE / 10);
      expect([...effects]).toEqual(
        expect.arrayContaining([
          'kill before a statement',
          'kill after a statement',
          'restore of a region',
          'message redelivered',
          'group committed',
          'compare',
          'component list read',
          'load continued',
          'load finished',
        ]),
      );
    });

    for (const [index, seed] of repeated.entries()) {
      test(`of seed ${seed} are the same after another seed`, () => {
        const result = again[index];
        expect([result?.seed, result?.digest]).toEqual([seed, digests.get(seed)]);
      });
    }
  });
  return digests;
}

async function simulated(seeds: readonly number[]): Promise<SeedResult[]> {
  const script = join(import.meta.dirname, 'seeds-main.js');
  const child = spawn(process.execPath, [script, ...seeds.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
  return (await json(child.stdout)) as SeedResult[];
}
