/** The declaration of a database: what its entities do not say themselves. */
import type { EntityClass, EntitySchema } from '@mikro-orm/core';
import { MeridianError } from '../shared/errors.ts';

/** Properties whose values together belong to one row only, beside the primary key. */
export interface NaturalKey {
  readonly properties: readonly string[];
  /** Letters A–Z and a–z compare as equal; the columns must be declared with a collation that does the same. */
  readonly ignoreCase?: boolean;
  /** The key holds only for rows in which this property is null. */
  readonly onlyWithout?: string;
}

/** How a changed row becomes a change event: a row of the outbox, written in the same transaction. */
export interface OutboxMapping {
  /** The entity of the outbox. */
  readonly entity: EntityClass<object>;
  /**
   * @param row as it is after the change
   * @param run the run that writes it: the event is withheld until the run is verified; `null` for an event that is published at once
   */
  eventOf(row: Readonly<Record<string, unknown>>, run: string | null): Record<string, unknown>;
  /** The unpublished events of a run for the rows with these primary keys, as a condition of MikroORM's. */
  unpublishedEventsOf(run: string, keys: readonly unknown[]): Record<string, unknown>;
}

export interface DatabaseDeclaration<Name extends string = string> {
  /**
   * Plural and lower case: it names the option, the file, the tables of results and the environment variable. One of
   * several databases of a kind has a name of its own after a full stop: `invoices.north`.
   */
  readonly name: Name;
  /** The entity that is populated. */
  readonly entity: EntityClass<object>;
  /** The other entities of the database. */
  readonly others?: readonly EntityClass<object>[];
  /** Tables of the database that are not declared by a class, such as those of its loads. */
  readonly tables?: readonly EntitySchema[];
  /** How changes of the entity's rows are recorded in an outbox; without it, they are not. */
  readonly outboxMapping?: OutboxMapping;
  readonly naturalKeys?: readonly NaturalKey[];
  /** Property -> name of the database whose primary key it holds. */
  readonly references?: Readonly<Record<string, string>>;
  /** Whether a row need not point at anything any longer. */
  isExempt?(row: Readonly<Record<string, unknown>>): boolean;
  /** What to do when the database at its location belongs to the declaration of this name, in a sentence; `undefined` for no advice. */
  adviceAgainst?(owner: string): string | undefined;
  /** URLs that the database can have and that no engine here opens, to complete the sentence "Use sqlite:…, or postgresql://…". */
  readonly otherUrls?: string;
  /** The data that `populate` loads when it is given no files; a path from the project's root. */
  readonly sample?: string;
}

/** The name of a database's migrations, and the prefix of its own tables: `invoices` for `invoices.north`. */
export function migrationSet(database: string): string {
  return database.replace(/[.].*$/, '');
}

/**
 * The declarations with these names, in the order of the catalog; all of them if none is named.
 *
 * @param why appended to the sentence that says that there is none of that name
 * @throws MeridianError `usage`
 */
export function choose(
  catalog: readonly DatabaseDeclaration[],
  names: readonly string[],
  why = '',
): readonly DatabaseDeclaration[] {
  const unknown = names.filter((wanted) => !catalog.some(({ name }) => name === wanted));
  if (unknown.length > 0) {
    const there = catalog.map(({ name }) => name).join(', ');
    throw new MeridianError(
      'usage',
      `There is no database ${unknown.map((name) => `"${name}"`).join(', ')}${why}. There are ${there}.`,
    );
  }
  return names.length === 0 ? catalog : catalog.filter(({ name }) => names.includes(name));
}
