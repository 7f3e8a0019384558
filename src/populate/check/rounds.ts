/**
 * References between databases, which no foreign key can hold. Concurrent loads cannot see each other, so they are
 * checked when all have settled: a record that points at nothing is taken back out and rejected with the reason.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EntityManager } from '../../database/database.ts';
import type { Values } from '../../database/values.ts';
import { missingKeys, type Reference, referenceErrors, referencesOf } from '../../integrity/references.ts';
import { IdSet } from '../../loads/id-set.ts';
import { MeridianError } from '../../shared/errors.ts';
import type { RecordError } from '../../shared/rules/rules.ts';
import type { Participant } from '../participant.ts';
import { type Accepted, takeOut } from './revert-records.ts';

/** Keys that are looked up at a time. */
const KEYS_PER_STATEMENT = 5000;

type Participants = ReadonlyMap<string, Participant>;

/** A record that has to go, and why. */
export type Leaving = Accepted & { readonly errors: readonly RecordError[] };

/** Whether a record, by its primary key and what it holds of other databases, may have to go. */
export type Suspicion = (id: unknown, references: Values) => boolean;

/** A database whose references have to be checked, and what is to be done about records that have to go. */
export interface CheckTask {
  readonly one: Participant;
  /** The run that is checked. */
  readonly run: string;
  /** Property -> all that its records hold in it. */
  readonly references: ReadonlyMap<string, IdSet>;
  /** Its records that are suspect and have not been taken out, some at a time. Asked for only when some have to go. */
  readonly candidates: (isSuspect: Suspicion) => AsyncIterable<readonly Accepted[]>;
  /** Writes down who goes, in the transaction in which they go. */
  readonly onLeaving: (em: EntityManager, left: readonly Leaving[]) => Promise<void>;
  /** Told when they have gone. */
  readonly onLeft: (left: readonly Leaving[]) => void;
  /** Told that its records point at what a load may still bring that was cut short: nothing is taken out for that. */
  readonly onUndecided: (target: string) => void;
  readonly onFailure: (error: unknown) => void;
}

/** What a check is done by. */
export interface CheckOptions {
  /** Primary keys that are known to be there without asking the database; they stay known as long as nothing takes them out. */
  readonly known?: (database: string) => IdSet | undefined;
  /** Databases whose load was cut short, so that what is missing there may still come. */
  readonly cutShort?: ReadonlySet<string>;
  /** When aborted, the check ends within a batch, undone. */
  readonly signal?: AbortSignal | undefined;
}

/** What the rounds of a check know of one database. */
interface CheckState {
  /** Property -> keys that its database does not hold. */
  readonly missing: Map<string, IdSet>;
  /** Primary key -> why the record has to go although it points at something. */
  readonly displaced: Map<unknown, readonly RecordError[]>;
}

interface Round {
  readonly takenOut: number;
  /** Records that can only be taken out when others have gone. */
  readonly postponed: number;
  /** A database in which something is missing that may still come. */
  readonly undecided?: string;
}

/**
 * A record that is taken out may have been what another one pointed at, or what another one has to make room for, so
 * this goes on until a whole round has nothing more to do.
 */
export async function checkTasks(
  tasks: readonly CheckTask[],
  participants: readonly Participant[],
  options: CheckOptions = {},
): Promise<void> {
  const byName: Participants = new Map(participants.map((one) => [one.database.name, one]));
  const states = new Map(tasks.map((task): [CheckTask, CheckState] => [task, stateOf(task)]));
  const undecided = new Set<CheckTask>();
  let open = tasks;
  while (open.length > 0 && !options.signal?.aborted) {
    const next = new Set<CheckTask>();
    for (const task of open) {
      try {
        const round = await checkTask(task, byName, states.get(task) as CheckState, options);
        const { takenOut, postponed } = round;
        if (round.undecided !== undefined) {
          undecided.add(task);
          task.onUndecided(round.undecided);
        }
        if (postponed > 0) {
          next.add(task);
        }
        for (const other of takenOut > 0 ? tasks : []) {
          if (refersTo(other.one, task.one.database.name)) {
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

function refersTo({ database }: Participant, name: string): boolean {
  return Object.values(database.declaration.references ?? {}).includes(name);
}

async function checkTask(
  task: CheckTask,
  participants: Participants,
  state: CheckState,
  options: CheckOptions,
): Promise<Round> {
  const { database, em } = task.one;
  const { displaced } = state;
  const references = referencesOf(database, participants);
  const knownBefore = displaced.size;
  const missing = await findMissing(task, references, state, options);
  if (missing.cutShort !== undefined) {
    return { takenOut: 0, postponed: 0, undecided: missing.cutShort };
  }
  if (!missing.isAny && displaced.size === 0) {
    return { takenOut: 0, postponed: 0 };
  }
  let takenOut = 0;
  let postponed = 0;
  const isSuspect: Suspicion = (id, references) =>
    displaced.has(id) || [...state.missing].some(([property, keys]) => keys.has(references[property]));
  for await (const batch of task.candidates(isSuspect)) {
    if (options.signal?.aborted) {
      return { takenOut, postponed };
    }
    const leaving = batch.flatMap((record) => {
      const errors = [
        ...referenceErrors(references, record.references, state.missing),
        ...(displaced.get(record.id) ?? []),
      ];
      return errors.length > 0 ? [{ ...record, errors }] : [];
    });
    if (leaving.length === 0) {
      continue;
    }
    const result = await database.write(em, async (transaction) => {
      const taken = await takeOut(task.one, transaction, task.run, leaving);
      const done = taken.done.toSorted((a, b) => a.number - b.number);
      await task.onLeaving(transaction, done);
      return { done, displaced: taken.displaced };
    });
    for (const [id, errors] of result.displaced) {
      displaced.set(id, errors);
    }
    const ids = options.known?.(database.name);
    for (const { id } of result.done) {
      ids?.delete(id);
    }
    takenOut += result.done.length;
    postponed += leaving.length - result.done.length;
    task.onLeft(result.done);
  }
  if (postponed > 0 && takenOut === 0 && displaced.size === knownBefore) {
    throw new MeridianError(
      'database',
      `${postponed} rows cannot get back what they held, because rows that another program wrote meanwhile are in their place.`,
    );
  }
  return { takenOut, postponed };
}

/**
 * Looks for every distinct reference once, and asks its database only for those that are not known to be there.
 *
 * @returns whether any is missing, and whether in a database whose load was cut short
 */
async function findMissing(
  task: CheckTask,
  references: readonly Reference[],
  { missing }: CheckState,
  { known, cutShort, signal }: CheckOptions,
): Promise<{ readonly isAny: boolean; readonly cutShort?: string }> {
  let isAny = false;
  for (const { property, target } of references) {
    const { name } = target.database;
    const keysToCheck = task.references.get(property)?.without(known?.(name) ?? new IdSet()) ?? [];
    for (const keys of chunks(keysToCheck, KEYS_PER_STATEMENT)) {
      // a driver may answer without a turn of the event loop, and Ctrl-C waits for one
      await nextTurn();
      if (signal?.aborted) {
        return { isAny: false };
      }
      for (const key of await missingKeys(target, keys)) {
        if (cutShort?.has(name)) {
          return { isAny: true, cutShort: name };
        }
        missing.get(property)?.add(key);
        isAny = true;
      }
    }
  }
  return { isAny };
}

function* chunks(all: Iterable<unknown>, size: number): Generator<unknown[]> {
  let chunk: unknown[] = [];
  for (const one of all) {
    chunk.push(one);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) {
    yield chunk;
  }
}
