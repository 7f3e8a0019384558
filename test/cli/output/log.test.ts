/** The log file has one form, whichever way a line comes in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openLog } from '../../../src/cli/output/log.ts';
import { makeFolder } from '../../support/folder.ts';

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
  const [first, second, ...others] = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.replace(/"time":"[^"]+"/, '"time":""'));
  expect(first).toContain('"level":"warn","time":""');
  expect(second).toBe(first);
  expect(others).toEqual(['']);
});
