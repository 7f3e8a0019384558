/** Nested values of records: JSON, lists and embedded objects in a column. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { type ColumnType, columnTypeOf, isOwnType } from '../../database/column-types.ts';
import type { Values } from '../../database/values.ts';
import { type AnyJson, withJsonTexts } from '../../shared/json/json-texts.ts';
import { isObject } from '../../shared/json/members.ts';
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
    const part = property === undefined || numbers.has(label) ? undefined : anyJsonOf(metadata, property);
    return part === undefined ? given : changed(given, pathTo(name, label), (value) => withJsonTexts(part, value));
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

function changed(
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
      return part === undefined ? [] : [[name, part]];
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
