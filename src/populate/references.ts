/**
 * References between databases, which no foreign key can hold. Concurrent loads cannot see each other, so they are
 * checked when all have settled: a record that points at nothing is taken back out and rejected with the reason.
 */
import type { EntityManager } from '@mikro-orm/sqlite';
import type { Database } from '../databases/database.ts';
import { MeridianError } from '../errors.ts';
import { type Accepted, BATCH_RECORDS } from './load.ts';
import type { PopulateOptions } from './options.ts';
import type { Loading, Participant } from './participant.ts';
import type { RecordError } from './record/rules.ts';
import type { Values } from './record/validate.ts';
import { asError } from './settle.ts';

type Participants = ReadonlyMap<string, Participant>;

/**
 * Checks every record that the loads found valid. A record that is taken out may have been what another one pointed
 * at, so this goes on until a whole round takes nothing out.
 */
export async function checkAllReferences(
  participants: readonly Participant[],
  options: PopulateOptions,
): Promise<void> {
  const byName: Participants = new Map(participants.map((one) => [one.database.name, one]));
  const gone = new Map(participants.map(({ database }) => [database.name, new Set<unknown>()]));
  let again = true;
  while (again) {
    again = false;
    for (const one of participants) {
      const { database, loading } = one;
      if (!loading?.accepted) {
        continue;
      }
      try {
        const takenOut = await checkReferences(one, loading, byName, gone.get(database.name) ?? new Set(), options);
        again ||= takenOut > 0 && participants.some((other) => other.loading && refersTo(other, database.name));
      } catch (error) {
        const cause = asError(database.explain(error));
        loading.failure ??= new MeridianError(
          'database',
          `${database.name}: the references could not be checked, so records that point at nothing may have stayed in. Run the same command again. ${cause.message}`,
          { cause },
        );
      }
    }
  }
}

function refersTo({ database }: Participant, name: string): boolean {
  return Object.values(database.declaration.references ?? {}).includes(name);
}

/**
 * @param gone primary keys that earlier rounds have taken out; those of this round are added
 * @returns how many records were taken out
 */
async function checkReferences(
  one: Participant,
  { ledger, rejects, accepted }: Loading,
  participants: Participants,
  gone: Set<unknown>,
  { batchRecords = BATCH_RECORDS, listener }: PopulateOptions,
): Promise<number> {
  const { database, em } = one;
  let takenOut = 0;
  for await (const batch of accepted?.batches<Accepted>(batchRecords) ?? []) {
    const present = batch.filter(({ id }) => !gone.has(id));
    const missing = await findMissing(one, present, participants);
    const dangling = present.flatMap((record) => {
      const errors = errorsOf(database, record, missing, participants);
      return errors.length > 0 ? [{ ...record, errors }] : [];
    });
    if (dangling.length === 0) {
      continue;
    }
    await database.write(em, (transaction) => takeOut(one, transaction, dangling));
    takenOut += dangling.length;
    const entries = dangling.map(({ number, line, id, errors }) => ({
      number,
      line,
      outcome: 'rejected' as const,
      id,
      text: '',
      errors,
    }));
    for (const [index, entry] of entries.entries()) {
      gone.add(entry.id);
      ledger.reject(dangling[index]?.outcome ?? 'inserted', entry);
    }
    listener?.rejected?.(database.name, entries);
    await rejects?.addLate(dangling.map(({ number, line, record, errors }) => ({ number, line, record, errors })));
  }
  return takenOut;
}

/** Rows that this run updated get back what they held; others go. */
async function takeOut(
  { database, shape }: Participant,
  em: EntityManager,
  records: readonly Accepted[],
): Promise<void> {
  const { primaryKey, properties } = shape;
  const { entity } = database.declaration;
  for (const { id, before } of records) {
    if (before !== null) {
      // it was written down as JSON: back into the types of the entity
      const values = properties
        .filter(({ name }) => name !== primaryKey)
        .map(({ name, coerce }) => [name, before[name] === null ? null : (coerce.from(before[name]) ?? before[name])]);
      await em.nativeUpdate(entity, { [primaryKey]: id }, Object.fromEntries(values));
    }
  }
  const ids = records.filter(({ before }) => before === null).map(({ id }) => id);
  if (ids.length > 0) {
    await em.nativeDelete(entity, { [primaryKey]: { $in: ids } });
  }
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
