/**
 * Whatever happens at whatever statement of placing, cancelling, shipping and applying, the same again ends it: nothing is
 * lost, nothing comes twice. The faults are made in a process of their own: `npx node dist/test/support/trading/main.js` says how to
 * make them by hand.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { json } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { describeWithPostgresql } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { freshDatabase } from '../support/postgresql/fresh.ts';
import type { Figures } from '../support/trading/trials.ts';

const KILLED_STATEMENTS = 20;

async function run(kind: string, where: string, step = 1): Promise<void> {
  const script = join(import.meta.dirname, '..', 'support', 'trading', 'main.js');
  const child = spawn(process.execPath, [script, kind, where, String(step)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const figures = (await json(child.stdout)) as Figures;
  expect(figures.differences).toEqual([]);
  expect(figures.statements).toBeGreaterThan(80);
  expect(figures.faults).toBeGreaterThanOrEqual((2 * figures.statements) / step);
  process.stderr.write(`${kind}: ${JSON.stringify(figures)}\n`);
}

test('an error before and after every statement', () => run('errors', makeFolder()));

test('killed before and after every statement', () => run('snapshots', makeFolder()));

test(`a process killed before and after every ${KILLED_STATEMENTS}th statement`, () =>
  run('kills', makeFolder(), KILLED_STATEMENTS));

describeWithPostgresql('PostgreSQL', () => {
  test('an error before and after every statement', async () => run('errors', await freshDatabase()));

  test(`a process killed before and after every ${KILLED_STATEMENTS}th statement`, async () =>
    run('kills', await freshDatabase(), KILLED_STATEMENTS));
});
