/** The declaration of a database, with what its entities do not declare themselves. */
import type { EntityClass, EntityName } from '@mikro-orm/core';
import type { Options } from '@mikro-orm/sql';
import { MeridianError } from '../shared/errors.ts';
import type { DatabaseLocation } from './location.ts';
import type { OwnTables } from './own-tables.ts';

/** Properties whose values together identify one row, besides the primary key. */
export interface NaturalKey {
  readonly properties: readonly string[];
  /** The letters A–Z and a–z compare as equal; the columns need a collation that does the same. */
  readonly ignoreCase?: boolean;
  /** The key applies only to rows in which this property is null. */
  readonly onlyWithout?: string;
}

/** Maps a changed row to a change event: a row of the outbox, written in the same transaction. */
export interface OutboxMapping {
  /** The entity of the outbox. */
  readonly entity: EntityClass<object>;
  /**
   * @param row the row after the change
   * @param run the run that writes the row: the event is withheld until the run is verified; `null` for an event that is published at once
   */
  eventOf(row: Readonly<Record<string, unknown>>, run: string | null): Record<string, unknown>;
  /** A MikroORM condition for the unpublished events of a run for the rows with these primary keys. */
  unpublishedEventsOf(run: string, keys: readonly unknown[]): Record<string, unknown>;
}

/** An entity of another database, whose primary key a property refers to. */
export interface ReferenceTarget {
  readonly database: string;
  readonly entity: string;
}

/** An entity that can be loaded from files. */
export interface EntityDeclaration {
  /** Singular and lower case; unique in its database. */
  readonly name: string;
  /** A class, an `EntitySchema`, or what `defineEntity` returns. */
  readonly entity: EntityName<object>;
  readonly naturalKeys?: readonly NaturalKey[];
  /** Property -> the entity that its values refer to. */
  readonly references?: Readonly<Record<string, ReferenceTarget>>;
  /** How changes of its rows are recorded in an outbox; without it, they are not recorded. */
  readonly outboxMapping?: OutboxMapping;
  /** Whether the references of a row need no longer exist. */
  isExempt?(row: Readonly<Record<string, unknown>>): boolean;
  /** The absolute path of the file that `populate` loads by default. */
  readonly sample?: string;
}

/** The name and contents of a database, which {@link declare} makes from a config. */
export interface DatabaseDeclaration<Name extends string = string> {
  /**
   * Plural and lower case. Names the file, the tables of results and the environment variable. One of several databases of a kind has a
   * suffix after a full stop: `invoices.north`.
   */
  readonly name: Name;
  /** The entities that can be loaded from files, parents before the children that have a foreign key to them. */
  readonly entities: readonly EntityDeclaration[];
  /** The other entities of the database. */
  readonly others?: readonly EntityName<object>[];
  /** Meridian's own tables that the database needs, besides the identity table. */
  readonly own?: readonly OwnTables[];
  /** The project's MikroORM options, which Meridian's options override. If these name migrations, those are used. */
  readonly orm?: Options;
  /** The location that the project specifies; the URL variable takes precedence. */
  readonly location?: DatabaseLocation;
  /** The project's folder, which contains `migrations/<database>/<engine>/`. Without it, the migrations are Meridian's own. */
  readonly root?: string;
  /** Advice for the case that the database at its location belongs to the declaration of this name, as a sentence; `undefined` for none. */
  adviceAgainst?(owner: string): string | undefined;
  /** URL forms that this database supports but no engine here opens, to complete the sentence "Use sqlite:…, or postgresql://…". */
  readonly otherUrls?: string;
}

/**
 * The declaration of a database with a single entity, which is named after its class.
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

/** The class name of an entity, including one that an `EntitySchema` declares. */
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

/** The class of an entity, including one that an `EntitySchema` declares: it identifies the entity. */
export function classOf(entity: EntityName<object>): unknown {
  return 'meta' in entity ? ((entity.meta as { readonly class?: unknown }).class ?? entity) : entity;
}

/** The declaration of a table. */
export interface TableDeclaration {
  readonly database: DatabaseDeclaration;
  readonly entity: EntityDeclaration;
  readonly name: string;
}

/** All tables that can be loaded from files, in catalog order. */
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
 * The declarations with these names in catalog order; all if no names are given.
 *
 * @param why appended to the error message for an unknown name
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
