/** Compares the columns of a file with the properties of the tables that it could be loaded into. */
import type { Table } from '../../database/table.ts';
import { messageOf } from '../../shared/errors.ts';
import { looseName, loosePath } from '../../shared/text/column-name.ts';
import { type ColumnMap, Columns } from '../record/columns.ts';
import { type EntityShape, shapeOf } from '../record/shape.ts';

export interface Fit {
  /** The name of the table. */
  readonly table: string;
  /** Property -> its column. */
  readonly matched: ReadonlyMap<string, string>;
  /** Properties that need a column, and have none. */
  readonly missing: readonly string[];
  /** Properties that can do without a column, and have none. */
  readonly absent: readonly string[];
  /** Columns that no property takes. */
  readonly unknown: readonly string[];
  /** What is wrong with the columns, in a clause: two fit one property. */
  readonly problem?: string;
  readonly shape: EntityShape;
}

/** A file that lacks nothing that the table needs. */
export function isLoadable({ matched, missing, problem }: Fit): boolean {
  return matched.size > 0 && missing.length === 0 && problem === undefined;
}

/**
 * The best one first; none of them has no column in common with the file.
 *
 * @param file its name, which speaks for a table where the columns do not
 * @param maps table -> the columns of properties, as given with --map
 */
export function fitsOf(
  file: string,
  columns: readonly string[],
  tables: readonly Table[],
  maps: Readonly<Record<string, ColumnMap>>,
): Fit[] {
  const fits = tables.map((table) => fitOf(columns, table, maps[table.name]));
  const isNamed = ({ table }: Fit) =>
    Number(loosePath(file).includes(loosePath(table.slice(table.indexOf('.') + 1).replace(/s$/, ''))));
  return fits
    .filter(({ matched, problem }) => matched.size > 0 || problem !== undefined)
    .sort(
      (a, b) =>
        Number(isLoadable(b)) - Number(isLoadable(a)) ||
        b.matched.size - a.matched.size ||
        a.missing.length - b.missing.length ||
        isNamed(b) - isNamed(a),
    );
}

function fitOf(columns: readonly string[], table: Table, map: ColumnMap | undefined): Fit {
  const shape = shapeOf(table.metadata, table.database.engine.storage, table.uniqueKeys);
  const assigned = assignedIn(shape, columns, map);
  const matched = typeof assigned === 'string' ? new Map<string, string>() : assigned;
  const taken = new Set(matched.values());
  // an object of JSON holds the members of an embedded one
  const isObject = (column: string) => shape.properties.some(({ label }) => isWithin(label, column));
  const without = shape.properties.filter(
    ({ name, label }) => !matched.has(name) && !columns.some((column) => isWithin(label, column)),
  );
  return {
    table: table.name,
    matched,
    missing: without.filter(({ required }) => required).map(({ name }) => name),
    absent: without.filter(({ required }) => !required).map(({ name }) => name),
    unknown: columns.filter((column) => !taken.has(column) && !isObject(column)),
    ...(typeof assigned === 'string' ? { problem: assigned } : {}),
    shape,
  };
}

function assignedIn(shape: EntityShape, columns: readonly string[], map: ColumnMap | undefined) {
  try {
    return new Columns(shape, map).assign(columns);
  } catch (error) {
    return messageOf(error);
  }
}

function isWithin(label: string, column: string): boolean {
  return looseName(label).startsWith(`${looseName(column)}.`);
}
