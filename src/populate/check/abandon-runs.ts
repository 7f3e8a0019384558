/** Ends runs that were stopped and are not continued: their references are checked, and their rejects are written. */
import type { AbandonedRun } from '../../loads/plan.ts';
import { RunStore } from '../../loads/run-store.ts';
import { MeridianError } from '../../shared/errors.ts';
import { type Participant, refersToOthers } from '../participant.ts';
import { fileNameOf } from '../rejects/rejects-file.ts';
import { restore } from '../resume/restore.ts';
import { bringBackIndexes } from '../write/deferred-indexes.ts';
import { candidatesFromRows } from './candidates.ts';
import { cutShortAmong } from './check-loads.ts';
import { type CheckTask, checkTasks } from './rounds.ts';

/** Those whose load was cut short, and that are not loaded now. */
async function cutShortOutside(participants: readonly Participant[]): Promise<ReadonlySet<string>> {
  return cutShortAmong(participants.filter(({ load }) => load === undefined));
}

/**
 * Takes back out what was never checked of runs that nobody continues: their rows stay in only if they point at
 * something. What the runs had rejected, and what is taken out now, is written to rejects files of their own, unless it is loaded again.
 *
 * @param publishes whether files may be written
 * @returns database -> its file, where there is one
 */
export async function abandonRuns(
  runs: readonly AbandonedRun[],
  participants: readonly Participant[],
  publishes: boolean,
): Promise<ReadonlyMap<string, string>> {
  const abandoned = participants.flatMap((one) =>
    runs.filter(({ database }) => database === one.database.name).map(({ row }) => ({ one, row })),
  );
  const tasks = await Promise.all(
    abandoned
      .filter(({ one }) => refersToOthers(one))
      .map(async ({ one, row }): Promise<CheckTask> => {
        const { references } = await explaining(one, () => restore(one, row));
        return {
          one,
          run: row.id,
          references,
          candidates: () => candidatesFromRows(one),
          onLeaving: (transaction, leaving) => new RunStore(one.database).addRejects(transaction, leaving),
          onLeft: () => undefined,
          onUndecided(target) {
            throw new MeridianError(
              'database',
              `${one.database.name}: the run of ${row.startedAt} over ${row.source} was stopped, and cannot be ended here: its records point at what is missing in ${target}, where a load was stopped before its end. Let that load get to its end, and run the same command again.`,
            );
          },
          onFailure(error) {
            throw one.database.explain(error);
          },
        };
      }),
  );
  await checkTasks(tasks, participants, { cutShort: await cutShortOutside(participants) });
  const files = new Map<string, string>();
  for (const { one, row } of abandoned) {
    const { database, em, load } = one;
    const store = new RunStore(database);
    await explaining(one, async () => {
      // where the same file is loaded from its beginning, each of its records is decided on once more
      const isLoadedAgain = row.content !== null && row.content === load?.content;
      const isToWrite = publishes && !isLoadedAgain && !(await store.rejectedNumbers(em)).isEmpty;
      if (isToWrite && load?.state === 'prepared' && load.rejects !== undefined) {
        files.set(database.name, await load.rejects.publishAs(fileNameOf(new Date(row.startedAt)), store.rejects(em)));
      }
      await database.write(em, async (transaction) => {
        await bringBackIndexes(database, transaction, row.id);
        await store.forgetRecords(transaction);
        await store.change(transaction, row.id, { state: 'abandoned' });
      });
    });
  }
  return files;
}

/** Explains an error and names its database. */
async function explaining<T>({ database }: Participant, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw database.explain(error);
  }
}
