/** Nested values of records: JSON, lists and embedded objects in a column. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { type ColumnType, columnTypeOf, isOwnType } from '../../database/column-types.ts';
import { storedName } from '../../database/property-path.ts';
import type { Values } from '../../database/values.ts';
import { withStoredNames } from '../../populate/record/embedded-json.ts';
import { type AnyJson, withJsonTexts } from '../../shared/json/json-texts.ts';
import { isObject } from '../../shared/json/members.ts';
import { looseName } from '../../shared/text/column-name.ts';
import { pathTo } from './representation.ts';
import type { Resource } from './resource.ts';

/** Labels of the properties whose values are nested: JSON, lists and embedded objects in a column. */
export function wholeProperties({ table: { metadata }, shape }: Pick<Resource, 'table' | 'shape'>): readonly string[] {
  return shape.properties
    .filter(({ name }) => {
      const property = metadata.properties[name as never] as EntityProperty | undefined;
      return property !== undefined && isWhole(metadata, property);
    })
    .map(({ label }) => label);
}

function isWhole(metadata: EntityMetadata, property: EntityProperty): boolean {
  return (
    property.kind === 'embedded' ||
    (isOwnType(property) && ['json', 'array'].includes(columnTypeOf(metadata, property).kind))
  );
}

/** Converts a record of a request to the form in which loads read records. @param numbers members of the record whose text is a number */
export function loadedRecord(
  { table: { metadata }, shape }: Pick<Resource, 'table' | 'shape'>,
  record: Values,
  numbers: ReadonlySet<string> = new Set(),
): Values {
  return shape.properties.reduce((given, { name, label }) => {
    const property = metadata.properties[name as never] as EntityProperty | undefined;
    if (property === undefined || numbers.has(label)) {
      return given;
    }
    const part = anyJsonOf(metadata, property);
    return changed(given, pathTo(name, label), (value) => {
      const named = property.kind === 'embedded' ? withStoredNames(property, value) : value;
      return part === undefined ? named : withJsonTexts(part, named);
    });
  }, record);
}

/** Converts nested values to JSON text, which a merge patch replaces as a whole instead of merging its members. */
export function withWholeJson(
  resource: Pick<Resource, 'table' | 'shape'>,
  record: Values,
  labels: readonly string[],
): Values {
  return resource.shape.properties
    .filter(({ label }) => labels.includes(label))
    .reduce(
      (given, { name, label }) =>
        changed(given, pathTo(name, label), (value) => (isNested(value) ? JSON.stringify(value) : value)),
      record,
    );
}

function isNested(value: unknown): boolean {
  return isObject(value) || Array.isArray(value);
}

/** A record with another value at a path, if it has one there. */
export function changed(
  record: Values,
  [first = '', ...rest]: readonly string[],
  change: (value: unknown) => unknown,
): Values {
  if (!Object.hasOwn(record, first)) {
    return record;
  }
  const before = record[first];
  const after = rest.length === 0 ? change(before) : isObject(before) ? changed(before, rest, change) : before;
  return after === before ? record : { ...record, [first]: after };
}

/** The parts of a property's values that accept any JSON; `undefined` if there are none. */
export function anyJsonOf(metadata: EntityMetadata, property: EntityProperty): AnyJson | undefined {
  if (property.kind === 'embedded') {
    const members = Object.entries(property.embeddedProps).flatMap(([name, member]): [string, AnyJson][] => {
      const part = anyJsonOf(metadata, member);
      const stored = storedName(name, member);
      const names = looseName(stored) === looseName(name) ? [name] : [name, stored];
      return part === undefined ? [] : names.map((one) => [one, part]);
    });
    const object: AnyJson = { kind: 'object', members: Object.fromEntries(members) };
    return members.length === 0 ? undefined : property.array ? { kind: 'list', of: object } : object;
  }
  return isOwnType(property) ? anyJsonIn(columnTypeOf(metadata, property)) : undefined;
}

function anyJsonIn(type: ColumnType): AnyJson | undefined {
  if (type.kind === 'json') {
    return { kind: 'any' };
  }
  return type.kind === 'array' && type.element.kind === 'json' ? { kind: 'list', of: { kind: 'any' } } : undefined;
}
