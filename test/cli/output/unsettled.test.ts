/** Work that never settles ends in a sentence and exit code 1. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { buildRoot } from '../../../src/shared/project.ts';

const moduleOf = (...name: string[]) => JSON.stringify(pathToFileURL(join(buildRoot, 'src', 'cli', ...name)).href);

/** Runs `work` as the command line does. */
function endOf(work: string): { status: number | null; stdout: string; stderr: string } {
  const program = `
    import { complain } from ${moduleOf('run.js')};
    import { untilSettled } from ${moduleOf('output', 'unsettled.js')};
    process.exitCode = await untilSettled(${work}, (error) => complain(error, ['--json']));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('a promise that never settles', () => {
  const { status, stdout, stderr } = endOf('new Promise(() => undefined)');
  expect(stderr).toMatch(
    /^Error: The command stopped before its end: it was waiting for something that could no longer/,
  );
  expect(stderr).not.toContain('top-level await');
  expect(JSON.parse(stdout)).toMatchObject({ code: 'unexpected' });
  expect(status).toBe(1);
});

test('one that settles keeps its exit code', () => {
  expect(endOf('Promise.resolve(130)')).toEqual({ status: 130, stdout: '', stderr: '' });
});
