/** What a batch costs on PostgreSQL: one round trip if all is new. */
import '../../support/faults/server-statements.ts';
import { expect, test } from '@jest/globals';
import { users } from '../../../src/shop/catalog.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { describeWithPostgresql, makePostgresqlPlace } from '../../support/engines.ts';
import { watchStatements } from '../../support/faults/statements.ts';
import { rawRecord, sourceOf, streamOf } from '../../support/sources.ts';

const BATCH = 150;

const records = Array.from({ length: 3 * BATCH }, (_, index) => ({
  id: index + 1,
  name: `User ${index + 1}`,
  email: `user${index + 1}@example.com`,
}));

/** A copy, or a statement of savepoints, as it is named in the tests. */
const NOTED =
  /^(savepoint attempt; copy|savepoint attempt|rollback to savepoint attempt|release savepoint attempt|copy)/;

async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  await watchStatements({ before: (_, sql) => statements.push(sql) }, async () => {
    await work();
  });
  return statements.flatMap((sql) => NOTED.exec(sql)?.[0] ?? []);
}

describeWithPostgresql('PostgreSQL', () => {
  test('new records take one statement a batch', async () => {
    const place = await makePostgresqlPlace();
    const statements = await statementsOf(() =>
      populateIn(place, { catalog: [users], sources: { users: sourceOf(records) }, batchRecords: BATCH }),
    );
    expect(statements).toEqual(Array(3).fill('savepoint attempt; copy'));
  });

  test('a batch has 1000 records unless it is asked for less', async () => {
    const place = await makePostgresqlPlace();
    const more = Array.from({ length: 2000 }, (_, index) => ({
      ...records[0],
      id: index + 1,
      email: `user${index}@example.com`,
    }));
    const statements = await statementsOf(() =>
      populateIn(place, { catalog: [users], sources: { users: sourceOf(more) } }),
    );
    expect(statements).toEqual(Array(2).fill('savepoint attempt; copy'));
  });

  test('the next batch is read while the server writes one', async () => {
    const place = await makePostgresqlPlace();
    await populateIn(place, { catalog: [users], sources: { users: sourceOf([]) } });
    const log: string[] = [];
    const source = streamOf(async function* () {
      for (const from of [0, BATCH, 2 * BATCH]) {
        log.push(`read ${from}`);
        yield records.slice(from, from + BATCH).map((record, index) => rawRecord(record, from + index + 1));
      }
    });
    const note = (event: string) => (_: number, sql: string) => {
      if (sql.includes('copy')) {
        log.push(event);
      }
    };
    await watchStatements({ before: note('sent'), after: note('written') }, async () => {
      const limits = { batchRecords: BATCH, transactionRecords: 3 * BATCH };
      await populateIn(place, { catalog: [users], sources: { users: source }, ...limits });
    });
    // the first batch is preceded by a query
    expect(log.slice(log.indexOf('written') + 1)).toEqual(['sent', `read ${2 * BATCH}`, 'written', 'sent', 'written']);
  });

  test('a batch with a record that is taken is rolled back and written without it', async () => {
    const place = await makePostgresqlPlace();
    const taken = records.map((one, index) => (index === BATCH + 10 ? { ...one, email: 'user1@example.com' } : one));
    const statements = await statementsOf(async () => {
      const report = await populateIn(place, {
        catalog: [users],
        sources: { users: sourceOf(taken) },
        batchRecords: BATCH,
      });
      expect(countsOf(report)['users']).toMatchObject({ inserted: 3 * BATCH - 1, rejected: 1 });
    });
    expect(statements.slice(0, 3)).toEqual([
      'savepoint attempt; copy',
      'savepoint attempt; copy',
      'rollback to savepoint attempt',
    ]);
  });
});
