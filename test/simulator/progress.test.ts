import { expect, test } from '@jest/globals';
import { makeFolder } from '../support/folder.ts';
import { readProgress, writeProgress } from './progress.ts';
import { Summary } from './summary.ts';

const SEEDS = { first: 1, count: 100 };

test('a run that was stopped goes on with what it had found', () => {
  const folder = makeFolder();
  const summary = Summary.of({
    verdicts: { passed: 1, failed: 1, unknown: 0 },
    effects: [['pause', 2]],
    states: [['pause × relay', 2]],
    violations: [['stock', [2]]],
    figures: { statements: 10, commits: 5, answers: 3, virtualSeconds: 1.5 },
  });
  expect(readProgress(folder, SEEDS)).toBeUndefined();
  writeProgress(folder, { seeds: SEEDS, summary, cpuSeconds: 4 });
  expect(readProgress(folder, SEEDS)).toEqual({ seeds: SEEDS, summary, cpuSeconds: 4 });
  expect(readProgress(folder, SEEDS)?.summary.seeds).toBe(2);
});

test('a run over other seeds is not continued', () => {
  const folder = makeFolder();
  writeProgress(folder, { seeds: SEEDS, summary: new Summary(), cpuSeconds: 0 });
  expect(() => readProgress(folder, { ...SEEDS, count: 10 })).toThrow(/is of a run over 100 seeds from 1 on/);
});
