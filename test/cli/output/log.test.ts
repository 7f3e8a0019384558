/** The log file has one form, whichever way a line comes in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openLog } from '../../../src/cli/output/log.ts';
import { loggedRejection } from '../../../src/cli/output/logged-rejection.ts';
import { entrySentence } from '../../../src/cli/output/wording.ts';
import type { Entry } from '../../../src/loads/ledger.ts';
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

test('a rejected record is logged as the logger writes it', () => {
  const path = join(makeFolder(), 'app.log');
  const message = 'Name "\u2028\\" cannot be empty';
  const errors = [
    { property: 'name', code: 'isNotEmpty', message },
    { property: null, code: 'parse', message: 'There are 3 fields' },
  ];
  const entries: Entry[] = [
    { number: 1, line: 2, outcome: 'rejected', id: undefined, text: '', errors },
    { number: 2, file: 'é "1".csv', line: 3, outcome: 'rejected', id: 'a\n"b"', text: '', errors: [] },
    { number: 3, line: 4, outcome: 'rejected', id: 7, text: '', errors: errors.slice(1) },
  ];
  const log = openLog(() => undefined, path);
  for (const entry of entries) {
    const { number, file, line, id, outcome } = entry;
    const record = { number, ...(file === undefined ? {} : { file }), line, id };
    log.logger.warn({ database: 'users', record, outcome, errors: entry.errors }, entrySentence('user', entry));
    log.warn(loggedRejection('users', 'user', entry));
  }
  log.close();
  const lines = linesIn(path).slice(0, -1);
  expect(lines).toHaveLength(2 * entries.length);
  expect(lines[0]).toContain('"level":"warn","time":""');
  expect(lines.filter((_, index) => index % 2 === 1)).toEqual(lines.filter((_, index) => index % 2 === 0));
});

/** With their times left out. */
function linesIn(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.replace(/"time":"[^"]+"/, '"time":""'));
}
