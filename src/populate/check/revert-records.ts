/** Reverts accepted records: rows that the run inserted are deleted, rows that it updated get back their values. */
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

/** A record that a run accepted, with what reverting it needs. */
export interface Accepted extends Reading {
  readonly number: number;
  /** The file that it stands in, where the source has several. */
  readonly file?: string | undefined;
  readonly line: number;
  /** The columns that its properties were read from, where they are named. */
  readonly map?: ColumnMap;
  readonly id: unknown;
  readonly outcome: Outcome;
  /** The values of its row before the update. */
  readonly before: Values | null;
  /** Those of them that JavaScript spells otherwise, as the database stores them. */
  readonly stored?: Values;
  /** Property -> what it refers to by it: the keys of references and relations. */
  readonly references: Values;
}

/** A record that is rejected by the check, and why. */
export type Dangling = Accepted & { readonly errors: readonly RecordError[] };

export interface Reverted<T> {
  /** Records that are no longer in the database, or whose row stays as it was published. */
  readonly done: readonly T[];
  /**
   * Primary key -> why that row has to be reverted first: it has a natural key that another row, whose update is reverted, gets back. It
   * could take the key only because of that update.
   */
  readonly displaced: ReadonlyMap<unknown, readonly RecordError[]>;
}

/**
 * @param run the run that accepted the records
 * @param kept primary keys of rows that stay, because others refer to them
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
  // a row that gets back its values may have referred to one that is deleted
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
 * Gives rows their values from before the run, where no other row has their natural keys now. Values are written as they were stored: another
 * program may have stored some that JavaScript would round, as long numbers in JSON, or microseconds. Of a run of an earlier version, that is
 * not known, and columns whose value in JavaScript is the same as before are left alone.
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
  // the last update is reverted first: it may have a key that an earlier one gets back
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

/** The properties, without those of the primary key, in which a row has another value now. */
function changedIn({ shape, table }: Target, current: Values, before: Values): string[] {
  const keys = table.bulk().primaryKey.properties;
  return shape.stored
    .filter((property) => !keys.includes(property.name) && differsIn(property, current, before))
    .map(({ name }) => name);
}

/**
 * In a database with an outbox, the rows with published events of other writers: from before the run, which found them unchanged, or from
 * after it. These rows stay as they are, because no event would report to consumers that they are gone.
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

/** Other rows that have a natural key of `values`, and the errors that name them. */
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
