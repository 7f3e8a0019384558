/** Every command of every page works, in the order of the page, and prints what the page shows. */
import { expect, test } from '@jest/globals';
import { problemsOf } from '../support/documentation/problems.ts';
import { runPage } from '../support/documentation/run-page.ts';
import { SESSIONS } from '../support/documentation/sessions.ts';
import { makeFolder } from '../support/folder.ts';

test.each(Object.entries(SESSIONS))('%s', async (page, session) => {
  expect(problemsOf(await runPage(page, makeFolder(), session))).toEqual([]);
});
