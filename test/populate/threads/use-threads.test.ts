import { expect, test } from '@jest/globals';
import type { PopulateOptions } from '../../../src/populate/options.ts';
import type { Participant } from '../../../src/populate/participant.ts';
import { loadsInThreads } from '../../../src/populate/threads/use-threads.ts';
import { catalog } from '../../../src/shop/catalog.ts';
import { databaseModule } from '../../support/database-module.ts';

const participants = catalog.map(
  (declaration) =>
    ({
      table: { database: { name: declaration.name, declaration, isInMemory: false } },
      load: { source: { spec: {} }, open: { count: 100_000 } },
    }) as unknown as Participant,
);

const decide = async (options: Partial<PopulateOptions> = {}, some = participants) => [
  ...(await loadsInThreads(some, { catalog, sources: {}, databaseModule, ...options })),
];

test('large loads run in threads', async () => {
  expect(await decide()).toEqual(participants);
  expect(await decide({ threadRecords: 300_001 })).toEqual([]);
});

test('those of one database only where they are large alone', async () => {
  const [users] = participants;
  const table = { ...users?.table, name: 'users.other' };
  const two = [users, { ...users, table, load: { source: { spec: {} }, open: { count: 99_999 } } }] as Participant[];
  expect(await decide({}, two)).toEqual([]);
  expect(await decide({ threadRecords: 100_000 }, two)).toEqual([users]);
});

test('beside large loads, small ones stay in this thread', async () => {
  const [users, ...others] = participants;
  const sized = (count: number) => ({ ...users, load: { source: { spec: {} }, open: { count } } }) as Participant;
  expect(await decide({}, [sized(19_999), ...others])).toEqual(others);
  expect(await decide({}, [sized(20_000), ...others])).toEqual([sized(20_000), ...others]);
  expect(await decide({ threadRecords: 1 }, [sized(1), ...others])).toEqual([sized(1), ...others]);
});

test('a dry run stays in one thread, for it is one transaction', async () => {
  expect(await decide({ dryRun: true })).toEqual([]);
});

test('a declaration that a thread does not find stays in this thread', async () => {
  expect((await loadsInThreads(participants, { catalog, sources: {} })).size).toBe(0);
  const others = participants.map((one) => ({
    ...one,
    table: { database: { ...one.table.database, declaration: { ...one.table.database.declaration } } },
  })) as unknown as Participant[];
  expect(await decide({}, others)).toEqual([]);
});
