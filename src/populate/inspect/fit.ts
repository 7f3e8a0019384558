/** Matches the columns of a file with the properties of tables that it could be loaded into. */
import type { Table } from '../../database/table.ts';
import { messageOf } from '../../shared/errors.ts';
import { loosePath } from '../../shared/text/column-name.ts';
import { type ColumnMap, Columns } from '../record/columns.ts';
import { type EntityShape, shapeOf } from '../record/shape.ts';

export interface Fit {
  /** The table's name. */
  readonly table: string;
  /** Property -> its column. */
  readonly matched: ReadonlyMap<string, string>;
  /** Required properties without a column. */
  readonly missing: readonly string[];
  /** Optional properties without a column. */
  readonly absent: readonly string[];
  /** Columns without a property. */
  readonly unknown: readonly string[];
  /** A problem of the columns, as a clause: two match one property. */
  readonly problem?: string;
  readonly shape: EntityShape;
}

/** Whether a file has everything that the table requires. */
export function isLoadable({ matched, missing, problem }: Fit): boolean {
  return matched.size > 0 && missing.length === 0 && problem === undefined;
}

/**
 * Fits with at least one common column, the best first.
 *
 * @param file its name, which decides between tables with equally good columns
 * @param structure a record with all keys of the file
 * @param maps table -> the columns of properties, as given with --map
 */
export function fitsOf(
  file: string,
  structure: Readonly<Record<string, unknown>>,
  tables: readonly Table[],
  maps: Readonly<Record<string, ColumnMap>>,
): Fit[] {
  const fits = tables.map((table) => fitOf(structure, table, maps[table.name]));
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

function fitOf(structure: Readonly<Record<string, unknown>>, table: Table, map: ColumnMap | undefined): Fit {
  const shape = shapeOf(table.metadata, table.database.engine.storage, table.uniqueKeys);
  const columns = Object.keys(shape.embedded?.flatten(structure) ?? structure);
  const assigned = assignedIn(shape, columns, map);
  const matched = typeof assigned === 'string' ? new Map<string, string>() : assigned;
  const taken = new Set(matched.values());
  const without = shape.properties.filter(({ name }) => !matched.has(name));
  return {
    table: table.name,
    matched,
    missing: without.filter(({ required }) => required).map(({ name }) => name),
    absent: without.filter(({ required }) => !required).map(({ name }) => name),
    unknown: columns.filter((column) => !taken.has(column)),
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
