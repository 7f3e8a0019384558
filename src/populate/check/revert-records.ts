/** Takes records back out of a database: rows that this run inserted go, rows that it updated get back what they held. */
import type { EntityManager } from '../../database/database.ts';
import type { Values } from '../../database/values.ts';
import type { Outcome } from '../../loads/ledger.ts';
import type { RecordError } from '../../shared/rules/rules.ts';
import type { Target } from '../participant.ts';
import type { ColumnMap } from '../record/columns.ts';
import { deleteUnpublishedEvents, recordChangeEvents } from '../write/change-events.ts';
import { takenError } from '../write/classify.ts';
import { keyOf } from '../write/known-rows.ts';
import { FIRST_VERSION, nextVersion } from '../write/version.ts';

/** A record that went in, or was there already, with what is needed if it has to come out again. */
export interface Accepted {
  readonly number: number;
  readonly line: number;
  readonly record: unknown;
  /** The columns that its properties were read from, where they are named. */
  readonly map?: ColumnMap;
  readonly id: unknown;
  readonly outcome: Outcome;
  /** What its row held before it was updated. */
  readonly before: Values | null;
  /** Property -> the primary key that it holds of another database. */
  readonly references: Values;
}

export interface TakenOut<T> {
  readonly done: readonly T[];
  /**
   * Primary key -> why that row has to go first: it holds a natural key that another row, whose update is undone,
   * gets back. It could only take it because of that update.
   */
  readonly displaced: ReadonlyMap<unknown, readonly RecordError[]>;
}

/** @param run the one that let them in */
export async function takeOut<T extends Accepted>(
  one: Target,
  em: EntityManager,
  run: string,
  records: readonly T[],
): Promise<TakenOut<T>> {
  const { primaryKey } = one.shape;
  const { entity } = one.database.declaration;
  const done = records.filter(({ before }) => before === null);
  const told = await toldByOthers(one, em, records);
  const gone = done.filter(({ id }) => !told.has(id));
  await one.database.bulk().deleteByPrimaryKey(
    em,
    gone.map(({ id }) => id),
  );
  const restored: Values[] = [];
  const displaced = new Map<unknown, readonly RecordError[]>();
  // the last update is undone first: it may hold what an earlier one has to get back
  for (const record of records.filter(({ before }) => before !== null).reverse()) {
    if (told.has(record.id)) {
      done.push(record);
      continue;
    }
    const before = revive(one, record.before ?? {});
    const holders = await holdersOfKeys(one, em, before);
    for (const [id, errors] of holders) {
      displaced.set(id, errors);
    }
    if (holders.size === 0) {
      const { [primaryKey]: id, ...values } = before;
      await em.nativeUpdate(entity, { [primaryKey]: id }, values);
      restored.push(before);
      done.push(record);
    }
  }
  await deleteUnpublishedEvents(
    one.database,
    em,
    run,
    done.map(({ id }) => id),
  );
  // whoever took stock of everything meanwhile has left these rows out
  await recordChangeEvents(one.database, em, null, restored);
  return { done, displaced };
}

/**
 * Where changes are told of, the rows that have been told of by others: before the run, which found them as they should be,
 * or since. They stay as they are, for whoever has heard of them would not hear that they have gone.
 */
async function toldByOthers(
  { database, shape }: Target,
  em: EntityManager,
  records: readonly Accepted[],
): Promise<ReadonlySet<unknown>> {
  const { primaryKey, version } = shape;
  const told = new Set<unknown>();
  if (database.declaration.outboxMapping === undefined || version === undefined) {
    return told;
  }
  const rows = await database.bulk().findByPrimaryKey(
    em,
    records.map(({ id }) => id),
  );
  const versions = new Map(rows.map((row) => [row[primaryKey], row[version.name]]));
  for (const { id, outcome, before } of records) {
    const left = before === null ? FIRST_VERSION : nextVersion(before[version.name]);
    if (outcome === 'unchanged' || (versions.has(id) && versions.get(id) !== left)) {
      told.add(id);
    }
  }
  return told;
}

/** What was written down as JSON, in the types of the entity again. */
function revive({ shape }: Target, values: Values): Values {
  return Object.fromEntries(
    [...shape.properties, ...(shape.version === undefined ? [] : [shape.version])].map(({ name, coerce }) => [
      name,
      values[name] === null ? null : (coerce.from(values[name]) ?? values[name]),
    ]),
  );
}

/** Other rows that hold a natural key of `values`. */
async function holdersOfKeys(
  { database, shape }: Target,
  em: EntityManager,
  values: Values,
): Promise<Map<unknown, RecordError[]>> {
  const owner = values[shape.primaryKey];
  const holders = new Map<unknown, RecordError[]>();
  for (const key of database.uniqueKeys) {
    const text = keyOf(values, key);
    const rows = text === undefined ? [] : await database.bulk().find(em, [values], key);
    for (const row of rows) {
      const id = row[shape.primaryKey];
      if (id !== owner && keyOf(row, key) === text) {
        holders.set(id, [...(holders.get(id) ?? []), takenError(shape, row, key, owner)]);
      }
    }
  }
  return holders;
}
