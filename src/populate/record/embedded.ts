/**
 * Embeddables: their members have columns of their own (`address_street`), or are JSON in one column. A record keeps its values by column;
 * embedded objects are created for rules and texts.
 */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { isOptionalMember } from '../../database/declared.ts';
import { pathOf, storedName } from '../../database/property-path.ts';
import type { Values } from '../../database/values.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import { looseName } from '../../shared/text/column-name.ts';

export interface Embedded {
  /**
   * Sets the embedded objects on an entity with column values.
   *
   * @returns the values that restore its columns
   */
  embed(entity: Values): Values;
  /** Labels of empty required members of objects with other members. */
  incomplete(entity: Values): string[];
  /** A record whose embedded objects are replaced by columns, such as `address.street`. */
  flatten(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

/** @returns `undefined` for an entity without embeddables */
export function embeddedOf(meta: EntityMetadata): Embedded | undefined {
  const roots = meta.props.filter(({ kind, embedded }) => kind === 'embedded' && embedded === undefined);
  const inline = roots.filter(isInline);
  if (roots.length === 0) {
    return undefined;
  }
  return {
    embed(entity) {
      const columns = Object.fromEntries(
        roots.map((root) => [root.name, isInline(root) ? undefined : entity[root.name]]),
      );
      for (const root of roots) {
        entity[root.name] = objectOf(root, entity);
      }
      return columns;
    },
    incomplete: (entity) => inline.flatMap((root) => missingIn(meta, root, entity)),
    flatten(record) {
      const entries = Object.entries(record);
      const isNested = entries.some(([key]) => inline.some(({ name }) => looseName(name) === looseName(key)));
      return isNested ? Object.fromEntries(entries.flatMap(([key, value]) => columnsIn(inline, key, value))) : record;
    },
  };
}

function isInline({ kind, object, array }: EntityProperty): boolean {
  return kind === 'embedded' && !object && !array;
}

function membersOf({ embeddedProps }: EntityProperty): [string, EntityProperty][] {
  return Object.entries(embeddedProps ?? {});
}

/** The object for a property of the entity; `null` if it has no values, or an invalid one. */
function objectOf(property: EntityProperty, entity: Values): unknown {
  if (!isInline(property)) {
    return instanceOf(property, entity[property.name]);
  }
  if (property.nullable && !holdsAny(property, entity)) {
    return null;
  }
  const object = new (property.embeddable as new () => Record<string, unknown>)();
  for (const [key, member] of membersOf(property)) {
    const value = member.kind === 'embedded' ? objectOf(member, entity) : entity[member.name];
    if (value !== undefined) {
      object[key] = value;
    }
  }
  return object;
}

function holdsAny(property: EntityProperty, entity: Values): boolean {
  return membersOf(property).some(([, member]) =>
    isInline(member) ? holdsAny(member, entity) : (entity[member.name] ?? null) !== null,
  );
}

/** An object that is stored as JSON, as an instance of its class. */
function instanceOf(property: EntityProperty, stored: unknown): unknown {
  if (Array.isArray(stored)) {
    return stored.map((one) => instanceOf(property, one));
  }
  if (!isJsonObject(stored)) {
    return stored;
  }
  const object = new (property.embeddable as new () => Record<string, unknown>)();
  for (const [key, member] of membersOf(property)) {
    const value = stored[storedName(key, member)];
    if (value !== undefined) {
      object[key] = member.kind === 'embedded' ? instanceOf(member, value) : memberValue(member, value);
    }
  }
  return object;
}

/** The JSON that an instance is stored as. */
export function storedForm(property: EntityProperty, object: unknown): unknown {
  if (Array.isArray(object)) {
    return object.map((one) => storedForm(property, one));
  }
  if (typeof object !== 'object' || object === null) {
    return object;
  }
  const entries = membersOf(property).map(([key, member]) => {
    const value = (object as Record<string, unknown>)[key];
    const form =
      member.kind === 'embedded' ? storedForm(member, value) : value instanceof Date ? value.toISOString() : value;
    return [storedName(key, member), form];
  });
  return Object.fromEntries(entries.filter(([, value]) => (value ?? null) !== null));
}

function memberValue({ runtimeType }: EntityProperty, value: unknown): unknown {
  return runtimeType === 'Date' && typeof value === 'string' ? new Date(value) : value;
}

function missingIn(meta: EntityMetadata, property: EntityProperty, entity: Values): string[] {
  if (!holdsAny(property, entity)) {
    return [];
  }
  return membersOf(property).flatMap(([key, member]) => {
    if (isInline(member)) {
      return missingIn(meta, member, entity);
    }
    const isEmpty = (entity[member.name] ?? null) === null;
    const isRequired = property.nullable === true && !isOptionalMember(property, key);
    return isEmpty && isRequired ? [pathOf(meta, member)] : [];
  });
}

/** The columns of a key that may refer to an embedded object. */
function columnsIn(
  properties: readonly EntityProperty[],
  key: string,
  value: unknown,
  path = key,
): [string, unknown][] {
  const property = properties.find(({ name, embedded }) => looseName(embedded?.[1] ?? name) === looseName(key));
  if (property === undefined || !(value === null || isJsonObject(value))) {
    return [[path, value]];
  }
  const members = membersOf(property).map(([name, member]) => ({ name, member }));
  const inner = members.map(({ member }) => member).filter(isInline);
  const given = value ?? Object.fromEntries(members.map(({ name }) => [name, null]));
  return Object.entries(given).flatMap(([name, one]) => columnsIn(inner, name, one, `${path}.${name}`));
}
