/**
 * References between databases, which no foreign key can hold. Concurrent loads cannot see each other, so they are
 * checked when all have settled: a record that points at nothing is taken back out and rejected with the reason.
 */
import type { EntityManager } from '@mikro-orm/sqlite';
import type { Database } from '../databases/database.ts';
import { MeridianError } from '../errors.ts';
import { type Accepted, BATCH_RECORDS } from './load.ts';
import type { PopulateOptions } from './options.ts';
import type { Participant } from './participant.ts';
import type { RecordError } from './record/rules.ts';
import type { Values } from './record/validate.ts';
import { asError } from './settle.ts';
import { takeOut } from './take-out.ts';

type Participants = ReadonlyMap<string, Participant>;

/** What the rounds of a check have done to one database. */
interface Progress {
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

/**
 * Checks every record that the loads found valid. A record that is taken out may have been what another one pointed
 * at, or what another one has to make room for, so this goes on until a whole round has nothing more to do.
 */
export async function checkAllReferences(
  participants: readonly Participant[],
  options: PopulateOptions,
): Promise<void> {
  const byName: Participants = new Map(participants.map((one) => [one.database.name, one]));
  const progress = new Map(participants.map((one) => [one, { gone: new Set(), displaced: new Map() }]));
  let open = participants.filter(({ loading }) => loading?.accepted);
  while (open.length > 0) {
    const next = new Set<Participant>();
    for (const one of open) {
      const { database, loading } = one;
      loading?.rejects?.startLateRound();
      try {
        const { takenOut, postponed } = await checkReferences(one, byName, progress.get(one) as Progress, options);
        if (postponed > 0) {
          next.add(one);
        }
        for (const other of takenOut > 0 ? participants : []) {
          if (other.loading?.accepted && refersTo(other, database.name)) {
            next.add(other);
          }
        }
      } catch (error) {
        failCheck(one, error);
      }
    }
    open = participants.filter((one) => next.has(one));
  }
}

function failCheck({ database, loading }: Participant, error: unknown): void {
  const cause = asError(database.explain(error));
  if (loading) {
    loading.failure ??= new MeridianError(
      'database',
      `${database.name}: the references could not be checked, so records that point at nothing may have stayed in. Run the same command again. ${cause.message}`,
      { cause },
    );
  }
}

function refersTo({ database }: Participant, name: string): boolean {
  return Object.values(database.declaration.references ?? {}).includes(name);
}

async function checkReferences(
  one: Participant,
  participants: Participants,
  { gone, displaced }: Progress,
  { batchRecords = BATCH_RECORDS, listener }: PopulateOptions,
): Promise<Round> {
  const { database, em, loading } = one;
  const knownBefore = displaced.size;
  let takenOut = 0;
  let postponed = 0;
  for await (const batch of loading?.accepted?.batches<Accepted>(batchRecords) ?? []) {
    const present = batch.filter(({ id }) => !gone.has(id));
    const missing = await findMissing(one, present, participants);
    const leaving = present.flatMap((record) => {
      const errors = [...errorsOf(database, record, missing, participants), ...(displaced.get(record.id) ?? [])];
      return errors.length > 0 ? [{ ...record, errors }] : [];
    });
    if (leaving.length === 0) {
      continue;
    }
    const result = await database.write(em, (transaction) => takeOut(one, transaction, leaving));
    for (const [id, errors] of result.displaced) {
      displaced.set(id, errors);
    }
    const left = result.done.toSorted((a, b) => a.number - b.number);
    takenOut += left.length;
    postponed += leaving.length - left.length;
    const entries = left.map(({ number, line, id, errors }) => ({
      number,
      line,
      outcome: 'rejected' as const,
      id,
      text: '',
      errors,
    }));
    for (const [index, entry] of entries.entries()) {
      gone.add(entry.id);
      loading?.ledger.reject(left[index]?.outcome ?? 'inserted', entry);
    }
    listener?.rejected?.(database.name, entries);
    await loading?.rejects?.addLate(left.map(({ number, line, record, errors }) => ({ number, line, record, errors })));
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
