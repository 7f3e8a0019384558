/** Ends stopped runs that are not continued: checks their references, and writes their rejects. */
import type { AbandonedRun } from '../../loads/plan-run.ts';
import { RunStore } from '../../loads/run-store.ts';
import { MeridianError } from '../../shared/errors.ts';
import { type Participant, refersToOthers } from '../participant.ts';
import { fileNameOf } from '../rejects/rejects-file.ts';
import { restore } from '../resume/restore.ts';
import { restoreIndexes } from '../write/deferred-indexes.ts';
import { cutShortAmong, ownersFirst } from './check-loads.ts';
import { danglingInRows } from './dangling.ts';
import { recordRejections } from './record-rejections.ts';
import { type CheckTask, checkTasks } from './rounds.ts';

interface Abandoned extends Pick<AbandonedRun, 'row'> {
  readonly one: Participant;
}

/**
 * Reverts the records of abandoned runs whose references do not exist. All rejects of these runs are written to rejects files of their own,
 * unless the same file is loaded again.
 *
 * @param publishes whether files may be written
 * @returns table -> its rejects file, if one was written
 */
export async function abandonRuns(
  runs: readonly AbandonedRun[],
  participants: readonly Participant[],
  publishes: boolean,
): Promise<ReadonlyMap<string, string>> {
  const abandoned = participants.flatMap((one) =>
    runs.filter(({ table }) => table === one.table.name).map(({ row }) => ({ one, row })),
  );
  const sequence = ownersFirst(participants);
  const referring = abandoned
    .filter(({ one }) => refersToOthers(one))
    .toSorted((a, b) => sequence.indexOf(a.one) - sequence.indexOf(b.one));
  const tasks = await Promise.all(referring.map(taskOf));
  const notLoaded = participants.filter(({ load }) => load === undefined);
  await checkTasks(tasks, participants, { cutShort: await cutShortAmong(notLoaded) });
  const files = new Map<string, string>();
  for (const run of abandoned) {
    const file = await explaining(run.one, () => end(run, publishes));
    if (file !== undefined) {
      files.set(run.one.table.name, file);
    }
  }
  return files;
}

async function taskOf({ one, row }: Abandoned): Promise<CheckTask> {
  const { database } = one.table;
  const progress = await explaining(one, () => restore(one, row));
  return {
    one,
    run: row.id,
    references: progress.references,
    dangling: (errorsOf) => danglingInRows(one, row, errorsOf),
    // until the run has ended, its own file may be loaded again, which continues it
    onRejecting: (transaction, rejected) => recordRejections(one, progress, transaction, rejected),
    onRejected: ({ ledger }) => progress.recount(ledger),
    onUndecided(target) {
      throw new MeridianError(
        'database',
        `${one.table.name}: the run of ${row.startedAt} over ${row.source} was stopped and cannot be ended here, because its records refer to keys that are missing in ${target}, whose load was stopped before its end. Complete the load of ${target}, and run the same command again.`,
      );
    },
    onFailure(error) {
      throw database.explain(error);
    },
  };
}

/** @returns the path of its rejects file, if one was written */
async function end({ one: { table, em, load }, row }: Abandoned, publishes: boolean): Promise<string | undefined> {
  const store = new RunStore(table);
  const rejects = load?.state === 'prepared' ? load.rejects : undefined;
  // if the file is loaded again from its beginning, each of its records is decided again
  const isLoadedAgain = row.content !== null && row.content === load?.content;
  const isToWrite = publishes && !isLoadedAgain && !(await store.rejectedNumbers(em, row.id)).isEmpty;
  const file = isToWrite
    ? await rejects?.publishAs(fileNameOf(new Date(row.startedAt)), store.rejects(em, row.id))
    : undefined;
  await table.write(em, async (transaction) => {
    await restoreIndexes(table, transaction, row.id);
    await store.forgetBatches(transaction);
    if (isLoadedAgain) {
      await store.forgetRejects(transaction, row.id);
    }
    await store.change(transaction, row.id, { state: 'abandoned' });
  });
  return file;
}

/** Explains an error, naming the database. */
async function explaining<T>({ table: { database } }: Participant, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw database.explain(error);
  }
}
