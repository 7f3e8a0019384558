/** `meridian demo`: what it prints, how it exits, and what it leaves behind. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { CHAPTERS } from '../../../src/shop/demo/story.ts';
import { meridianStopped } from '../../support/breakpoint/breakpoint.ts';
import { meridian } from '../../support/command.ts';
import { thoroughTest } from '../../support/depth.ts';
import { makeFolder } from '../../support/folder.ts';
import { workspace } from '../../support/workspace.ts';

/** A folder to work in, and one for temporary files, with nothing in it. */
function places() {
  const temporary = makeFolder();
  const { cwd, run } = workspace();
  // Node would keep what it has compiled there as well
  return { cwd, temporary, run, env: { TMPDIR: temporary, NODE_DISABLE_COMPILE_CACHE: '1' } };
}

test('prints each chapter with its commands, and leaves nothing behind', async () => {
  const { cwd, temporary, run, env } = places();
  const { code, stdout, stderr } = await run(['demo'], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const [index, { title, shows }] of CHAPTERS.entries()) {
    expect(stdout).toContain(`${index + 1}. ${title}\n   (${shows})\n`);
  }
  expect(stdout.match(/^ {3}\$ npx meridian /gm)?.length).toBeGreaterThanOrEqual(CHAPTERS.length);
  expect(stdout).toMatch(/\nEvery statement was checked, in \d+\.\d s\.\n$/);
  // a command stays in one line, so that it can be copied
  const lines = stdout.split('\n').filter((line) => !line.startsWith('   $ '));
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
  expect(readdirSync(temporary)).toEqual([]);
  expect(readdirSync(cwd)).toEqual(['databases']);
  expect(readdirSync(join(cwd, 'databases'))).toEqual([]);
});

test('with --json, one object has all figures; whatever is configured here is left alone', async () => {
  const { cwd, temporary, run, env } = places();
  const nowhere = {
    USERS_DATABASE_URL: 'postgresql://localhost:1/none',
    ORDERS_DATABASE_URL_BOSTON: 'postgresql://localhost:1/none',
    CENTRAL_DATABASE_URL: 'nonsense',
    DOCUMENTS_DATABASE_URL: 'mongodb://localhost:1/none',
    NATS_URL: 'nats://localhost:1',
    REGIONS: 'lima',
  };
  const { code, stdout } = await run(['demo', '--json', '--quiet'], { env: { ...env, ...nowhere } });
  expect(code).toBe(0);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ completed: true, folder: null, seconds: expect.any(Number) });
  expect(result.chapters).toHaveLength(CHAPTERS.length);
  expect(result.chapters.at(-1).result).toMatchObject({ revenue: expect.stringMatching(/^\d+\.\d\d$/) });
  expect(readdirSync(temporary)).toEqual([]);
  expect(readdirSync(join(cwd, 'databases'))).toEqual([]);
});

thoroughTest('Ctrl-C ends it after a chapter, and leaves nothing behind', async () => {
  const { cwd, temporary, env } = places();
  const { code, stdout, stderr } = await meridianStopped('after-output', ['demo'], { cwd, env }, (child) =>
    child.kill('SIGINT'),
  );
  expect(code).toBe(130);
  expect(stderr).toBe('Stopping after the current chapter.\n');
  expect(stdout).not.toContain('Every statement was checked');
  expect(readdirSync(temporary)).toEqual([]);
});

thoroughTest('with --keep, the databases are where it says, and commands work on them', async () => {
  const { temporary, run, env } = places();
  const { code, stdout } = await run(['demo', '--keep', '--json', '--quiet'], { env });
  expect(code).toBe(0);
  const { folder } = JSON.parse(stdout) as { folder: string };
  expect(readdirSync(temporary).map((name) => join(temporary, name))).toEqual([folder]);
  expect(existsSync(join(folder, 'databases', 'central.db'))).toBe(true);
  const compared = await meridian(['compare'], { cwd: folder });
  expect(compared.code).toBe(0);
  expect(compared.stdout).toMatch(/boston: equal.*\nseattle: equal.*\ndenver: equal/);
});

thoroughTest('where it cannot make its folder, it says so', async () => {
  const { run, temporary, env } = places();
  const gone = join(temporary, 'gone');
  const { code, stderr } = await run(['demo'], { env: { ...env, TMPDIR: gone } });
  expect(code).toBe(1);
  expect(stderr).toContain(`Error: No folder for temporary files can be made in ${gone}`);
  mkdirSync(gone);
  expect((await run(['demo', '--quiet'], { env: { ...env, TMPDIR: gone } })).code).toBe(0);
});
