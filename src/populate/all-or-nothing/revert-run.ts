/** Reverts all changes of a run to the tables of one database. */
import type { EntityManager } from '../../database/database.ts';
import type { IdSet } from '../../loads/id-set.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { RunBatchRow } from '../../loads/run-tables.ts';
import { MeridianError } from '../../shared/errors.ts';
import { heldByOthers } from '../check/referring-rows.ts';
import { type Accepted, publishedByOthers, revertRecords } from '../check/revert-records.ts';
import { inLoadSequence } from '../load-sequence.ts';
import type { Target } from '../participant.ts';
import { deferredIn, keptIn } from '../resume/restore.ts';
import { type RowBefore, rowsBefore } from '../resume/stored-rows.ts';
import { restoreIndexes } from '../write/deferred-indexes.ts';

/** The report of a reverted run. */
export interface RevertedRun {
  /** The number of rows that are kept because another program has published them since. */
  readonly published: number;
}

/**
 * Reverts the batches in reverse order, each in one transaction that also deletes the batch, so that the revert can be repeated after a
 * kill. The run is marked before the first batch: from then on it cannot be continued.
 *
 * @param targets the tables of one database that the run has loaded
 * @param why stored with the run
 * @throws MeridianError `database` if rows of other programs prevent the revert of some
 */
export async function revertRun(targets: readonly Target[], run: string, why: string): Promise<RevertedRun> {
  for (const { table, em } of targets) {
    await table.write(em, (transaction) =>
      new RunStore(table).change(transaction, run, { state: 'reverting', failure: why }),
    );
  }
  for (const one of targets) {
    await detachRows(one, run);
  }
  let published = 0;
  // referring rows are deleted before the rows that they refer to
  for (const one of inLoadSequence(targets).toReversed()) {
    published += await revertBatches(one, run);
  }
  return { published };
}

/** Clears relations that were completed after their rows had been written, since they may refer to rows of later batches. */
async function detachRows({ table, em, shape }: Target, run: string): Promise<void> {
  const store = new RunStore(table);
  const rejected = await store.rejectedNumbers(em, run);
  const names = shape.relations
    .flatMap(({ key }) => key.properties)
    .filter((name) => !shape.primaryKey.properties.includes(name));
  for await (const batch of store.batches(em)) {
    const ids = new Set(batch.deferred === null ? [] : keptIn(batch, rejected).map(({ id }) => id));
    const rows = deferredIn(shape, batch, ids);
    for (const [given, alike] of Map.groupBy(rows, (row) =>
      names.filter((name) => (row[name] ?? null) !== null).join(),
    )) {
      const emptied = alike.map((row) => ({
        ...shape.primaryKey.rowOf(shape.primaryKey.of(row)),
        ...Object.fromEntries(given.split(',').map((name) => [name, null])),
      }));
      await table.write(em, (transaction) => table.bulk().update(transaction, emptied, given.split(',')));
    }
  }
}

/** @returns the number of rows that are kept because they have been published since */
async function revertBatches(one: Target, run: string): Promise<number> {
  const { table, em } = one;
  const store = new RunStore(table);
  const rejected = await store.rejectedNumbers(em, run);
  let published = 0;
  for (;;) {
    const batch = await store.lastBatch(em);
    if (batch === undefined) {
      break;
    }
    published += await table.write(em, async (transaction) => {
      const stay = await revertBatch(one, transaction, run, writtenIn(one, batch, rejected));
      await store.forgetBatch(transaction, batch.firstNumber);
      return stay;
    });
  }
  await table.write(em, async (transaction) => {
    await restoreIndexes(table, transaction, run);
    await store.change(transaction, run, { state: 'reverted' });
  });
  return published;
}

/** The records of a batch whose rows the run has written. */
function writtenIn({ shape }: Target, batch: RunBatchRow, rejected: IdSet): Accepted[] {
  const before = rowsBefore(shape, batch.before);
  return keptIn(batch, rejected)
    .filter(({ outcome }) => outcome !== 'unchanged')
    .map(({ number, id, outcome }) => ({
      number,
      line: 0,
      record: undefined,
      id,
      outcome,
      ...(outcome === 'updated' ? (before.get(id) as RowBefore) : { before: null }),
    }));
}

async function revertBatch(one: Target, em: EntityManager, run: string, records: readonly Accepted[]): Promise<number> {
  const { table, shape } = one;
  const [first] = (await heldByOthers(one, em, records)).held;
  if (first !== undefined) {
    const key = shape.primaryKey.shown(shape.primaryKey.of(first.target));
    throw new MeridianError(
      'database',
      `${table.name}: the run cannot be reverted, because a ${first.owner.className} that is not of this run refers to ${shape.noun} ${key}. Delete it, or let it refer to another one, and run the same command again.`,
    );
  }
  const published = await publishedByOthers(one, em, records);
  const { displaced } = await revertRecords(one, em, run, records);
  if (displaced.size > 0) {
    throw new MeridianError(
      'database',
      `${table.name}: the run cannot be reverted, because rows that another program has written meanwhile have the keys of ${displaced.size} rows that it has updated. Change those, and run the same command again.`,
    );
  }
  return published.size;
}
