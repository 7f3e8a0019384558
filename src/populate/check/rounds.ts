/**
 * The reference check of a populate. Concurrent loads cannot see each other's records, so the check starts when all loads have ended. A
 * record with a dangling reference is reverted and rejected. Others may refer to it, or need a key that it has, so the check is repeated in
 * rounds until nothing is left to revert.
 */
import type { EntityManager } from '../../database/database.ts';
import { isOwnRow } from '../../database/discriminator.ts';
import { isSameTable } from '../../database/table-id.ts';
import type { Values } from '../../database/values.ts';
import { referenceErrors, referencesOf, refersTo, relationReferencesOf } from '../../integrity/references.ts';
import { IdSet } from '../../loads/id-set.ts';
import { MeridianError } from '../../shared/errors.ts';
import type { RecordError } from '../../shared/rules/rules.ts';
import type { Participant, Target } from '../participant.ts';
import { completeRelations } from './complete-relations.ts';
import { findMissing, type MissingOptions } from './missing-references.ts';
import type { CountedRejections } from './record-rejections.ts';
import { heldByOthers } from './referring-rows.ts';
import { type Dangling, revertRecords } from './revert-records.ts';

/** Maximum number of records to revert in one transaction: each transaction syncs the disk once, and holds all its records in memory. */
const RECORDS_TOGETHER = 10_000;

/** Why a record has to be rejected, by its primary key and values; nothing if it stays. */
export type ErrorsOf = (id: unknown, values: Values) => readonly RecordError[];

/** The reference check of one table, and what to do about rejected records. */
export interface CheckTask {
  readonly one: Target;
  /** The run that is checked. */
  readonly run: string;
  /** Property -> the keys that records of the run have in it; for relations, only deferred keys. */
  readonly references: ReadonlyMap<string, IdSet>;
  /** Records of the run that have to be rejected and have not been, in batches. Called only if there are some. */
  readonly dangling: (errorsOf: ErrorsOf) => AsyncIterable<readonly Dangling[]>;
  /** Called before looking for the records to reject, with the number of additional missing keys. */
  readonly onReverting?: (missing: number) => Promise<void>;
  /** Writes the rejections, in the transaction that reverts the records. */
  readonly onRejecting: (em: EntityManager, rejected: readonly Dangling[]) => Promise<CountedRejections>;
  /** Called after the commit. */
  readonly onRejected: (counted: CountedRejections) => void;
  /** Called if a key is missing in a database whose load stopped before its end; no record is rejected for it. */
  readonly onUndecided: (target: string) => void;
  /** Called with the number of keys that may belong to records of another table that were not read; no record is rejected for them. */
  readonly onBeyond?: (target: string, keys: number) => void;
  readonly onFailure: (error: unknown) => void;
}

/** The state of one table across rounds. */
interface CheckState {
  /** Property or relation -> keys that do not exist, or whose rows have to be reverted. */
  readonly missing: ReadonlyMap<string, IdSet>;
  /** Primary key -> why a record has to be rejected although its references exist. */
  readonly displaced: Map<unknown, readonly RecordError[]>;
  /** Whether to look for records although no further key is missing. */
  isOpen: boolean;
}

interface Round {
  readonly rejected: number;
  /** Whether records were rejected, or more were found to reject. */
  readonly isProgress: boolean;
  /** The number of records that can only be reverted after others. */
  readonly postponed: number;
  /** Tables with records that refer to those, and have to be reverted first. */
  readonly referring: ReadonlySet<CheckTask>;
  /** A table in which a missing key may still be loaded. */
  readonly undecided?: string;
}

const NOTHING_TO_DO: Round = { rejected: 0, isProgress: false, postponed: 0, referring: new Set() };

/** @param tasks the tasks of one database, with tables before those that they refer to */
export async function checkTasks(
  tasks: readonly CheckTask[],
  participants: readonly Participant[],
  options: MissingOptions = {},
): Promise<void> {
  const undecided = new Set<CheckTask>();
  const check = new Check(tasks, participants, options);
  let open: readonly CheckTask[] = await check.begin();
  let isStuck = false;
  while (open.length > 0 && !options.signal?.aborted) {
    const next = new Set<CheckTask>();
    let isProgress = false;
    for (const task of open) {
      try {
        const round = await check.round(task, isStuck);
        isProgress ||= round.isProgress;
        if (round.undecided !== undefined) {
          undecided.add(task);
          task.onUndecided(round.undecided);
        }
        if (round.postponed > 0) {
          next.add(task);
        }
        for (const other of round.referring) {
          next.add(other);
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
    isStuck = !isProgress;
  }
}

/** Runs the rounds of all tasks. */
class Check {
  readonly #tasks: readonly CheckTask[];
  readonly #targets: readonly Target[];
  readonly #options: MissingOptions;
  readonly #states: ReadonlyMap<CheckTask, CheckState>;

  constructor(tasks: readonly CheckTask[], targets: readonly Target[], options: MissingOptions) {
    this.#tasks = tasks;
    this.#targets = targets;
    this.#options = options;
    this.#states = new Map(
      tasks.map((task) => [
        task,
        {
          missing: new Map([...task.references.keys()].map((name) => [name, new IdSet()])),
          displaced: new Map(),
          isOpen: false,
        },
      ]),
    );
  }

  /** Completes the relations of rows that were written before their targets. @returns the remaining tasks */
  async begin(): Promise<CheckTask[]> {
    const begun: CheckTask[] = [];
    for (const task of this.#tasks) {
      const { relations } = task.one.shape;
      try {
        if (relations.some(({ name }) => task.references.get(name)?.isEmpty === false)) {
          for (const [id, errors] of await completeRelations(task.one, task.run, this.#options.signal)) {
            this.#stateOf(task).displaced.set(id, errors);
          }
        }
        begun.push(task);
      } catch (error) {
        task.onFailure(error);
      }
    }
    return begun;
  }

  /** @param isStuck whether the previous round made no progress in any table, so that postponed records cannot be reverted */
  async round(task: CheckTask, isStuck: boolean): Promise<Round> {
    const state = this.#stateOf(task);
    const { displaced, missing } = state;
    const { table } = task.one;
    const references = [...referencesOf(table, this.#targets), ...relationReferencesOf(table, this.#targets)];
    const displacedBefore = displaced.size;
    const found = await findMissing(references, task.references, missing, this.#options);
    for (const [target, keys] of found.beyond) {
      task.onBeyond?.(target, keys);
    }
    if (found.cutShort !== undefined) {
      return { ...NOTHING_TO_DO, undecided: found.cutShort };
    }
    if (found.count === 0 && !state.isOpen && displaced.size === 0) {
      return NOTHING_TO_DO;
    }
    state.isOpen = false;
    await task.onReverting?.(found.count);
    let rejected = 0;
    let postponed: readonly Dangling[] = [];
    const referring = new Set<CheckTask>();
    const errorsOf: ErrorsOf = (id, values) => {
      const errors = referenceErrors(references, values, missing);
      return displaced.has(id) ? [...errors, ...(displaced.get(id) ?? [])] : errors;
    };
    let dangling: Dangling[] = [];
    const rejectFound = async () => {
      const left = await this.#reject(task, dangling, referring);
      rejected += dangling.length - left.length;
      postponed = [...postponed, ...left];
      dangling = [];
    };
    for await (const batch of task.dangling(errorsOf)) {
      if (this.#options.signal?.aborted) {
        return { rejected, isProgress: true, postponed: postponed.length, referring };
      }
      for (const record of batch) {
        dangling.push(record);
      }
      if (dangling.length >= RECORDS_TOGETHER) {
        await rejectFound();
      }
    }
    await rejectFound();
    // rows of one table that refer to each other can be deleted together
    const left = rejected === 0 && postponed.length === 0 ? [] : await this.#reject(task, postponed, referring);
    rejected += postponed.length - left.length;
    const isProgress = rejected > 0 || referring.size > 0 || displaced.size > displacedBefore;
    if (isStuck && !isProgress && left.length > 0) {
      return { rejected: await this.#rejectStuck(task, left), isProgress: true, postponed: 0, referring };
    }
    state.isOpen = left.length > 0;
    return { rejected, isProgress, postponed: left.length, referring };
  }

  /**
   * @param referring receives the tables with rows that have to be reverted first
   * @returns the records that could not be reverted yet
   */
  async #reject(
    task: CheckTask,
    dangling: readonly Dangling[],
    referring: Set<CheckTask>,
  ): Promise<readonly Dangling[]> {
    if (dangling.length === 0) {
      return [];
    }
    const { free, held } = await heldByOthers(task.one, task.one.em, dangling);
    for (const { owner, relation, row } of held) {
      const key = relation.key.of(row);
      // with inheritance, the run of the row's class or that of a base class may have written it
      const writers = this.#tasks.filter(
        ({ one: { table } }) => isSameTable(table.metadata, owner) && isOwnRow(table.metadata, row),
      );
      for (const other of writers) {
        const state = this.#stateOf(other);
        const missing = state.missing.get(relation.name);
        if (missing?.has(key) === false) {
          missing.add(key);
          state.isOpen = true;
          referring.add(other);
        }
      }
    }
    const done = new Set(free.length === 0 ? [] : await this.#revert(task, free));
    return dangling.filter((record) => !done.has(record));
  }

  /** @returns the reverted records; rows that others wait for become displaced */
  async #revert(
    task: CheckTask,
    dangling: readonly Dangling[],
    kept?: ReadonlySet<unknown>,
  ): Promise<readonly Dangling[]> {
    const { table, em } = task.one;
    const reverted = await table.write(em, async (transaction) => {
      const result = await revertRecords(task.one, transaction, task.run, dangling, kept);
      const done = result.done.toSorted((a, b) => a.number - b.number);
      const counted = await task.onRejecting(transaction, done);
      return { done, displaced: result.displaced, counted };
    });
    for (const [id, errors] of reverted.displaced) {
      this.#stateOf(task).displaced.set(id, errors);
    }
    const ids = this.#options.known?.(table.name);
    for (const { id } of reverted.done) {
      ids?.delete(id);
    }
    task.onRejected(reverted.counted);
    return reverted.done;
  }

  /** Rejects records whose rows are kept, because rows outside these runs refer to them. */
  async #rejectStuck(task: CheckTask, records: readonly Dangling[]): Promise<number> {
    const { held } = await heldByOthers(task.one, task.one.em, records);
    const { primaryKey } = task.one.shape;
    const holders = new Map(held.map(({ owner, target }) => [primaryKey.of(target), owner.className]));
    const stuck = records.flatMap((record) => {
      const holder = holders.get(record.id);
      return holder === undefined ? [] : [{ ...record, errors: record.errors.map((error) => staying(error, holder)) }];
    });
    const done = stuck.length === 0 ? [] : await this.#revert(task, stuck, new Set(holders.keys()));
    if (done.length < records.length) {
      throw new MeridianError(
        'database',
        `${records.length - done.length} rows cannot be restored, because rows that another program wrote meanwhile have their keys.`,
      );
    }
    return done.length;
  }

  #stateOf(task: CheckTask): CheckState {
    return this.#states.get(task) as CheckState;
  }
}

function staying(error: RecordError, holder: string): RecordError {
  return { ...error, message: `${error.message} (its row is kept, because a ${holder} refers to it)` };
}
