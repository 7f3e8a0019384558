/** A process that may have no more files open says so, and blames neither a directory nor a lock. */
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/shared/project.ts';
import { ownEnvironment } from '../support/command.ts';
import { workspace } from '../support/workspace.ts';

/** Regions with a database each, a few files a database: more than may be open. */
const REGIONS = Array.from({ length: 20 }, (_, index) => `r${index}`);
const OPEN_FILES = 40;

test('the limit is named, with what to do', async () => {
  const { cwd, run } = workspace();
  const env = { REGIONS: REGIONS.join() };
  await run(['regions', 'add', 'r0'], { env });
  for (const region of REGIONS.slice(1)) {
    copyFileSync(join(cwd, 'databases', 'orders.r0.db'), join(cwd, 'databases', `orders.${region}.db`));
  }
  // both at once: databases that are opened, and the files of their locks
  const { status, stderr } = spawnSync(
    'sh',
    [
      '-c',
      `ulimit -n ${OPEN_FILES}; exec "$0" "$@"`,
      process.execPath,
      join(projectRoot, 'bin', 'meridian.js'),
      'migrate',
    ],
    { cwd, env: { ...ownEnvironment(), ...env }, encoding: 'utf8' },
  );
  expect(status).toBe(1);
  const errors = stderr.split('\n').filter((line) => line.startsWith('Error: '));
  expect(errors.length).toBeGreaterThan(0);
  for (const error of errors) {
    expect(error).toMatch(
      /cannot be opened: this process has reached its limit of open files\. Raise the limit, for example with ulimit/,
    );
  }
});
