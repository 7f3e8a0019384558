/** Every command in the documentation is one that the program takes, and one that a test runs, or that is listed with a reason. */
import { expect, test } from '@jest/globals';
import { meridianCommandsIn } from '../support/documentation/command-line.ts';
import { FAILS, isNotRun, NOT_RUN, RUNS_ON } from '../support/documentation/not-run.ts';
import { PAGES, stepsOf } from '../support/documentation/pages.ts';
import { NATS_SESSIONS, POSTGRESQL_SESSIONS, SESSIONS } from '../support/documentation/sessions.ts';
import { parse } from '../support/parse.ts';

const LINES = [
  ...new Set(PAGES.flatMap((page) => meridianCommandsIn(page).map((words) => JSON.stringify([page, ...words])))),
].map((line): [string, ...string[]] => JSON.parse(line));

const COMMANDS = PAGES.flatMap((page) =>
  stepsOf(page).flatMap(({ commands }) => commands.map(({ text }) => ({ page, text }))),
);

test('there are many', () => {
  expect(LINES.length).toBeGreaterThan(100);
});

test.each(LINES)('%s: %s %s %s %s', async (_, ...words) => {
  expect(await parse(words)).not.toBe('');
});

test('a page whose commands are run has a session', () => {
  const sessions = { ...SESSIONS, ...NATS_SESSIONS, ...POSTGRESQL_SESSIONS };
  // getting started has a test of its own
  const run = COMMANDS.filter(({ text, page }) => !isNotRun(text) && page !== 'docs/getting-started.md').map(
    ({ page }) => page,
  );
  expect([...new Set(run)].sort()).toEqual(
    Object.keys(sessions)
      .filter((page) => run.includes(page))
      .sort(),
  );
});

test.each([...NOT_RUN, ...FAILS])('an exception is still of use: $pattern', ({ pattern }) => {
  expect(COMMANDS.some(({ text }) => pattern.test(text))).toBe(true);
});

test('what runs on is recognised', () => {
  expect(COMMANDS.filter(({ text }) => RUNS_ON.test(text)).length).toBeGreaterThan(3);
});
