/**
 * Whatever happens at whatever statement of placing, cancelling, shipping and applying, the same again completes it: nothing is
 * lost, nothing comes twice. The faults are made in a process of their own: `npx node dist/test/support/trading/main.js` says how to
 * make them by hand.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { json } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { WITH_BUNDLES } from '../../support/bundled.ts';
import { isThorough, thoroughTest } from '../../support/depth.ts';
import { describeWithPostgresql } from '../../support/engines.ts';
import type { Step } from '../../support/faults/positions.ts';
import { makeFolder } from '../../support/folder.ts';
import { freshDatabase } from '../../support/postgresql/fresh.ts';
import type { Figures } from '../../support/trading/trials.ts';

const ERROR_STEP: Step = isThorough() ? 'distinct' : 29;
const KILL_STEP = 20;

async function run(kind: string, where: string, step: Step = 1): Promise<void> {
  const script = join(import.meta.dirname, '..', '..', 'support', 'trading', 'main.js');
  const args = [WITH_BUNDLES, script, kind, where, String(step)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const figures = (await json(child.stdout)) as Figures;
  expect(figures.differences).toEqual([]);
  expect(figures.statements).toBeGreaterThan(80);
  if (step === 'distinct') {
    expect(figures.missed).toEqual([]);
  } else {
    expect(figures.faults).toBeGreaterThanOrEqual(figures.statements / step);
  }
}

test('an error before and after statements', () => run('errors', makeFolder(), ERROR_STEP));

test('killed before and after every statement', () => run('snapshots', makeFolder()));

thoroughTest('a process killed before and after statements', () => run('kills', makeFolder(), KILL_STEP));

describeWithPostgresql('PostgreSQL', () => {
  thoroughTest('an error before and after statements', async () => run('errors', await freshDatabase(), ERROR_STEP));

  thoroughTest('a process killed before and after statements', async () =>
    run('kills', await freshDatabase(), KILL_STEP),
  );
});
