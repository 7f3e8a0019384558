/**
 * References between databases, which no foreign key can hold. Concurrent loads cannot see each other, so they are
 * checked when all have settled: a record that points at nothing is taken back out and rejected with the reason.
 */
import type { Database, EntityManager } from '../databases/database.ts';
import { MeridianError } from '../errors.ts';
import { asError } from '../settle.ts';
import type { LinesFile } from './lines.ts';
import { type Accepted, BATCH_RECORDS } from './load.ts';
import type { PopulateOptions } from './options.ts';
import type { Loading, Participant } from './participant.ts';
import type { RecordError } from './record/rules.ts';
import type { Values } from './record/validate.ts';
import { takeOut } from './take-out.ts';

type Participants = ReadonlyMap<string, Participant>;

/** What the rounds of a check have done to one database. */
interface CheckState {
  /** Primary keys of the records that have been taken out. */
  readonly gone: Set<unknown>;
  /** Primary key -> why the record has to go although it points at something. */
  readonly displaced: Map<unknown, readonly RecordError[]>;
}

interface Round {
  readonly takenOut: number;
  /** Records that can only be taken out when others have gone. */
  readonly postponed: number;
}

/** Records whose references have to be checked, and what is to be done about those that have to go. */
export interface CheckTask {
  readonly one: Participant;
  readonly accepted: LinesFile;
  /** Of records that would have to go, those that really went in as they are written down. */
  readonly present: (records: readonly Accepted[]) => Promise<ReadonlySet<unknown>>;
  readonly onRound: () => void;
  readonly onLeft: (left: readonly Leaving[]) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/** A record that has to go, and why. */
export type Leaving = Accepted & { readonly errors: readonly RecordError[] };

/** Checks every record that the loads found valid, and accounts for those that are rejected after all. */
export async function checkAllReferences(
  participants: readonly Participant[],
  options: PopulateOptions,
): Promise<void> {
  const tasks = participants.flatMap((one) => (one.loading?.accepted ? [taskOf(one, one.loading, options)] : []));
  await checkTasks(tasks, participants, options.batchRecords);
}

function taskOf(one: Participant, loading: Loading, { listener }: PopulateOptions): CheckTask {
  const { database } = one;
  const { ledger, rejects } = loading;
  loading.isChecked = true;
  return {
    one,
    accepted: loading.accepted as LinesFile,
    // what stands after the last batch that was committed never went in
    present: async (records) =>
      new Set(records.flatMap(({ id, number }) => (number <= ledger.counts.read ? [id] : []))),
    onRound: () => rejects?.startLateRound(),
    async onLeft(left) {
      const entries = left.map(({ number, line, id, errors }) => ({
        number,
        line,
        outcome: 'rejected' as const,
        id,
        text: '',
        errors,
      }));
      for (const [index, entry] of entries.entries()) {
        ledger.reject(left[index]?.outcome ?? 'inserted', entry);
      }
      listener?.rejected?.(database.name, entries);
      await rejects?.addLate(left.map(({ number, line, record, errors }) => ({ number, line, record, errors })));
    },
    onFailure(error) {
      loading.isChecked = false;
      const cause = asError(database.explain(error));
      const sentence = `${database.name}: the references could not be checked, so records that point at nothing may have stayed in. Run the same command again. ${cause.message}`;
      const before = loading.failure === undefined ? '' : `${loading.failure.message}\n`;
      loading.failure = new MeridianError('database', `${before}${sentence}`, { cause });
    },
  };
}

/**
 * A record that is taken out may have been what another one pointed at, or what another one has to make room for, so
 * this goes on until a whole round has nothing more to do.
 */
export async function checkTasks(
  tasks: readonly CheckTask[],
  participants: readonly Participant[],
  batchRecords = BATCH_RECORDS,
): Promise<void> {
  const byName: Participants = new Map(participants.map((one) => [one.database.name, one]));
  const states = new Map(tasks.map((task) => [task, { gone: new Set(), displaced: new Map() }]));
  let open = tasks;
  while (open.length > 0) {
    const next = new Set<CheckTask>();
    for (const task of open) {
      task.onRound();
      try {
        const { takenOut, postponed } = await checkTask(task, byName, states.get(task) as CheckState, batchRecords);
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
    open = tasks.filter((task) => next.has(task));
  }
}

function refersTo({ database }: Participant, name: string): boolean {
  return Object.values(database.declaration.references ?? {}).includes(name);
}

async function checkTask(
  { one, accepted, present, onLeft }: CheckTask,
  participants: Participants,
  { gone, displaced }: CheckState,
  batchRecords: number,
): Promise<Round> {
  const { database, em } = one;
  const knownBefore = displaced.size;
  let takenOut = 0;
  let postponed = 0;
  for await (const batch of accepted.batches<Accepted>(batchRecords)) {
    const staying = batch.filter(({ id }) => !gone.has(id));
    const missing = await findMissing(one, staying, participants);
    const suspects = staying.flatMap((record) => {
      const errors = [...errorsOf(database, record, missing, participants), ...(displaced.get(record.id) ?? [])];
      return errors.length > 0 ? [{ ...record, errors }] : [];
    });
    const there = suspects.length > 0 ? await present(suspects) : new Set();
    const leaving = suspects.filter(({ id }) => there.has(id));
    if (leaving.length === 0) {
      continue;
    }
    const result = await database.write(em, (transaction) => takeOut(one, transaction, leaving));
    for (const [id, errors] of result.displaced) {
      displaced.set(id, errors);
    }
    for (const { id } of result.done) {
      gone.add(id);
    }
    takenOut += result.done.length;
    postponed += leaving.length - result.done.length;
    await onLeft(result.done.toSorted((a, b) => a.number - b.number));
  }
  if (postponed > 0 && takenOut === 0 && displaced.size === knownBefore) {
    throw new MeridianError(
      'database',
      `${postponed} rows cannot get back what they held, because rows that another program wrote meanwhile are in their place.`,
    );
  }
  return { takenOut, postponed };
}

/** Reference property -> the keys that its database does not hold. */
async function findMissing(
  { database }: Participant,
  records: readonly Accepted[],
  participants: Participants,
): Promise<Map<string, Set<unknown>>> {
  const missing = new Map<string, Set<unknown>>();
  for (const [property, name] of Object.entries(database.declaration.references ?? {})) {
    const target = participants.get(name);
    const keys = new Set<unknown>(records.map(({ references }) => references[property] ?? undefined));
    keys.delete(undefined);
    for (const key of target ? await existingKeys(target.database, target.em, [...keys]) : []) {
      keys.delete(key);
    }
    missing.set(property, keys);
  }
  return missing;
}

/** Of some primary keys, those that have a row. */
export async function existingKeys(
  database: Database,
  em: EntityManager,
  keys: readonly unknown[],
): Promise<unknown[]> {
  if (keys.length === 0) {
    return [];
  }
  const [primaryKey = ''] = database.metadata.primaryKeys;
  try {
    const rows: Values[] = await em.find(
      database.declaration.entity,
      { [primaryKey]: { $in: keys } },
      { fields: [primaryKey as never], disableIdentityMap: true },
    );
    return rows.map((row) => row[primaryKey]);
  } catch (error) {
    throw database.explain(error);
  }
}

function errorsOf(
  { declaration }: Database,
  { references }: Accepted,
  missing: ReadonlyMap<string, ReadonlySet<unknown>>,
  participants: Participants,
): RecordError[] {
  return Object.entries(declaration.references ?? {}).flatMap(([property, name]) => {
    const target = participants.get(name);
    const key = references[property];
    return target && missing.get(property)?.has(key)
      ? [{ property, code: 'reference', message: danglingMessage(target.database, key) }]
      : [];
  });
}

/** "User 10 does not exist" */
export function danglingMessage(target: Database, key: unknown): string {
  return `${target.metadata.className} ${key} does not exist`;
}
