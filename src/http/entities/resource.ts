/** An entity of the API: its table, the shape of its records, and the properties that lists may use. */

import type { Database } from '../../database/database.ts';
import type { DatabaseDeclaration, EntityDeclaration } from '../../database/declaration.ts';
import { RowReader } from '../../database/row-reader.ts';
import { type Table, tableOf } from '../../database/table.ts';
import { Columns } from '../../populate/record/columns.ts';
import { type EntityShape, shapeOf } from '../../populate/record/shape.ts';
import { suggestion } from '../../shared/text/suggest.ts';
import { shown } from '../../shared/text/visible.ts';
import type { OpenDatabases } from '../databases.ts';
import { Problem } from '../problem.ts';
import { isLeftOut } from './hidden.ts';
import { indexedProperties, prefixProperties } from './indexed.ts';

export interface Resource {
  readonly database: Database;
  readonly table: Table;
  readonly shape: EntityShape;
  readonly columns: Columns;
  /** Reads rows as they are stored. */
  readonly reader: RowReader;
  /** Properties that are the first of an index. */
  readonly indexed: readonly string[];
  /** The references to other databases that can be followed. */
  readonly expandable: readonly string[];
  /** The indexed text properties, which lists can search by prefix. */
  readonly prefixed: readonly string[];
  /** Its path, such as `/api/databases/users/user`. */
  readonly path: string;
}

const made = new WeakMap<Database, Map<string, Resource>>();

/**
 * @returns the resource, synchronously where the database is open @throws Problem 404 for a database or an entity that is not in the
 * configuration
 */
export function openResource(databases: OpenDatabases, database: string, entity: string): Resource | Promise<Resource> {
  const { name } = entityCalled(databases.declarationOf(database), entity);
  const opened = databases.opened(database);
  return opened === undefined
    ? databases.open(database).then((found) => resourceOf(found, name))
    : resourceOf(opened, name);
}

/** Returns the same object each time. */
export function resourceOf(database: Database, entity: string): Resource {
  let resources = made.get(database);
  if (resources === undefined) {
    resources = new Map();
    made.set(database, resources);
  }
  let resource = resources.get(entity);
  if (resource === undefined) {
    resource = makeResource(database, entity);
    resources.set(entity, resource);
  }
  return resource;
}

export function resourcePath(database: string, entity: string): string {
  return `/api/databases/${database}/${entity}`;
}

function makeResource(database: Database, entity: string): Resource {
  const table = tableOf(database, entity);
  const shape = shapeOf(table.metadata, database.engine.storage, table.uniqueKeys);
  const hidden = new Set(shape.stored.filter((one) => isLeftOut(shape, one)).map(({ name }) => name));
  const indexed = indexedProperties(table).filter((name) => !hidden.has(name));
  return {
    database,
    table,
    shape,
    columns: new Columns(shape),
    reader: new RowReader(database, table.declaration.entity),
    indexed,
    expandable: Object.keys(table.declaration.references ?? {}).filter((name) => !hidden.has(name)),
    prefixed: prefixProperties(table, indexed),
    path: resourcePath(database.name, entity),
  };
}

function entityCalled({ name: database, entities }: DatabaseDeclaration, name: string): EntityDeclaration {
  const found = entities.find((one) => one.name === name);
  if (found === undefined) {
    const names = entities.map((one) => one.name);
    const advice = names.length === 0 ? 'It has none that the API serves.' : suggestion(name, names);
    throw new Problem(404, 'unknown', `The database ${database} has no entity "${shown(name)}". ${advice}`);
  }
  return found;
}
