/** Checks the references of all loads of a populate. */
import { IdSet } from '../../loads/id-set.ts';
import { Ledger } from '../../loads/ledger.ts';
import { isOpen, newestOf } from '../../loads/plan.ts';
import { changeOf } from '../../loads/run-row.ts';
import { RunStore } from '../../loads/run-store.ts';
import { asError } from '../../shared/async/settle.ts';
import { type BegunLoad, failureOf } from '../load-state.ts';
import type { PopulateListener, PopulateOptions } from '../options.ts';
import { advance, begunLoad, type Participant, refersToOthers } from '../participant.ts';
import { candidatesFromSource } from './candidates.ts';
import { type CheckTask, checkTasks, type Leaving } from './rounds.ts';

/**
 * Checks every record that the loads accepted, and accounts for those that are rejected after all. A record that points at what a load which
 * was cut short may still bring is not decided on, and its run is left open. So are all runs once the signal is aborted.
 */
export async function checkLoads(
  participants: readonly Participant[],
  { listener, signal }: Pick<PopulateOptions, 'listener' | 'signal'>,
): Promise<void> {
  const tasks = participants.flatMap((one) => {
    const load = begunLoad(one);
    const isToCheck = load?.state === 'loaded' || load?.state === 'failed';
    return isToCheck && refersToOthers(one) ? [taskOfLoad(one, load, listener)] : [];
  });
  const progresses = new Map(participants.map((one) => [one.database.name, begunLoad(one)?.progress]));
  await checkTasks(tasks, participants, {
    signal,
    cutShort: await cutShortAmong(participants),
    known(name) {
      const progress = progresses.get(name);
      return progress?.isExact ? progress.accepted : undefined;
    },
  });
  await leaveOpenWhatRefersToOpen(tasks, participants);
  for (const one of signal?.aborted ? participants : []) {
    const load = begunLoad(one);
    if (load !== undefined && load.state !== 'finished') {
      advance(one, { kind: 'interrupted' });
    }
  }
}

/** The databases whose own load, in this run or in one that was stopped, did not get to the end of its source. */
export async function cutShortAmong(participants: readonly Participant[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const one of participants) {
    const load = begunLoad(one);
    const isCutShort = one.load
      ? load !== undefined && failureOf(load) !== undefined
      : (await newestOf(one))?.state === 'loading';
    if (isCutShort) {
      names.add(one.database.name);
    }
  }
  return names;
}

/** Rows of a run that is left open may have to be taken out later, so what refers to them cannot be decided on now. */
async function leaveOpenWhatRefersToOpen(
  tasks: readonly CheckTask[],
  participants: readonly Participant[],
): Promise<void> {
  const open = new Set<string>();
  for (const one of participants.filter(refersToOthers)) {
    if (one.load ? one.load.state === 'stopped' : isOpen(await newestOf(one))) {
      open.add(one.database.name);
    }
  }
  for (let before = -1; before < open.size; ) {
    before = open.size;
    for (const { one, onUndecided } of tasks) {
      const { name, declaration } = one.database;
      const target = Object.values(declaration.references ?? {}).find((other) => other !== name && open.has(other));
      if (target !== undefined && !open.has(name)) {
        open.add(name);
        onUndecided(target);
      }
    }
  }
}

function taskOfLoad(one: Participant, load: BegunLoad, listener: PopulateListener | undefined): CheckTask {
  const { database, em } = one;
  const { progress } = load;
  const store = new RunStore(database);
  const left = new IdSet();
  return {
    one,
    run: progress.run,
    references: progress.references,
    async *candidates(isSuspect) {
      // after a kill, some may have gone already
      const gone = load.continued ? await store.rejectedNumbers(em) : left;
      yield* candidatesFromSource(one, load, gone, isSuspect);
    },
    async onLeaving(transaction, leaving) {
      await store.addRejects(transaction, leaving);
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
    onUndecided(target) {
      advance(one, {
        kind: 'unchecked',
        sentence: `${database.name}: records point at what is missing in ${target}, where a load was stopped before its end. None is rejected for that, and all stay in unchecked: let that load get to its end, and run the same command again.`,
      });
    },
    onFailure(error) {
      const cause = asError(database.explain(error));
      advance(one, {
        kind: 'unchecked',
        sentence: `${database.name}: the references could not be checked, so records that point at nothing may have stayed in. Run the same command again. ${cause.message}`,
        cause,
      });
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
