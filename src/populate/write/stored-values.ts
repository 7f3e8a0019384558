/** The values of updated rows before the update, as the database stores them, so that reverting the updates loses no digit. */
import type { EntityManager } from '../../database/database.ts';
import { inStoredForm, isRespelled } from '../../database/stored-form.ts';
import type { Table } from '../../database/table.ts';
import type { Values } from '../../database/values.ts';
import type { EntityShape } from '../record/shape.ts';

/** @returns primary key -> property -> stored value; nothing for an entity whose values JavaScript represents exactly */
export async function storedValuesOf(
  table: Table,
  shape: EntityShape,
  em: EntityManager,
  rows: readonly Values[],
): Promise<ReadonlyMap<unknown, Values>> {
  const bulk = table.bulk();
  const { primaryKey } = bulk;
  const isKey = (name: string) => primaryKey.properties.includes(name);
  const { properties, version } = shape;
  const written = new Set([...properties, ...(version === undefined ? [] : [version])].map(({ name }) => name));
  const respelled = bulk.columns.filter(
    (column) => isRespelled(column) && written.has(column.property) && !isKey(column.property),
  );
  if (respelled.length === 0 || rows.length === 0) {
    return new Map();
  }
  const keys = bulk.columns.filter(({ property }) => isKey(property));
  const ids = rows.map((row) => primaryKey.of(row));
  const found = await bulk.findByPrimaryKey(em, ids, [...keys, ...respelled.map(inStoredForm)]);
  return new Map(
    found.map((row) => {
      const values = respelled.map(({ property }) => [property, row[property]] as const);
      return [primaryKey.of(row), Object.fromEntries(values.filter(([, value]) => isOfJson(value)))];
    }),
  );
}

/** Bytes, and infinite numbers, are kept in their JavaScript form. */
function isOfJson(value: unknown): boolean {
  return typeof value === 'string' || Number.isFinite(value);
}
