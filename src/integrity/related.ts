/** Reads across databases: finds the rows that references point to. */
import type { EntityName } from '@mikro-orm/core';
import type { Column } from '../database/columns.ts';
import type { Database } from '../database/database.ts';
import { classNameOf, type ReferenceTarget, type TableDeclaration, tableNameOf } from '../database/declaration.ts';
import { isOwnRow } from '../database/discriminator.ts';
import { type Table, tableOf } from '../database/table.ts';
import type { Values } from '../database/values.ts';
import { MeridianError } from '../shared/errors.ts';

/** Options of {@link related}. */
export interface RelatedOptions<Target extends object = object> {
  /** The referenced entity. It determines the type of the result, and is checked against the declaration. */
  readonly to?: EntityName<Target>;
  /** The entity of the rows, such as `orders.order`. Needed if they are plain objects and several entities have such a reference. */
  readonly of?: string;
  /** Maximum number of keys per statement. */
  readonly batchKeys?: number;
}

/** Each row -> the row that it refers to; `undefined` if its reference is empty or dangling. */
export type RelatedRows<Row, Target> = ReadonlyMap<Row, Target | undefined>;

const BATCH_KEYS = 1000;

/**
 * Loads the rows of another database that rows refer to, as `em.populate()` does within one:
 *
 * ```ts
 * import { open, related } from 'meridian';
 * import { Customer, Shipment } from './entities.ts';
 * import config from './meridian.config.ts';
 *
 * const databases = await open(config);
 * const shipments = await databases.em('shipments').find(Shipment, { parcelId: 1 });
 * const customers = await related(databases, shipments, 'customerId', { to: Customer });
 * for (const shipment of shipments) {
 *   console.log(shipment.id, customers.get(shipment)?.name);
 * }
 * await databases.close();
 * ```
 *
 * Each key is looked up once, many of them in one statement, and compared as in the reference check: a UUID in any spelling and an integer
 * of any size find their row. The returned rows are entities of a fork of their database's EntityManager; rows with the same reference
 * share one.
 *
 * @param databases connected databases, including the referenced one
 * @param rows entities, or plain objects with their properties
 * @param property the reference, as declared in the config
 * @throws MeridianError `usage` if no such reference is declared, and `database` if the rows cannot be read
 */
export async function related<Row extends object, Target extends object = object>(
  databases: Iterable<Database>,
  rows: Iterable<Row>,
  property: keyof Row & string,
  options: RelatedOptions<Target> = {},
): Promise<RelatedRows<Row, Target>> {
  return relatedBy(databases, rows, property, options, findEntities<Target>);
}

/**
 * Like `related`, with a custom lookup.
 *
 * @param find returns the rows with some of the keys
 */
export async function relatedBy<Row extends object, Target extends object, Found extends object = Target>(
  databases: Iterable<Database>,
  rows: Iterable<Row>,
  property: keyof Row & string,
  options: RelatedOptions<Target>,
  find: (table: Table, keys: readonly unknown[]) => Promise<readonly FoundRow<Found>[]>,
): Promise<RelatedRows<Row, Found>> {
  const all = [...databases];
  const given = [...rows];
  const [first] = given;
  if (first === undefined) {
    return new Map();
  }
  const table = targetTable(all, first, property, options);
  const column = keyColumn(table, property);
  const keyOfRow = (row: Row) => textOf(canonical(column, row[property]));
  const keys = new Map(
    given
      .map((row) => canonical(column, row[property]))
      .filter((key) => key !== undefined)
      .map((key) => [textOf(key), key] as const),
  );
  const wanted = [...keys.values()];
  const batchKeys = options.batchKeys ?? BATCH_KEYS;
  const found = new Map<string, Found>();
  try {
    for (let start = 0; start < wanted.length; start += batchKeys) {
      for (const { row, shown } of await find(table, wanted.slice(start, start + batchKeys))) {
        if (isOwnRow(table.metadata, row)) {
          found.set(textOf(row[column.property]), shown);
        }
      }
    }
  } catch (error) {
    throw table.database.explain(error);
  }
  return new Map(given.map((row) => [row, found.get(keyOfRow(row))]));
}

/** A row by property names, and the object that represents it in the result. */
export interface FoundRow<Found> {
  readonly row: Values;
  readonly shown: Found;
}

async function findEntities<Target extends object>(
  table: Table,
  keys: readonly unknown[],
): Promise<readonly FoundRow<Target>[]> {
  const em = table.database.fork();
  const entity = table.declaration.entity as EntityName<Target>;
  const rows = await table.bulk().findByPrimaryKey(em, keys);
  return rows.map((row) => ({ row, shown: em.map(entity, toData(table, row) as never) as Target }));
}

/** The data from which MikroORM creates an entity: column name -> stored value. */
function toData(table: Table, row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    table.bulk().columns.map(({ property, name, toColumn }) => [name, toColumn(row[property])]),
  );
}

/** A key in the form that its column returns. */
function canonical({ toColumn, fromColumn }: Column, value: unknown): unknown {
  return (value ?? undefined) === undefined ? undefined : fromColumn(toColumn(value));
}

/** Empty if there is no key. */
function textOf(key: unknown): string {
  return key instanceof Date ? key.toISOString() : String(key ?? '');
}

/** @throws MeridianError `usage` for an entity without a single-property key */
function keyColumn(table: Table, property: string): Column {
  const { columns, primaryKey } = table.bulk();
  const [only, ...more] = columns.filter((column) => primaryKey.properties.includes(column.property));
  if (only === undefined || more.length > 0) {
    throw new MeridianError(
      'usage',
      `${property} refers to ${table.name}, whose rows are identified by ${primaryKey.properties.join(' and ')} together. One property refers to rows with one key property only.`,
    );
  }
  return only;
}

/** The table that the property of these rows refers to. */
function targetTable<Target extends object>(
  databases: readonly Database[],
  row: object,
  property: string,
  { of, to }: RelatedOptions<Target>,
): Table {
  const reference = oneReference(declaredReferences(databases, row, property, of), property, of);
  const database = databases.find(({ name }) => name === reference.database);
  if (database === undefined) {
    throw new MeridianError(
      'usage',
      `${property} refers to ${reference.database}.${reference.entity}, and the database ${reference.database} is not open. Open it as well.`,
    );
  }
  const table = tableOf(database, reference.entity);
  if (to !== undefined && database.orm.getMetadata().find(to) !== table.metadata) {
    throw new MeridianError(
      'usage',
      `${property} refers to ${table.metadata.className} (${table.name}), and not to ${classNameOf(to as EntityName<object>)}.`,
    );
  }
  return table;
}

interface DeclaredReference {
  readonly from: TableDeclaration;
  readonly target: ReferenceTarget;
}

/** The references with this name: of the named entity, else of the row's class, else of any entity. */
function declaredReferences(
  databases: readonly Database[],
  row: object,
  property: string,
  of: string | undefined,
): readonly DeclaredReference[] {
  const references = databases.flatMap((database) =>
    database.declaration.entities.flatMap((entity) => {
      const target = entity.references?.[property];
      const isOfClass = database.metadataOf(entity.entity).class === row.constructor;
      const from = { database: database.declaration, entity, name: `${database.name}.${entity.name}` };
      return target === undefined ? [] : [{ from, target, isOfClass }];
    }),
  );
  if (of !== undefined) {
    return references.filter(({ from }) => of === from.name || of === tableNameOf(from.database, from.entity.name));
  }
  const ofClass = references.filter(({ isOfClass }) => isOfClass);
  return ofClass.length > 0 ? ofClass : references;
}

/** @throws MeridianError `usage` if there is none, or there are several to different entities */
function oneReference(
  references: readonly DeclaredReference[],
  property: string,
  of: string | undefined,
): ReferenceTarget {
  const [first] = references;
  if (first === undefined) {
    throw new MeridianError(
      'usage',
      `No entity ${of === undefined ? 'of the open databases' : `${of} of the open databases`} declares a reference ${property}. Declare it in meridian.config: references: { ${property}: '<database>.<entity>' }.`,
    );
  }
  const other = references.find(
    ({ target }) => target.database !== first.target.database || target.entity !== first.target.entity,
  );
  if (other !== undefined) {
    throw new MeridianError(
      'usage',
      `${property} is a reference of ${first.from.name} and of ${other.from.name}, and they refer to different entities. Say which the rows are of: { of: '${first.from.name}' }.`,
    );
  }
  return first.target;
}
