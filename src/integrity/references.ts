/** The check of references between databases, which no foreign key can span. */
import type { Database, EntityManager } from '../database/database.ts';
import type { Values } from '../database/values.ts';
import type { RecordError } from '../shared/rules/rules.ts';

export interface ConnectedDatabase {
  readonly database: Database;
  readonly em: EntityManager;
}

export interface Reference {
  /** The property that holds the reference. */
  readonly property: string;
  /** The database whose primary key it holds. */
  readonly target: ConnectedDatabase;
}

/** Property -> keys that its target does not hold. */
export type MissingKeys = ReadonlyMap<string, Pick<ReadonlySet<unknown>, 'has'>>;

/** The references of a database, as far as their targets are among `databases`. */
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

/** An error for each reference of a record whose target does not hold its key: "User 10 does not exist" */
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
