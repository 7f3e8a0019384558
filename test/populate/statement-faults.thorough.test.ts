/**
 * A fault at any statement of a load: the same command completes it. The faults are made in a process of their own:
 * `npx node dist/test/support/faults/main.js` says how to make them by hand, kills at every statement too.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { json } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { WITH_BUNDLES } from '../support/bundled.ts';
import { depth, isThorough, thoroughTest } from '../support/depth.ts';
import type { Step } from '../support/faults/positions.ts';
import { makeFolder } from '../support/folder.ts';

// a step that no batch is a multiple of, so that statements of every kind are met
const ERROR_STEP: Step = isThorough() ? 'distinct' : 257;
const SNAPSHOT_STEP = depth(17, 1);
const KILL_STEP = 20;

async function run(kind: string, scene: string, step: Step = 1): Promise<void> {
  const script = join(import.meta.dirname, '..', 'support', 'faults', 'main.js');
  const args = [WITH_BUNDLES, script, makeFolder(), kind, scene, String(step)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const figures = (await json(child.stdout)) as {
    statements: number;
    faults: number;
    missed?: unknown;
    differences: unknown[];
  };
  expect(figures.differences).toEqual([]);
  expect(figures.statements).toBeGreaterThan(200);
  if (step === 'distinct') {
    expect(figures.missed).toEqual([]);
  } else {
    expect(figures.faults).toBeGreaterThanOrEqual(figures.statements / step);
  }
}

test('an error at statements', () => run('errors', 'filled', ERROR_STEP));

thoroughTest('an error at statements, migrations too', () => run('errors', 'empty', ERROR_STEP));

test('killed before and after every statement', () => run('snapshots', 'filled', SNAPSHOT_STEP));

thoroughTest('killed before and after every statement, migrations too', () => run('snapshots', 'empty'));

thoroughTest.each([
  ['a set of files for each table', 'sets'],
  ['everything or nothing, which is kept', 'kept'],
  ['everything or nothing, which is reverted', 'reverted'],
])('killed before and after every statement: %s', (_, scene) => run('snapshots', scene));

thoroughTest('an error at statements of a load of everything or nothing', () => run('errors', 'kept', 7));

thoroughTest('a process killed before and after statements', () => run('kills', 'filled', KILL_STEP));
