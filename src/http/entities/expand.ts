/** Expands the references of rows to the rows of other databases, each of which is read once. */
import { withExactJson } from '../../database/exact-json.ts';
import type { Table } from '../../database/table.ts';
import type { Values } from '../../database/values.ts';
import { type FoundRow, relatedBy } from '../../integrity/related.ts';
import type { OpenDatabases } from '../databases.ts';
import { representationOf } from './representation.ts';
import { type Resource, resourceOf } from './resource.ts';

/** Property -> the row that it refers to; `null` for a reference that is null or dangling. */
export type Expanded = Readonly<Record<string, Record<string, unknown> | null>>;

/** @returns the expanded references of each row, in the order of the rows */
export async function expandRows(
  databases: OpenDatabases,
  { database, table }: Resource,
  rows: readonly Values[],
  properties: readonly string[],
): Promise<readonly Expanded[]> {
  const found = await Promise.all(
    properties.map(async (property) => {
      const reference = table.declaration.references?.[property] as { database: string; entity: string };
      const target = resourceOf(await databases.open(reference.database), reference.entity);
      const of = `${database.name}.${table.declaration.name}`;
      const targets = await relatedBy([database, target.database], rows, property, { of }, findRows);
      const shown = (row: Values) => {
        const one = targets.get(row);
        return one === undefined ? null : representationOf(target.shape, one);
      };
      return [property, shown] as const;
    }),
  );
  return rows.map((row) => Object.fromEntries(found.map(([property, shown]) => [property, shown(row)])));
}

/** Finds rows, with their JSON exactly as stored, as in all responses. */
async function findRows(table: Table, keys: readonly unknown[]): Promise<readonly FoundRow<Values>[]> {
  const bulk = table.bulk();
  const rows = await bulk.findByPrimaryKey(table.database.fork(), keys, withExactJson(table.metadata, bulk.columns));
  return rows.map((row) => ({ row, shown: row }));
}
