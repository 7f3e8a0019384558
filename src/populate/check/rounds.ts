/**
 * The reference check of a populate. Concurrent loads cannot see each other's records, so the check begins when all loads have ended. A
 * record whose reference does not exist is reverted and rejected. Others may refer to it, or need a key that it has, so the check goes on
 * in rounds until nothing is left to revert.
 */
import type { EntityManager } from '../../database/database.ts';
import type { Values } from '../../database/values.ts';
import { referenceErrors, referencesOf, refersTo } from '../../integrity/references.ts';
import { IdSet } from '../../loads/id-set.ts';
import { MeridianError } from '../../shared/errors.ts';
import type { RecordError } from '../../shared/rules/rules.ts';
import type { Participant, Target } from '../participant.ts';
import { findMissing, type MissingOptions } from './missing-references.ts';
import { type Accepted, revertRecords } from './revert-records.ts';

/** A record that is rejected by the check, and why. */
export type Dangling = Accepted & { readonly errors: readonly RecordError[] };

/** Whether a record may have to be rejected, by its primary key and its references. */
export type Suspicion = (id: unknown, references: Values) => boolean;

/** One database whose references are checked, and what is done about records that are rejected. */
export interface CheckTask {
  readonly one: Target;
  /** The run that is checked. */
  readonly run: string;
  /** Property -> the keys that records of the run have in it. */
  readonly references: ReadonlyMap<string, IdSet>;
  /** Suspect records of the run that have not been rejected, some at a time. Called only when some have to be rejected. */
  readonly candidates: (isSuspect: Suspicion) => AsyncIterable<readonly Accepted[]>;
  /** Writes the rejections, in the transaction that reverts the records. */
  readonly onRejecting: (em: EntityManager, rejected: readonly Dangling[]) => Promise<void>;
  /** Called after the commit. */
  readonly onRejected: (rejected: readonly Dangling[]) => void;
  /** Called when a reference is missing in a database whose load was stopped before its end: nothing is rejected for that. */
  readonly onUndecided: (target: string) => void;
  readonly onFailure: (error: unknown) => void;
}

/** What the rounds of a check know of one database. */
interface CheckState {
  /** Property -> keys that do not exist. */
  readonly missing: ReadonlyMap<string, IdSet>;
  /** Primary key -> why a record has to be rejected although its references exist. */
  readonly displaced: Map<unknown, readonly RecordError[]>;
}

interface Round {
  readonly rejected: number;
  /** Records that can only be reverted after others. */
  readonly postponed: number;
  /** A database in which something is missing that may still be loaded. */
  readonly undecided?: string;
}

const NOTHING_TO_DO: Round = { rejected: 0, postponed: 0 };

export async function checkTasks(
  tasks: readonly CheckTask[],
  participants: readonly Participant[],
  options: MissingOptions = {},
): Promise<void> {
  const states = new Map(tasks.map((task): [CheckTask, CheckState] => [task, stateOf(task)]));
  const undecided = new Set<CheckTask>();
  let open = tasks;
  while (open.length > 0 && !options.signal?.aborted) {
    const next = new Set<CheckTask>();
    for (const task of open) {
      try {
        const round = await checkTask(task, participants, states.get(task) as CheckState, options);
        if (round.undecided !== undefined) {
          undecided.add(task);
          task.onUndecided(round.undecided);
        }
        if (round.postponed > 0) {
          next.add(task);
        }
        for (const other of round.rejected > 0 ? tasks : []) {
          if (refersTo(other.one.table, task.one.table)) {
            next.add(other);
          }
        }
      } catch (error) {
        task.onFailure(error);
      }
    }
    open = tasks.filter((task) => next.has(task) && !undecided.has(task));
  }
}

function stateOf({ references }: CheckTask): CheckState {
  return { missing: new Map([...references.keys()].map((property) => [property, new IdSet()])), displaced: new Map() };
}

async function checkTask(
  task: CheckTask,
  targets: readonly Target[],
  state: CheckState,
  options: MissingOptions,
): Promise<Round> {
  const { displaced, missing } = state;
  const references = referencesOf(task.one.table, targets);
  const displacedBefore = displaced.size;
  const found = await findMissing(references, task.references, missing, options);
  if (found.cutShort !== undefined) {
    return { ...NOTHING_TO_DO, undecided: found.cutShort };
  }
  if (!found.isAny && displaced.size === 0) {
    return NOTHING_TO_DO;
  }
  let rejected = 0;
  let postponed = 0;
  const isSuspect: Suspicion = (id, values) =>
    displaced.has(id) || [...missing].some(([property, keys]) => keys.has(values[property]));
  for await (const batch of task.candidates(isSuspect)) {
    if (options.signal?.aborted) {
      return { rejected, postponed };
    }
    const dangling = batch.flatMap((record) => {
      const errors = [...referenceErrors(references, record.references, missing), ...(displaced.get(record.id) ?? [])];
      return errors.length > 0 ? [{ ...record, errors }] : [];
    });
    const done = dangling.length === 0 ? [] : await rejectRecords(task, dangling, displaced, options);
    rejected += done.length;
    postponed += dangling.length - done.length;
  }
  if (postponed > 0 && rejected === 0 && displaced.size === displacedBefore) {
    throw new MeridianError(
      'database',
      `${postponed} rows cannot get back their values, because rows that another program wrote meanwhile have their keys.`,
    );
  }
  return { rejected, postponed };
}

/** @returns those that could be reverted; what the others wait for is added to `displaced` */
async function rejectRecords(
  task: CheckTask,
  dangling: readonly Dangling[],
  displaced: CheckState['displaced'],
  { known }: MissingOptions,
): Promise<readonly Dangling[]> {
  const { table, em } = task.one;
  const reverted = await table.write(em, async (transaction) => {
    const result = await revertRecords(task.one, transaction, task.run, dangling);
    const done = result.done.toSorted((a, b) => a.number - b.number);
    await task.onRejecting(transaction, done);
    return { done, displaced: result.displaced };
  });
  for (const [id, errors] of reverted.displaced) {
    displaced.set(id, errors);
  }
  const ids = known?.(table.name);
  for (const { id } of reverted.done) {
    ids?.delete(id);
  }
  task.onRejected(reverted.done);
  return reverted.done;
}
