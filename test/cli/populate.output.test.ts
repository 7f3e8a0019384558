/** `meridian populate` when what it writes to gives way: a reader that leaves, a log or an output that is full. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/shared/project.ts';
import { meridian, ownEnvironment } from '../support/command.ts';
import { rowsOf } from '../support/databases.ts';
import { makeFolder } from '../support/folder.ts';

const FULL = '/dev/full';

/** A device that is always full stands in for a disk that is; where there is none, the test says that it was skipped. */
function onlyWithFull(name: string, run: () => void | Promise<void>): void {
  if (existsSync(FULL)) {
    test(name, run);
  } else {
    test.skip(`${name} (skipped: this system has no ${FULL})`, run);
  }
}

function shell(cwd: string, redirection: string): { status: number | null; stderr: string } {
  const command = `"${process.execPath}" "${join(projectRoot, 'bin', 'meridian.js')}" populate ${redirection}`;
  return spawnSync('bash', ['-c', `set -o pipefail; ${command}`], { cwd, encoding: 'utf8', env: ownEnvironment() });
}

test('a reader that closes the pipe ends the output, not the load', async () => {
  const cwd = makeFolder();
  expect(shell(cwd, '2>&1 | head -1').status).toBe(0);
  expect(rowsOf(join(cwd, 'databases'), 'orders')).toHaveLength(6);
  expect(existsSync(join(cwd, 'rejects', 'orders.ndjson'))).toBe(true);
});

onlyWithFull('a full output is reported, and exits 1', () => {
  const cwd = makeFolder();
  const { status, stderr } = shell(cwd, `> ${FULL}`);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^Error: standard output cannot be written: ENOSPC/m);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(rowsOf(join(cwd, 'databases'), 'orders')).toHaveLength(6);
});

onlyWithFull('a full log is reported once, and the work continues', async () => {
  const cwd = makeFolder();
  mkdirSync(join(cwd, 'logs'));
  symlinkSync(FULL, join(cwd, 'logs', 'app.log'));
  const { code, stderr } = await meridian(['populate'], { cwd });
  expect(code).toBe(0);
  expect(stderr.match(/The log logs\/app\.log cannot be written any longer/g)).toHaveLength(1);
});
