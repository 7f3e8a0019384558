import { expect, test } from '@jest/globals';
import type { PopulateOptions } from '../../../src/populate/options.ts';
import type { Participant } from '../../../src/populate/participant.ts';
import { useThreads } from '../../../src/populate/threads/use-threads.ts';
import { catalog } from '../../../src/shop/catalog.ts';
import { databaseModule } from '../../support/database-module.ts';

const participants = catalog.map(
  (declaration) =>
    ({
      table: { database: { name: declaration.name, declaration, isInMemory: false } },
      load: { source: { spec: {} }, open: { count: 100_000 } },
    }) as unknown as Participant,
);

const decide = (options: Partial<PopulateOptions> = {}, some = participants) =>
  useThreads(some, { catalog, sources: {}, databaseModule, ...options });

test('several large loads run in threads', async () => {
  expect(await decide()).toBe(true);
  expect(await decide({ threadRecords: 300_001 })).toBe(false);
  expect(await decide({}, participants.slice(0, 1))).toBe(false);
});

test('a dry run stays in one thread, for it is one transaction', async () => {
  expect(await decide({ dryRun: true })).toBe(false);
});

test('a declaration that a thread does not find stays in this thread', async () => {
  expect(await useThreads(participants, { catalog, sources: {} })).toBe(false);
  const others = participants.map((one) => ({
    ...one,
    table: { database: { ...one.table.database, declaration: { ...one.table.database.declaration } } },
  })) as unknown as Participant[];
  expect(await decide({}, others)).toBe(false);
});
