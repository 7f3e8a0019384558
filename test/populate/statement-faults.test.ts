/**
 * Whatever happens at whatever statement of a load, the same command ends it. The faults are made in a process of their
 * own: `npx node dist/test/support/faults/main.js` says how to make them by hand, kills at every statement too.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { json } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { makeFolder } from '../support/folder.ts';

const KILLED_STATEMENTS = 20;

test.each([
  ['an error at every statement', 'errors', 'filled'],
  ['an error at every statement, migrations too', 'errors', 'empty'],
  ['killed before and after every statement', 'snapshots', 'filled'],
  ['killed before and after every statement, migrations too', 'snapshots', 'empty'],
  [`a process killed before and after every ${KILLED_STATEMENTS}th statement`, 'kills', 'filled'],
])('%s', async (_what, kind, databases) => {
  const script = join(import.meta.dirname, '..', 'support', 'faults', 'main.js');
  const args = [script, makeFolder(), kind, databases, String(KILLED_STATEMENTS)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const figures = (await json(child.stdout)) as { statements: number; faults: number; differences: unknown[] };
  expect(figures.differences).toEqual([]);
  expect(figures.statements).toBeGreaterThan(200);
  expect(figures.faults).toBeGreaterThanOrEqual((2 * figures.statements) / KILLED_STATEMENTS);
  process.stderr.write(`${kind}, ${databases}: ${JSON.stringify(figures)}\n`);
});
