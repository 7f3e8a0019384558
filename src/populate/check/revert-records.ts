/** Reverts accepted records: deletes rows that the run inserted, and restores the values of rows that it updated. */
import type { EntityManager } from '../../database/database.ts';
import { inStoredForm } from '../../database/stored-form.ts';
import type { Values } from '../../database/values.ts';
import type { Outcome } from '../../loads/ledger.ts';
import type { RecordError } from '../../shared/rules/rules.ts';
import type { Target } from '../participant.ts';
import type { ColumnMap } from '../record/columns.ts';
import type { Reading } from '../rejects/rejected-record.ts';
import { deleteUnpublishedEvents, recordChangeEvents, withStoredJson } from '../write/change-events.ts';
import { differsIn, takenError } from '../write/classify.ts';
import { keyOf } from '../write/known-rows.ts';
import { FIRST_VERSION, nextVersion } from '../write/version.ts';

/** A record that a run accepted, with the data for reverting it. */
export interface Accepted extends Reading {
  readonly number: number;
  /** The file that contains it, if the source has several. */
  readonly file?: string | undefined;
  readonly line: number;
  /** The columns that its properties were read from, if these are known. */
  readonly map?: ColumnMap;
  readonly id: unknown;
  readonly outcome: Outcome;
  /** The values of its row before the update. */
  readonly before: Values | null;
  /** Those values that JavaScript would change, as the database stores them. */
  readonly stored?: Values;
}

/** A record that the check rejects, with the reason. */
export type Dangling = Accepted & { readonly errors: readonly RecordError[] };

export interface Reverted<T> {
  /** Records that are no longer in the database, or whose row is kept because it was published. */
  readonly done: readonly T[];
  /**
   * Primary key -> why that row has to be reverted first: it has a natural key that the reverted update of another row restores. It could
   * take the key only because of that update.
   */
  readonly displaced: ReadonlyMap<unknown, readonly RecordError[]>;
}

/**
 * @param run the run that accepted the records
 * @param kept primary keys of rows that are kept because others refer to them
 */
export async function revertRecords<T extends Accepted>(
  one: Target,
  em: EntityManager,
  run: string,
  records: readonly T[],
  kept: ReadonlySet<unknown> = new Set(),
): Promise<Reverted<T>> {
  const { table } = one;
  const published = await publishedByOthers(one, em, records);
  const inserted = records.filter(({ before }) => before === null);
  const updated = records.filter(({ before }) => before !== null);
  const unchanged = updated.filter(({ id }) => published.has(id));
  const open = updated.filter(({ id }) => !published.has(id));
  // a restored row may have referred to one that is deleted
  const early = one.shape.relations.length > 0 ? await restoreRows(one, em, open) : undefined;
  await table.bulk().deleteByPrimaryKey(
    em,
    inserted.map(({ id }) => id).filter((id) => !published.has(id) && !kept.has(id)),
  );
  const isRestored = new Set(early?.restored.map(({ record }) => record));
  const late = await restoreRows(
    one,
    em,
    open.filter((record) => !isRestored.has(record)),
  );
  const restored = [...(early?.restored ?? []), ...late.restored];
  const { displaced } = late;
  const done = [...inserted, ...unchanged, ...restored.map(({ record }) => record)];
  await deleteUnpublishedEvents(
    table,
    em,
    run,
    done.map(({ id }) => id),
  );
  // a snapshot that was published meanwhile lacks these rows
  await recordChangeEvents(
    table,
    em,
    null,
    await withStoredJson(
      table,
      em,
      restored.map(({ row }) => row),
    ),
  );
  return { done, displaced };
}

interface Restored<T> {
  readonly restored: readonly { readonly record: T; readonly row: Values }[];
  readonly displaced: Reverted<T>['displaced'];
}

/**
 * Restores the values that rows had before the run, unless another row has their natural keys now. Values are written as they were stored:
 * another program may have stored some that JavaScript would round, such as long numbers in JSON, or microseconds. Runs of earlier versions
 * did not record these; for them, columns whose JavaScript value is unchanged are not written.
 */
async function restoreRows<T extends Accepted>(
  one: Target,
  em: EntityManager,
  records: readonly T[],
): Promise<Restored<T>> {
  const bulk = one.table.bulk();
  const { primaryKey } = bulk;
  const ids = records.map(({ id }) => id);
  const current = new Map((await bulk.findByPrimaryKey(em, ids)).map((row) => [primaryKey.of(row), row]));
  const restored: { record: T; row: Values }[] = [];
  const displaced = new Map<unknown, readonly RecordError[]>();
  // in reverse order: the last update may have taken a key that an earlier row gets back
  for (const record of records.toReversed()) {
    const row = record.before ?? {};
    const owners = await ownersOfKeys(one, em, row);
    for (const [id, errors] of owners) {
      displaced.set(id, errors);
    }
    if (owners.size === 0) {
      const { stored = {} } = record;
      const names = new Set([...changedIn(one, current.get(record.id) ?? {}, row), ...Object.keys(stored)]);
      const columns = bulk.columns.map((column) => (column.property in stored ? inStoredForm(column) : column));
      await bulk.update(em, [{ ...row, ...stored }], [...names], columns);
      restored.push({ record, row });
    }
  }
  return { restored, displaced };
}

/** The properties, except those of the primary key, whose value has changed. */
function changedIn({ shape, table }: Target, current: Values, before: Values): string[] {
  const keys = table.bulk().primaryKey.properties;
  return shape.stored
    .filter((property) => !keys.includes(property.name) && differsIn(property, current, before))
    .map(({ name }) => name);
}

/**
 * In a database with an outbox, the rows with published events of other writers: from before the run, which found them unchanged, or from
 * after it. These rows are kept, since no event would report their removal to consumers.
 */
export async function publishedByOthers(
  { table, shape }: Target,
  em: EntityManager,
  records: readonly Accepted[],
): Promise<ReadonlySet<unknown>> {
  const { primaryKey, version } = shape;
  const published = new Set<unknown>();
  if (table.declaration.outboxMapping === undefined || version === undefined) {
    return published;
  }
  const rows = await table.bulk().findByPrimaryKey(
    em,
    records.map(({ id }) => id),
  );
  const versions = new Map(rows.map((row) => [primaryKey.of(row), row[version.name]]));
  for (const { id, outcome, before } of records) {
    const written = before === null ? FIRST_VERSION : nextVersion(before[version.name]);
    if (outcome === 'unchanged' || (versions.has(id) && versions.get(id) !== written)) {
      published.add(id);
    }
  }
  return published;
}

/** Other rows with a natural key of `values`, and the errors that name them. */
async function ownersOfKeys(
  { table, shape }: Target,
  em: EntityManager,
  values: Values,
): Promise<Map<unknown, RecordError[]>> {
  const owner = shape.primaryKey.of(values);
  const owners = new Map<unknown, RecordError[]>();
  for (const key of table.uniqueKeys) {
    const text = keyOf(values, key);
    const rows = text === undefined ? [] : await table.bulk().find(em, [values], key);
    for (const row of rows) {
      const id = shape.primaryKey.of(row);
      if (id !== owner && keyOf(row, key) === text) {
        owners.set(id, [...(owners.get(id) ?? []), takenError(shape, row, key, owner)]);
      }
    }
  }
  return owners;
}
