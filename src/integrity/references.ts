/** The check of references between databases, which no foreign key can span. */
import type { Database, EntityManager } from '../database/database.ts';
import type { Values } from '../database/values.ts';
import type { RecordError } from '../shared/rules/rules.ts';

export interface ConnectedDatabase {
  readonly database: Database;
  readonly em: EntityManager;
}

export interface Reference {
  /** The property with the reference. */
  readonly property: string;
  /** The database that it refers to. */
  readonly target: ConnectedDatabase;
}

/** Property -> keys that do not exist in its target. */
export type MissingKeys = ReadonlyMap<string, Pick<ReadonlySet<unknown>, 'has'>>;

/** The references of a database, to targets among `databases`. */
export function referencesOf(
  { declaration }: Database,
  databases: ReadonlyMap<string, ConnectedDatabase>,
): readonly Reference[] {
  return Object.entries(declaration.references ?? {}).flatMap(([property, name]) => {
    const target = databases.get(name);
    return target === undefined ? [] : [{ property, target }];
  });
}

/** @returns those of the primary keys that no row of the database has */
export async function missingKeys({ database, em }: ConnectedDatabase, keys: readonly unknown[]): Promise<unknown[]> {
  try {
    return await database.bulk().missing(em, keys);
  } catch (error) {
    throw database.explain(error);
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
      ? [{ property, code: 'reference', message: `${target.database.metadata.className} ${key} does not exist` }]
      : [];
  });
}
