/** Writes the rows of decided records, and their change events. */
import type { EntityManager } from '../../database/database.ts';
import type { Refusal } from '../../database/refusal.ts';
import type { Table } from '../../database/table.ts';
import type { Values } from '../../database/values.ts';
import type { EntityShape } from '../record/shape.ts';
import { recordChangeEvents, withStoredJson } from './change-events.ts';
import { type Decision, over, without } from './classify.ts';
import { RowRefused } from './savepoint.ts';
import { storedValuesOf } from './stored-values.ts';
import { FIRST_VERSION, nextVersion } from './version.ts';

interface Update {
  /** The values of the record, its new version, and the values that the entity sets on every update. */
  readonly row: Values;
  readonly before: Values;
}

const OMITTED: Refusal = { kind: 'omitted', text: 'the database skipped a row' };

export interface Rows {
  readonly table: Table;
  readonly shape: EntityShape;
  /** The run that writes them, whose verification releases their events; `null` to release them at once. */
  readonly run: string | null;
}

export function hasRows(decisions: readonly Decision[]): boolean {
  return decisions.some(({ outcome }) => outcome === 'inserted' || outcome === 'updated');
}

/**
 * Inserts rows in order, until the database rejects one.
 *
 * @returns how many were inserted; `undefined`, without any change, if only a savepoint could keep the rows before a rejected one
 */
export async function insertUntilRefused(
  { table }: Rows,
  em: EntityManager,
  inserts: readonly Values[],
): Promise<number | undefined> {
  // events are inserted together, and are lost with a rejected one
  return table.declaration.outboxMapping === undefined ? table.bulk().insertUntilRefused(em, inserts) : undefined;
}

/** @throws RowRefused if the database skips a row, or its own error if it rejects one */
export async function insertRows(rows: Rows, em: EntityManager, inserts: readonly Values[]): Promise<void> {
  if (inserts.length > 0) {
    refuseSkipped(await rows.table.bulk().insert(em, inserts), inserts.length);
  }
  await recordChanges(rows, em, inserts, []);
}

/**
 * The same in one statement that includes a savepoint.
 *
 * @returns whether the rows were inserted; if not, nothing was changed
 */
export async function insertRowsInSavepoint(
  { table }: Rows,
  em: EntityManager,
  inserts: readonly Values[],
  savepoint: string,
): Promise<boolean> {
  // change events have to be within the same savepoint
  return table.declaration.outboxMapping === undefined && table.bulk().insertInSavepoint(em, inserts, savepoint);
}

/**
 * Updates come first: they may release a unique key that an insert of the same batch takes; an insert releases none.
 *
 * @returns primary key of an updated row -> its values before the update, as they are stored
 * @throws RowRefused if the database skips a row, or its own error if it rejects one
 */
export async function writeRows(
  rows: Rows,
  em: EntityManager,
  entities: readonly Values[],
  decisions: readonly Decision[],
): Promise<ReadonlyMap<unknown, Values>> {
  const { table, shape } = rows;
  const inserts: Values[] = [];
  const updates: Update[] = [];
  for (const [index, entity] of entities.entries()) {
    const { outcome, record = entity, row = record, before = {}, deferred } = decisions[index] as Decision;
    if (outcome === 'inserted') {
      inserts.push(row);
    } else if (outcome === 'updated') {
      const given = without(record, deferred, undefined);
      updates.push({ row: raised(shape, shape.defaults.updated(em, given, before), before), before });
    }
  }
  const stored = await storedValuesOf(
    table,
    shape,
    em,
    updates.map(({ before }) => before),
  );
  await updateRows(table, shape, em, updates);
  if (inserts.length > 0) {
    refuseSkipped(await table.bulk().insert(em, inserts), inserts.length);
  }
  await recordChanges(rows, em, inserts, updates);
  return stored;
}

function raised({ version }: EntityShape, row: Values, before: Values): Values {
  return version === undefined ? row : { ...row, [version.name]: nextVersion(before[version.name]) };
}

async function recordChanges(
  { table, shape, run }: Rows,
  em: EntityManager,
  inserts: readonly Values[],
  updates: readonly Update[],
): Promise<void> {
  if (table.declaration.outboxMapping === undefined) {
    return;
  }
  const first = shape.version === undefined ? {} : { [shape.version.name]: FIRST_VERSION };
  const updated = updates.map(({ row, before }) => over(before, row));
  await recordChangeEvents(table, em, run, [
    ...inserts.map((row) => ({ ...row, ...first })),
    ...(await withStoredJson(table, em, updated)),
  ]);
}

/** Rows that change a unique key are updated one by one in order, because one may take the key that another has released. */
export async function updateRows(
  table: Table,
  shape: EntityShape,
  em: EntityManager,
  updates: readonly Update[],
): Promise<void> {
  const inKeys = table.uniqueKeys.flatMap(({ properties, onlyWithout }) => [...properties, onlyWithout ?? '']);
  const groups = Map.groupBy(updates.entries(), ([index, { row, before }]) => {
    const given = givenIn(shape, row);
    const isAlone = given.some((name) => inKeys.includes(name) && row[name] !== before[name]);
    return isAlone ? index : given.join();
  });
  for (const group of groups.values()) {
    const rows = group.map(([, { row }]) => row);
    refuseSkipped(await table.bulk().update(em, rows, givenIn(shape, rows[0] as Values)), rows.length);
  }
}

/** The properties that a record supplies; the others keep their values. */
function givenIn({ primaryKey, properties, version }: EntityShape, row: Values): string[] {
  const names = [...properties, ...(version === undefined ? [] : [version])].map(({ name }) => name);
  return names.filter((name) => !primaryKey.properties.includes(name) && row[name] !== undefined);
}

function refuseSkipped(written: number, given: number): void {
  if (written !== given) {
    throw new RowRefused(OMITTED);
  }
}
