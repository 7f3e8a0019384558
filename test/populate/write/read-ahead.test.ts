/** The next batch of a transaction is read while the database writes one. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Source } from '../../../src/populate/read/source.ts';
import { users } from '../../../src/shop/catalog.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { sqlitePlace } from '../../support/engines.ts';
import { makeFolder } from '../../support/folder.ts';
import { rawRecord, sourceOf, streamOf } from '../../support/sources.ts';

const user = (id: number) => ({ id, name: `User ${id}`, email: `user${id}@example.com` });
const limits = { catalog: [users], batchRecords: 2, transactionRecords: 4 };

/** Six users in chunks of two. */
function userSource(log: string[], onRead: (id: number) => unknown = () => undefined): Source {
  const source = streamOf(async function* () {
    for (const id of [1, 3, 5]) {
      log.push(`reading ${id}`);
      await onRead(id);
      yield [rawRecord(user(id), id), rawRecord(user(id + 1), id + 1)];
    }
  });
  return {
    ...source,
    open: async () => ({
      ...(await source.open()),
      close: async () => {
        log.push('closed');
      },
    }),
  };
}

test('no batch of the next transaction is read before the commit', async () => {
  const log: string[] = [];
  const report = await populateIn(sqlitePlace(makeFolder()), {
    ...limits,
    sources: { users: userSource(log) },
    listener: { progressed: (_database: string, _progress: unknown, read: number) => log.push(`committed ${read}`) },
  });
  expect(countsOf(report)['users']).toMatchObject({ read: 6, inserted: 6 });
  expect(log.slice(0, 6)).toEqual(['reading 1', 'reading 3', 'committed 4', 'reading 5', 'committed 6', 'closed']);
});

test('a source that is being read when the database fails is closed after that', async () => {
  const place = sqlitePlace(makeFolder());
  await populateIn(place, { catalog: [users], sources: { users: sourceOf([]) } });
  const log: string[] = [];
  const source = userSource(log, async (id) => {
    if (id === 1) {
      await place.execute('users', 'alter table users rename column name to title');
      return;
    }
    for (let turn = 0; turn < 10; turn++) {
      await nextTurn();
    }
    log.push(`read ${id}`);
  });
  const report = await populateIn(place, { ...limits, sources: { users: source } });
  expect(report.databases['users']?.failure).toMatchObject({ code: 'database' });
  expect(log.slice(0, 4)).toEqual(['reading 1', 'reading 3', 'read 3', 'closed']);
});
