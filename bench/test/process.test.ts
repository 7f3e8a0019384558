import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import process from 'node:process';
import { test } from 'node:test';
import { run, runAll, type Step } from '../process.ts';

const node = (code: string): Step => ({ command: process.execPath, args: ['--eval', code] });

const HOLD_200_MB = 'Buffer.alloc(200e6, 1); setTimeout(() => {}, 300);';

test('the time is that from start to exit', async () => {
  const { seconds } = await run(node('setTimeout(() => {}, 500)'), tmpdir());
  assert.ok(seconds >= 0.5 && seconds < 10, String(seconds));
});

test('memory is that of the whole tree', { skip: !existsSync('/proc') && 'there is no /proc here' }, async () => {
  const child = `require('node:child_process').spawn(process.execPath, ['--eval', ${JSON.stringify(HOLD_200_MB)}])`;
  const { peakBytes = 0 } = await run(node(`${child}; ${HOLD_200_MB}`), tmpdir());
  assert.ok(peakBytes > 400e6, String(peakBytes));
});

test('processes in turn add up in time and not in memory', async () => {
  const { seconds, peakBytes, output } = await runAll(
    [1, 2].map((number) => node(`${HOLD_200_MB} console.log(${number})`)),
    tmpdir(),
  );
  assert.ok(seconds > 0.6);
  assert.equal(output, '1\n2\n');
  assert.ok(peakBytes === undefined || peakBytes < 400e6, String(peakBytes));
});

test('a process that fails is reported with its output, without a password', async () => {
  const fail = node('console.error("no such thing"); process.exit(3) // postgresql://me:secret@host');
  await assert.rejects(run(fail, tmpdir()), (error: Error) => {
    assert.match(error.message, /ended with 3:\nno such thing/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
  await assert.rejects(run({ command: 'no-such-command', args: [] }, tmpdir()), /ENOENT/);
});

test('databases of the user stay out of it', async () => {
  process.env['USERS_DATABASE_URL'] = 'sqlite:precious.db';
  const { output } = await run(node('console.log(process.env.USERS_DATABASE_URL)'), tmpdir());
  assert.equal(output, 'undefined\n');
});
