/** Checks the references of all loads of a populate. */
import { dependsOn } from '../../integrity/references.ts';
import { IdSet } from '../../loads/id-set.ts';
import { isOpen, newestOf } from '../../loads/plan-run.ts';
import { RunStore } from '../../loads/run-store.ts';
import { asError } from '../../shared/async/settle.ts';
import { inLoadSequence } from '../load-sequence.ts';
import { type BegunLoad, failureOf } from '../load-state.ts';
import type { PopulateListener, PopulateOptions } from '../options.ts';
import { advance, begunLoad, type Participant, refersToOthers } from '../participant.ts';
import type { RejectLimit } from '../rejects/reject-limit.ts';
import { restoreDeferred } from '../resume/run-states.ts';
import { deferForReverting } from '../write/deferred-indexes.ts';
import { danglingInSource } from './dangling.ts';
import { recordRejections } from './record-rejections.ts';
import { type CheckTask, checkTasks } from './rounds.ts';

/** Table -> sampled tables -> number of keys that were not found in the sample, and may exist beyond it. */
export type UncheckedKeys = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * Checks every record that the loads accepted, and counts those that are rejected now. If a missing key may still be loaded by a stopped
 * load, no record is rejected for it, and the run that refers to it stays open. All runs stay open once the signal is aborted.
 */
export async function checkLoads(
  participants: readonly Participant[],
  { listener, signal }: Pick<PopulateOptions, 'listener' | 'signal'>,
  limit?: RejectLimit,
): Promise<UncheckedKeys> {
  const unchecked = new Map<string, Map<string, number>>();
  const onBeyond = (owner: string, target: string, keys: number) => {
    const before = unchecked.get(owner) ?? new Map<string, number>();
    unchecked.set(owner, keys === 0 ? before : before.set(target, keys));
  };
  const deferred = new Set<Participant>();
  const tasks = ownersFirst(participants).flatMap((one) => {
    const load = begunLoad(one);
    const isToCheck = load?.state === 'loaded' || load?.state === 'failed';
    return isToCheck && refersToOthers(one)
      ? [
          {
            ...taskOfLoad(one, load, { listener, limit, deferred }),
            onBeyond: onBeyond.bind(undefined, one.table.name),
          },
        ]
      : [];
  });
  const progresses = new Map(participants.map((one) => [one.table.name, begunLoad(one)?.progress]));
  await checkTasks(tasks, participants, {
    signal,
    cutShort: await cutShortAmong(participants),
    sampled: new Set(participants.flatMap((one) => (begunLoad(one)?.open.isCut?.() ? one.table.name : []))),
    known(name) {
      const progress = progresses.get(name);
      return progress?.isExact ? progress.accepted : undefined;
    },
  });
  for (const one of deferred) {
    await restoreDeferred(one);
  }
  await stopRunsReferringToOpen(tasks, participants);
  for (const one of signal?.aborted ? participants : []) {
    const load = begunLoad(one);
    if (load !== undefined && load.state !== 'finished') {
      advance(one, { kind: 'interrupted' });
    }
  }
  return unchecked;
}

/** For each database, tables before those that they refer to. */
export function ownersFirst<T extends Pick<Participant, 'table'>>(participants: readonly T[]): T[] {
  const groups = Map.groupBy(participants, ({ table }) => table.database);
  return [...groups.values()].flatMap((group) => inLoadSequence(group).toReversed());
}

/** The tables with a load, in this run or an earlier one, that stopped before the end of its source. */
export async function cutShortAmong(participants: readonly Participant[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const one of participants) {
    const load = begunLoad(one);
    const isCutShort = one.load
      ? load !== undefined && failureOf(load) !== undefined
      : (await newestOf(one))?.state === 'loading';
    if (isCutShort) {
      names.add(one.table.name);
    }
  }
  return names;
}

/** Rows of an open run may have to be reverted later, so runs that refer to them stay open too. */
async function stopRunsReferringToOpen(
  tasks: readonly CheckTask[],
  participants: readonly Participant[],
): Promise<void> {
  const open = new Set<Participant>();
  for (const one of participants.filter(refersToOthers)) {
    if (one.load ? one.load.state === 'stopped' : isOpen(await newestOf(one))) {
      open.add(one);
    }
  }
  const checked = participants.flatMap((one) =>
    tasks.filter((task) => task.one === one).map((task) => ({ one, task })),
  );
  for (let before = -1; before < open.size; ) {
    before = open.size;
    for (const { one, task } of checked) {
      const target = [...open].find((other) => other !== one && dependsOn(one.table, other.table));
      if (target !== undefined && !open.has(one)) {
        open.add(one);
        task.onUndecided(target.table.name);
      }
    }
  }
}

interface TaskOptions {
  readonly listener: PopulateListener | undefined;
  readonly limit: RejectLimit | undefined;
  /** The check adds tables whose indexes it defers. */
  readonly deferred: Set<Participant>;
}

function taskOfLoad(one: Participant, load: BegunLoad, { listener, limit, deferred }: TaskOptions): CheckTask {
  const { table, em } = one;
  const { progress } = load;
  const store = new RunStore(table);
  const rejectedHere = new IdSet();
  return {
    one,
    run: progress.run,
    references: progress.references,
    async *dangling(errorsOf) {
      // an earlier process may have rejected some
      const rejected = load.continued ? await store.rejectedNumbers(em, progress.run) : rejectedHere;
      yield* danglingInSource(one, load, rejected, errorsOf);
    },
    async onReverting(missing) {
      if (await deferForReverting(one, progress, missing)) {
        deferred.add(one);
      }
    },
    onRejecting: (transaction, rejected) => recordRejections(one, progress, transaction, rejected),
    onRejected({ ledger, entries }) {
      for (const { number } of entries) {
        rejectedHere.add(number);
      }
      progress.recount(ledger);
      listener?.rejected?.(table.name, entries);
      limit?.observe(table.name, ledger.counts);
    },
    onUndecided(target) {
      advance(one, {
        kind: 'unchecked',
        sentence: `${table.name}: some records refer to keys that are missing in ${target}, whose load was stopped before its end. They stay in, unchecked. Complete the load of ${target}, and run the same command again.`,
      });
    },
    onFailure(error) {
      const cause = asError(table.database.explain(error));
      advance(one, {
        kind: 'unchecked',
        sentence: `${table.name}: the references could not be checked, so records that refer to nothing may be in. Run the same command again. ${cause.message}`,
        cause,
      });
    },
  };
}
