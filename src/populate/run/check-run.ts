/** Checks the references of runs: of those that have just loaded, and of those that were left unfinished by a kill. */
import type { RunRow } from '../../databases/run-tables.ts';
import { MeridianError } from '../../errors.ts';
import { asError } from '../../settle.ts';
import { IdSet } from '../id-set.ts';
import { Ledger } from '../ledger.ts';
import type { PopulateListener } from '../options.ts';
import type { Loading, Participant } from '../participant.ts';
import { type CheckTask, checkTasks, type Leaving } from '../references.ts';
import { candidatesFromRows, candidatesFromSource } from './candidates.ts';
import { bringBackIndexes } from './indexes.ts';
import { restore } from './restore.ts';
import { changeOf } from './run-row.ts';
import { RunStore } from './run-store.ts';

/** Checks every record that the loads accepted, and accounts for those that are rejected after all. */
export async function checkLoads(participants: readonly Participant[], listener?: PopulateListener): Promise<void> {
  const tasks = participants.flatMap((one) =>
    one.loading && refersToOthers(one) && isToCheck(one.loading) ? [taskOfLoad(one, one.loading, listener)] : [],
  );
  const byName = new Map(participants.map(({ database, loading }) => [database.name, loading]));
  await checkTasks(tasks, participants, (name) => {
    const progress = byName.get(name)?.progress;
    return progress?.isExact ? progress.accepted : undefined;
  });
}

function isToCheck({ hasEnded, isUnchecked, continued }: Loading): boolean {
  return !hasEnded && !isUnchecked && continued?.state !== 'checked';
}

function refersToOthers({ database }: Participant): boolean {
  return Object.keys(database.declaration.references ?? {}).length > 0;
}

function taskOfLoad(one: Participant, loading: Loading, listener: PopulateListener | undefined): CheckTask {
  const { database, em } = one;
  const { progress } = loading;
  const store = new RunStore(database);
  const left = new IdSet();
  return {
    one,
    run: progress.run,
    references: progress.references,
    async *candidates(isSuspect) {
      // after a kill, some may have gone already
      const gone = loading.continued ? await store.rejectedNumbers(em) : left;
      yield* candidatesFromSource(one, loading, gone, isSuspect);
    },
    async onLeaving(transaction, leaving) {
      await store.addRejects(
        transaction,
        leaving.map(({ number, line, record, errors }) => ({
          number,
          line,
          record: JSON.stringify(record ?? null),
          errors: JSON.stringify(errors),
        })),
      );
      const then = Ledger.from(progress.ledger.state);
      reject(then, leaving);
      await store.change(transaction, progress.run, changeOf(then));
    },
    onLeft(leaving) {
      for (const { number } of leaving) {
        left.add(number);
      }
      const entries = reject(progress.ledger, leaving);
      listener?.rejected?.(database.name, entries);
    },
    onFailure(error) {
      const cause = asError(database.explain(error));
      const sentence = `${database.name}: the references could not be checked, so records that point at nothing may have stayed in. Run the same command again. ${cause.message}`;
      const before = loading.failure === undefined ? '' : `${loading.failure.message}\n`;
      loading.isUnchecked = true;
      loading.failure = new MeridianError('database', `${before}${sentence}`, { cause });
    },
  };
}

function reject(ledger: Ledger, leaving: readonly Leaving[]) {
  return leaving.map(({ number, line, id, outcome, errors }) => {
    const entry = { number, line, outcome: 'rejected' as const, id, text: '', errors };
    ledger.reject(outcome, entry);
    return entry;
  });
}

/**
 * Takes back out what was never checked of runs that nobody continues: their rows stay in only if they point at
 * something. The records have never been reported to anybody.
 */
export async function abandonRuns(
  abandoned: readonly { readonly one: Participant; readonly row: RunRow }[],
  participants: readonly Participant[],
): Promise<void> {
  const tasks = await Promise.all(
    abandoned
      .filter(({ one }) => refersToOthers(one))
      .map(async ({ one, row }): Promise<CheckTask> => {
        const { references } = await restore(one, row);
        return {
          one,
          run: row.id,
          references,
          candidates: () => candidatesFromRows(one),
          onLeaving: async () => undefined,
          onLeft: () => undefined,
          onFailure(error) {
            throw one.database.explain(error);
          },
        };
      }),
  );
  await checkTasks(tasks, participants, () => undefined);
  for (const { one, row } of abandoned) {
    const { database, em } = one;
    const store = new RunStore(database);
    await database.write(em, async (transaction) => {
      await bringBackIndexes(database, transaction, row.id);
      await store.forgetRecords(transaction);
      await store.change(transaction, row.id, { state: 'abandoned' });
    });
  }
}
