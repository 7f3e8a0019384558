/** The check of references between databases, which no foreign key can span. */
import type { EntityManager } from '../database/database.ts';
import type { Table } from '../database/table.ts';
import type { Values } from '../database/values.ts';
import type { RecordError } from '../shared/rules/rules.ts';

export interface ConnectedTable {
  readonly table: Table;
  readonly em: EntityManager;
}

export interface Reference {
  /** The property with the reference. */
  readonly property: string;
  /** The table that it refers to. */
  readonly target: ConnectedTable;
}

/** Property -> keys that do not exist in its target. */
export type MissingKeys = ReadonlyMap<string, Pick<ReadonlySet<unknown>, 'has'>>;

/** The references of a table to those of `tables`. */
export function referencesOf({ declaration }: Table, tables: readonly ConnectedTable[]): readonly Reference[] {
  return Object.entries(declaration.references ?? {}).flatMap(([property, { database, entity }]) => {
    const target = tables.find(({ table }) => table.database.name === database && table.declaration.name === entity);
    return target === undefined ? [] : [{ property, target }];
  });
}

/** Whether a table has a reference to another one. */
export function refersTo({ declaration }: Table, target: Table): boolean {
  return Object.values(declaration.references ?? {}).some(
    ({ database, entity }) => database === target.database.name && entity === target.declaration.name,
  );
}

/** @returns those of the primary keys that no row of the table has */
export async function missingKeys({ table, em }: ConnectedTable, keys: readonly unknown[]): Promise<unknown[]> {
  try {
    return await table.bulk().missing(em, keys);
  } catch (error) {
    throw table.database.explain(error);
  }
}

/** An error for each reference of a record whose key does not exist: "User 10 does not exist" */
export function referenceErrors(
  references: readonly Reference[],
  values: Readonly<Values>,
  missing: MissingKeys,
): RecordError[] {
  return references.flatMap(({ property, target }) => {
    const key = values[property] ?? undefined;
    return key !== undefined && missing.get(property)?.has(key)
      ? [{ property, code: 'reference', message: `${target.table.metadata.className} ${key} does not exist` }]
      : [];
  });
}
