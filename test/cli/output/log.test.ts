/** The log file has one form, whichever way a line comes in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openLog } from '../../../src/cli/output/log.ts';
import { makeFolder } from '../../support/folder.ts';

test('members of JSON are written as the logger writes them', () => {
  const path = join(makeFolder(), 'app.log');
  const log = openLog(() => undefined, path);
  log.logger.info({ status: 200 }, 'request');
  log.info('"status":200,"msg":"request"');
  log.close();
  const [first, second, ...others] = linesIn(path);
  expect(first).toBe('{"level":"info","time":"","status":200,"msg":"request"}');
  expect(second).toBe(first);
  expect(others).toEqual(['']);
});

test('a warning is written as the logger writes it', () => {
  const path = join(makeFolder(), 'app.log');
  const fields = {
    database: 'users',
    record: { number: 1, line: 2, id: undefined },
    errors: [{ property: 'name', code: 'isNotEmpty', message: 'Name "\u2028\ud800" cannot be empty' }],
  };
  const log = openLog(() => undefined, path);
  log.logger.warn(fields, 'Rejected "user"\n');
  log.warn(fields, 'Rejected "user"\n');
  log.close();
  const [first, second, ...others] = linesIn(path);
  expect(first).toContain('"level":"warn","time":""');
  expect(second).toBe(first);
  expect(others).toEqual(['']);
});

/** With their times left out. */
function linesIn(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.replace(/"time":"[^"]+"/, '"time":""'));
}
