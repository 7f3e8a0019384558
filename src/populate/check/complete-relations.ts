/** Writes the relations of rows that were inserted before their targets, once all loads of their database have ended. */
import type { EntityManager } from '../../database/database.ts';
import type { NaturalKey } from '../../database/declaration.ts';
import type { Values } from '../../database/values.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { RecordError } from '../../shared/rules/rules.ts';
import type { Target } from '../participant.ts';
import { deferredIn, keptIn } from '../resume/restore.ts';
import { keysIn, missingTargets } from '../write/absent-targets.ts';
import { deleteUnpublishedEvents, recordChangeEvents, withStoredJson } from '../write/change-events.ts';
import { over, takenError } from '../write/classify.ts';
import { keyOf } from '../write/known-rows.ts';
import { RefusalWording } from '../write/refusal-message.ts';
import { Savepoint } from '../write/savepoint.ts';

/** Primary key -> why the record has to be rejected. */
type Refused = Map<unknown, readonly RecordError[]>;

/**
 * Rows whose targets do not all exist are left unchanged. Idempotent.
 *
 * @param signal when aborted, only some rows are completed
 * @returns the records that cannot have these keys: another row has them, or the database rejects them
 */
export async function completeRelations(
  one: Target,
  run: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<unknown, readonly RecordError[]>> {
  const { table, em, shape } = one;
  const store = new RunStore(table);
  const rejected = await store.rejectedNumbers(em, run);
  const refused: Refused = new Map();
  for await (const batch of store.batches(em)) {
    if (signal?.aborted) {
      break;
    }
    const kept = new Set(batch.deferred === null ? [] : keptIn(batch, rejected).map(({ id }) => id));
    const records = await withTargets(one, deferredIn(shape, batch, kept));
    if (records.length > 0) {
      await table.write(em, (transaction) => completeRows(one, transaction, run, records, refused));
    }
  }
  return refused;
}

/** The records whose targets all exist by now. */
async function withTargets({ table, em, shape }: Target, records: readonly Values[]): Promise<readonly Values[]> {
  let left = records;
  for (const relation of records.length === 0 ? [] : shape.relations) {
    const missing = new Set(await missingTargets(table.database, em, relation, keysIn(relation, records)));
    left = left.filter((record) => !missing.has(relation.key.of(record)));
  }
  return left;
}

async function completeRows(
  one: Target,
  em: EntityManager,
  run: string,
  records: readonly Values[],
  refused: Refused,
): Promise<void> {
  const { table, shape } = one;
  const { primaryKey } = shape;
  const rows = await table.bulk().findByPrimaryKey(
    em,
    records.map((record) => primaryKey.of(record)),
  );
  const stored = new Map(rows.map((row) => [primaryKey.of(row), row]));
  // another program may have deleted some
  const open = records.filter((record) => stored.has(primaryKey.of(record)));
  for (const group of Map.groupBy(open, (record) => givenIn(one, record).join()).values()) {
    await completeGroup(one, em, group, stored, refused);
  }
  const ids = open.map((record) => primaryKey.of(record)).filter((id) => !refused.has(id));
  if (table.declaration.outboxMapping !== undefined) {
    await deleteUnpublishedEvents(table, em, run, ids);
    const written = await table.bulk().findByPrimaryKey(em, ids);
    await recordChangeEvents(table, em, run, await withStoredJson(table, em, written));
  }
}

/** The properties with the deferred keys. */
function givenIn({ shape }: Target, record: Values): string[] {
  const names = shape.relations.flatMap(({ key }) => key.properties);
  return names.filter((name) => !shape.primaryKey.properties.includes(name) && record[name] !== undefined);
}

/** @param group records with the same relations to complete */
async function completeGroup(
  one: Target,
  em: EntityManager,
  group: readonly Values[],
  stored: ReadonlyMap<unknown, Values>,
  refused: Refused,
): Promise<void> {
  const { table, shape } = one;
  const names = givenIn(one, group[0] ?? {});
  const update = (records: readonly Values[]) => table.bulk().update(em, records, names);
  const savepoint = new Savepoint(table.database, em);
  const keys = table.uniqueKeys.filter(({ properties }) => properties.some((name) => names.includes(name)));
  const together = keys.length > 0 ? undefined : await savepoint.attempt(() => update(group));
  if (together === undefined || 'refusal' in together) {
    const wording = new RefusalWording(table, shape);
    for (const record of group) {
      const id = shape.primaryKey.of(record);
      const row = over(stored.get(id), record);
      const taken = await takenIn(one, em, row, keys);
      const alone = taken.length > 0 ? undefined : await savepoint.attempt(() => update([record]));
      if (alone === undefined) {
        refused.set(id, taken);
      } else if ('refusal' in alone) {
        refused.set(id, [await wording.errorOf(em, row, alone.refusal)]);
      }
    }
  }
  await savepoint.close();
}

/** The errors for natural keys that other rows have. */
async function takenIn(
  { table, shape }: Target,
  em: EntityManager,
  row: Values,
  keys: readonly NaturalKey[],
): Promise<RecordError[]> {
  const errors: RecordError[] = [];
  for (const key of keys) {
    const text = keyOf(row, key);
    const owners = text === undefined ? [] : await table.bulk().find(em, [row], key);
    const owner = owners.find(
      (other) => shape.primaryKey.of(other) !== shape.primaryKey.of(row) && keyOf(other, key) === text,
    );
    if (owner !== undefined) {
      errors.push(takenError(shape, row, key, shape.primaryKey.of(owner)));
    }
  }
  return errors;
}
