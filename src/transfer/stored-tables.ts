/** Reads the tables of a database, including Meridian's own, with all their rows. */
import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { BulkTable } from '../database/bulk.ts';
import type { Column, Row } from '../database/columns.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { ownRowsCondition } from '../database/discriminator.ts';
import { tableIdOf } from '../database/table-id.ts';
import { MeridianError } from '../shared/errors.ts';
import { parseJson } from '../shared/json/parse.ts';
import { inexactIn } from './inexact.ts';

export interface StoredTable {
  /** The name in the database. */
  readonly name: string;
  readonly metadata: EntityMetadata;
  readonly bulk: BulkTable;
  readonly foreignKeys: readonly ForeignKey[];
}

/** A property that holds a foreign key. */
interface ForeignKey {
  readonly property: string;
  /** The table that it refers to. */
  readonly target: string;
  readonly isNullable: boolean;
}

/** Some rows in primary key order. */
export interface Page {
  /** Property -> value. */
  readonly rows: readonly Row[];
  /** The last row's primary key, as returned by the driver, for reading the next page. */
  readonly last: readonly unknown[];
}

/** Number of rows to read at a time. */
const PAGE_ROWS = 1000;

/** @throws MeridianError `usage` for a column without a property */
export function storedTable(database: Database, metadata: EntityMetadata): StoredTable {
  const table = {
    name: tableIdOf(metadata),
    metadata,
    bulk: database.bulk(metadata.class),
    foreignKeys: foreignKeysOf(metadata),
  };
  const missing = metadata.props.find((property) => isStored(property) && !isIn(table.bulk.columns, property));
  if (missing !== undefined) {
    throw new MeridianError(
      'usage',
      `${database.name}: ${metadata.className}.${missing.name} is of a kind whose values cannot be read one by one (${missing.kind}).`,
    );
  }
  return table;
}

/** All tables, parents before the children that have a foreign key to them. */
export function storedTables(database: Database): StoredTable[] {
  const all = [...database.orm.getMetadata()].filter(
    ({ abstract, embeddable, virtual, tableName, root, name, discriminatorColumn }) =>
      // the root entity of single-table inheritance has all columns of the table, even if it is abstract
      (!abstract || discriminatorColumn !== undefined) &&
      !embeddable &&
      !virtual &&
      tableName !== undefined &&
      (root === undefined || root.name === name),
  );
  const byTable = new Map(all.map((metadata) => [tableIdOf(metadata), metadata as EntityMetadata]));
  return parentsFirst([...byTable.values()]).map((metadata) => storedTable(database, metadata));
}

function foreignKeysOf(metadata: EntityMetadata): ForeignKey[] {
  return metadata.props.filter(isForeignKey).map(({ name, targetMeta, nullable }) => ({
    property: name,
    target: targetMeta === undefined ? '' : tableIdOf(targetMeta),
    isNullable: nullable === true,
  }));
}

function parentsFirst(all: readonly EntityMetadata[]): EntityMetadata[] {
  const sorted: EntityMetadata[] = [];
  const visited = new Set<EntityMetadata>();
  const visit = (metadata: EntityMetadata) => {
    if (visited.has(metadata)) {
      return;
    }
    visited.add(metadata);
    for (const { target } of foreignKeysOf(metadata)) {
      all.filter((one) => tableIdOf(one) === target).forEach(visit);
    }
    sorted.push(metadata);
  };
  all.forEach(visit);
  return sorted;
}

function isForeignKey({ kind, owner, persist }: EntityProperty): boolean {
  const isOwner = kind === ReferenceKind.MANY_TO_ONE || (kind === ReferenceKind.ONE_TO_ONE && owner === true);
  return isOwner && persist !== false;
}

/** Whether a table has a writable column for the property. */
function isStored(property: EntityProperty): boolean {
  const { kind, persist, generated, formula } = property;
  const hasColumn = kind === ReferenceKind.SCALAR || isForeignKey(property);
  return hasColumn && persist !== false && !generated && !formula;
}

function isIn(columns: readonly Column[], property: EntityProperty): boolean {
  return property.fieldNames.every((name) => columns.some((column) => column.name === name));
}

/**
 * All rows of an entity in primary key order, as seen by the transaction of `em`.
 *
 * @param after the `last` of an earlier page
 */
export async function* pagesOf(
  em: EntityManager,
  database: Database,
  { metadata, bulk }: StoredTable,
  { after, pageRows = PAGE_ROWS }: { readonly after?: readonly unknown[]; readonly pageRows?: number } = {},
): AsyncGenerator<Page> {
  const quote = (name: string) => em.getPlatform().quoteIdentifier(name);
  const keys = bulk.columns.filter(({ property }) => metadata.primaryKeys.some((key) => key === property));
  const stored = (name: string) => `stored.${quote(name)}`;
  // qualified columns: a name alone would refer to the selected text of a bigint
  const order = keys.map(({ name }) => stored(name)).join(', ');
  const table = sql.raw(database.quotedTable(metadata));
  const wanted = sql.raw(
    [
      ...bulk.columns.map((column) => `${selected(column, database, stored)} as ${quote(column.name)}`),
      ...keys.filter(isTime).map(({ name }) => `cast(${stored(name)} as text) as ${quote(wholeTime(name))}`),
    ].join(', '),
  );
  const valuesOf = rowReader(database, { metadata, bulk });
  const own = sql.raw(ownRowsCondition(metadata, stored) ?? 'true');
  for (let last = after; ; ) {
    const isFurther = last === undefined ? sql`true` : sql`(${sql.raw(order)}) > (${sql.join(last)})`;
    const where = sql`where ${own} and ${isFurther}`;
    const query = sql<Row>`select ${wanted} from ${table} as stored ${where} order by ${sql.raw(order)} limit ${sql.lit(pageRows)}`;
    const { rows } = await query.execute(em.getKysely<unknown>());
    const final = rows.at(-1);
    if (final === undefined) {
      return;
    }
    last = keys.map((key) => final[isTime(key) ? wholeTime(key.name) : key.name]);
    yield { rows: valuesOf(rows), last };
  }
}

/** Selects JSON as text, in which numbers keep all digits. */
function selected(column: Column, { engine }: Database, stored: (name: string) => string): string {
  const expression = stored(column.name);
  return column.kind === 'json' ? `cast(${expression} as text)` : engine.rows.read(column, expression);
}

function isTime({ kind }: Column): boolean {
  return kind === 'instant';
}

/** The column with all digits of a time: the driver cuts it to milliseconds, so the next page would start with the same row. */
function wholeTime(name: string): string {
  return `${name} as text`;
}

/** Maximum number of rows that an error names. */
const MAX_NAMED = 5;

/** @returns a function that throws MeridianError `database` for rows with values that an entity cannot represent */
function rowReader(
  database: Database,
  { metadata, bulk }: Pick<StoredTable, 'metadata' | 'bulk'>,
): (rows: readonly Row[]) => Row[] {
  const parsesJson = database.orm.em.getPlatform().convertsJsonAutomatically();
  return (rows) => {
    const problems: string[] = [];
    const read = rows.map((row) => {
      const values: Record<string, unknown> = {};
      const inexact: string[] = [];
      for (const column of bulk.columns) {
        const { property, name, kind, fromColumn } = column;
        const stored = row[name];
        values[property] = fromColumn(
          kind === 'json' && parsesJson && typeof stored === 'string' ? parseJson(stored) : stored,
        );
        const problem = inexactIn(column, stored, values[property]);
        if (problem !== undefined) {
          inexact.push(`${property} ${problem}`);
        }
      }
      problems.push(...inexact.map((one) => `${rowName(metadata, values)}: ${one}`));
      return values;
    });
    if (problems.length > 0) {
      throw new MeridianError(
        'database',
        `${database.name}: rows of ${tableIdOf(metadata)} hold values that would be changed: ${problems.slice(0, MAX_NAMED).join('; ')}. Change these rows, or the types of their properties, and run the same command again.`,
      );
    }
    return read;
  };
}

/** Names a row by its key, for messages. */
export function rowName({ primaryKeys }: EntityMetadata, row: Row): string {
  return primaryKeys.map((name) => `${name} ${shown(row[name])}`).join(', ');
}

function shown(value: unknown): string {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : String(value);
}
