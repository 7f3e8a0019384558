/** A PostgreSQL server can take a lock away from a run that goes on: what another run does meanwhile is not spoilt. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Source } from '../../src/populate/read/source.ts';
import { countsOf, populateIn } from '../support/databases.ts';
import { describeWithPostgresql, makePostgresqlPlace, type Place } from '../support/engines.ts';
import { rawRecord, sourceOf, streamOf } from '../support/sources.ts';

const user = (id: number) => ({ id, name: id % 2 === 0 ? '' : `User ${id}`, email: `user${id}@example.com` });

const CUT_LOCK = `select pg_terminate_backend(pid, 5000) from pg_locks
  where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;

/** Two batches of two, between which the server takes the lock away and something happens. */
function interrupted(place: Place, meanwhile: () => Promise<unknown>): Source {
  return streamOf(async function* () {
    yield [rawRecord(user(1), 1), rawRecord(user(2), 2)];
    await place.execute('users', CUT_LOCK);
    await meanwhile();
    yield [rawRecord(user(3), 3), rawRecord(user(4), 4)];
  });
}

describeWithPostgresql('PostgreSQL', () => {
  test('another run that began meanwhile is left alone', async () => {
    const place = await makePostgresqlPlace();
    const others = sourceOf([user(11), user(12)]);
    const first = await populateIn(place, {
      batchRecords: 2,
      sources: { users: interrupted(place, () => populateIn(place, { sources: { users: others } })) },
    });
    expect(first.databases['users']?.failure).toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/^users: another populate has taken over since this one lost its lock\./),
    });
    expect(countsOf(first)['users']).toMatchObject({ read: 2, inserted: 1, rejected: 1 });
    expect((await place.rowsOf('users')).map((row) => (row as { id: number }).id)).toEqual([1, 11]);
    expect(readFileSync(join(place.folder, 'rejects', 'users.ndjson'), 'utf8')).toContain('"id":12');
    const runs = await place.execute('users', 'select state from meridian_runs_users order by id');
    expect(runs.map(({ state }) => state)).toEqual(['abandoned', 'finished']);
  });

  test('where no other run began, the next one reverts what was not checked, and completes', async () => {
    const place = await makePostgresqlPlace();
    const first = await populateIn(place, {
      batchRecords: 2,
      sources: { users: interrupted(place, () => Promise.resolve()) },
    });
    expect(first.databases['users']?.failure).toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/the lock on .* was lost/),
    });
    const again = await populateIn(place, { sources: { users: sourceOf([1, 2, 3, 4].map(user)) } });
    expect(countsOf(again)['users']).toEqual({ read: 4, inserted: 0, updated: 0, unchanged: 2, rejected: 2 });
  });
});
