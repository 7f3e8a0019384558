/**
 * The entity's values for properties that no source supplies: initializers (`createdAt = new Date()`), `onCreate` and `onUpdate`. They are
 * written with the row, but never compared, since they are not part of the record.
 */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { EntityManager } from '../../database/database.ts';
import { propertyValues } from '../../database/property-values.ts';
import type { StorageDialect } from '../../database/storage.ts';
import type { Values } from '../../database/values.ts';
import { storedForm } from './embedded.ts';

export interface Defaults {
  /** Properties that have a value in a new entity. */
  readonly initialised: ReadonlySet<string>;
  /** The row of a new record; the same object if the entity has no defaults. */
  created(em: EntityManager, given: Values): Values;
  /** An existing row with the values of a record, as an entity; the record itself if the entity has no initializers. */
  merged(before: Values, given: Values): Values;
  /** The values to write for a changed record. @param before the row's current values */
  updated(em: EntityManager, given: Values, before: Values): Values;
}

/**
 * Properties that have a value in every new entity. `null` does not count, since it is stored anyway. A primary key only counts if rows are
 * also found by other keys: otherwise, a record without it would become a new row in every load.
 */
export function initialisedIn(
  meta: EntityMetadata,
  properties: readonly EntityProperty[],
  hasNewKeys: boolean,
): ReadonlySet<string> {
  const hasValue = (property: EntityProperty) =>
    (!property.primary || hasNewKeys) && (initialValue(meta, property) ?? null) !== null;
  return new Set(properties.filter(hasValue).map(({ name }) => name));
}

/** A property's value in a new entity; for a member of an embeddable, its value in a new object of that class. */
export function initialValue(meta: EntityMetadata, { name, embedded }: EntityProperty): unknown {
  const owner = embedded && (meta.properties[embedded[0] as never] as EntityProperty | undefined);
  if (owner === undefined) {
    return (new (meta.class as new () => object)() as Values)[name];
  }
  // a nullable object need not be created
  return owner.nullable ? undefined : (new (owner.embeddable as new () => object)() as Values)[embedded?.[1] ?? ''];
}

export function defaultsOf(
  meta: EntityMetadata,
  properties: readonly EntityProperty[],
  initialised: ReadonlySet<string>,
  dialect: StorageDialect,
): Defaults {
  const entityClass = meta.class as new () => object;
  const onCreate = properties.filter((property) => property.onCreate !== undefined);
  const onUpdate = properties.filter((property) => property.onUpdate !== undefined);
  const canonical = new Map(
    properties.map((property) => [property.name, propertyValues(meta, property, dialect).canonical]),
  );
  const form = (name: string, value: unknown) =>
    (value ?? null) === null ? value : (canonical.get(name)?.(value) ?? value);
  const filled = properties.filter(({ name, onCreate: create }) => initialised.has(name) || create !== undefined);
  return {
    initialised,
    created(em, given) {
      if (filled.length === 0) {
        return given;
      }
      const entity = Object.assign(new entityClass(), supplied(given)) as Values;
      for (const { name, onCreate: create } of onCreate) {
        entity[name] = entity[name] === undefined ? create?.(entity, em) : entity[name];
      }
      for (const property of filled) {
        const { name, embedded } = property;
        const value = embedded && entity[name] === undefined ? initialValue(meta, property) : entity[name];
        entity[name] = property.kind === 'embedded' ? storedForm(property, value) : form(name, value);
      }
      return entity;
    },
    merged(before, given) {
      return initialised.size === 0 ? given : (Object.assign(new entityClass(), before, supplied(given)) as Values);
    },
    updated(em, given, before) {
      const open = onUpdate.filter(({ name }) => given[name] === undefined);
      if (open.length === 0) {
        return given;
      }
      const entity = Object.assign(new entityClass(), before, supplied(given));
      const values = open.map(({ name, onUpdate: change }) => [name, form(name, change?.(entity, em))]);
      return { ...given, ...Object.fromEntries(values) };
    },
  };
}

function supplied(given: Values): Values {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
