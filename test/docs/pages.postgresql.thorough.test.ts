/** The commands of the pages that need a PostgreSQL server. */
import { expect, test } from '@jest/globals';
import { problemsOf } from '../support/documentation/problems.ts';
import { runPage } from '../support/documentation/run-page.ts';
import { POSTGRESQL_SESSIONS } from '../support/documentation/sessions.ts';
import { describeWithPostgresql } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { freshDatabase } from '../support/postgresql/fresh.ts';

describeWithPostgresql('with PostgreSQL', () => {
  test.each(Object.entries(POSTGRESQL_SESSIONS))('%s', async (page, sessionAt) => {
    expect(problemsOf(await runPage(page, makeFolder(), sessionAt(await freshDatabase())))).toEqual([]);
  });
});
