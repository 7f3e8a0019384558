/** The declaration of a database: what its entities do not say themselves. */
import type { EntityClass, EntityName } from '@mikro-orm/core';
import type { Options } from '@mikro-orm/sql';
import { MeridianError } from '../shared/errors.ts';
import type { DatabaseLocation } from './location.ts';
import type { OwnTables } from './own-tables.ts';

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

/** The entity of a database whose primary key a property of another database's entity holds. */
export interface ReferenceTarget {
  readonly database: string;
  readonly entity: string;
}

/** An entity that files are loaded into. */
export interface EntityDeclaration {
  /** Singular and lower case; unique in its database. */
  readonly name: string;
  /** A class, an `EntitySchema`, or what `defineEntity` returns. */
  readonly entity: EntityName<object>;
  readonly naturalKeys?: readonly NaturalKey[];
  /** Property -> what its values refer to. */
  readonly references?: Readonly<Record<string, ReferenceTarget>>;
  /** How changes of its rows are recorded in an outbox; without it, they are not. */
  readonly outboxMapping?: OutboxMapping;
  /** Whether a row need not point at anything any longer. */
  isExempt?(row: Readonly<Record<string, unknown>>): boolean;
  /** The absolute path of the file that `populate` loads when it is given none. */
  readonly sample?: string;
}

/** What a database is called and what it holds: {@link declare} makes it of what a config says. */
export interface DatabaseDeclaration<Name extends string = string> {
  /**
   * Plural and lower case: it names the file, the tables of results and the environment variable. One of several databases of a
   * kind has a name of its own after a full stop: `invoices.north`.
   */
  readonly name: Name;
  /** The entities that files are loaded into, parents before the children that have a foreign key to them. */
  readonly entities: readonly EntityDeclaration[];
  /** The other entities of the database. */
  readonly others?: readonly EntityName<object>[];
  /** Meridian's own tables that the database needs, beside the one that says whose it is. */
  readonly own?: readonly OwnTables[];
  /** The MikroORM options of the project, below those that Meridian sets. Its migrations are those that these name, if they name any. */
  readonly orm?: Options;
  /** Where the project says that the database is; its URL variable wins. */
  readonly location?: DatabaseLocation;
  /** The folder of the project: `migrations/<database>/<engine>/` is below it. Without it, the migrations are Meridian's own. */
  readonly root?: string;
  /** What to do when the database at its location belongs to the declaration of this name, in a sentence; `undefined` for no advice. */
  adviceAgainst?(owner: string): string | undefined;
  /** URLs that the database can have and that no engine here opens, to complete the sentence "Use sqlite:…, or postgresql://…". */
  readonly otherUrls?: string;
}

/**
 * The declaration of a database with one entity that files are loaded into, which is named after its class.
 *
 * @internal exported for tests
 */
export function withOneEntity<Name extends string>({
  name,
  others,
  ...entity
}: Pick<DatabaseDeclaration<Name>, 'name' | 'others'> & Omit<EntityDeclaration, 'name'>): DatabaseDeclaration<Name> {
  return {
    name,
    entities: [{ name: classNameOf(entity.entity).toLowerCase(), ...entity }],
    ...(others === undefined ? {} : { others }),
  };
}

/** The name of an entity's class, also where it is declared by an `EntitySchema`. */
export function classNameOf(entity: EntityName<object>): string {
  return 'meta' in entity ? (entity.meta as { readonly className: string }).className : entity.name;
}

/** The name of an entity's table in options, reports and file names: `invoices`, or `parcels.depot` where the database has several. */
export function tableNameOf(
  { name, entities }: Pick<DatabaseDeclaration, 'name' | 'entities'>,
  entity: string,
): string {
  return entities.length === 1 ? name : `${name}.${entity}`;
}

/** The class of an entity, also where an `EntitySchema` declares it: what is the same for both. */
export function classOf(entity: EntityName<object>): unknown {
  return 'meta' in entity ? ((entity.meta as { readonly class?: unknown }).class ?? entity) : entity;
}

/** The declaration of a table. */
export interface TableDeclaration {
  readonly database: DatabaseDeclaration;
  readonly entity: EntityDeclaration;
  readonly name: string;
}

/** Every table that files can be loaded into, in the order of the catalog. */
export function allTables(catalog: readonly DatabaseDeclaration[]): TableDeclaration[] {
  return catalog.flatMap((database) =>
    database.entities.map((entity) => ({ database, entity, name: tableNameOf(database, entity.name) })),
  );
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
