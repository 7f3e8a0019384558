/**
 * Strings in columns of JSON. A load takes the text of such a column for JSON, as a CSV file has it; in a request a string is a string. So
 * each becomes the JSON that spells it, before the record is read as in a load.
 */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { columnTypeOf, isOwnType } from '../../database/column-types.ts';
import type { Values } from '../../database/values.ts';
import { looseName } from '../../populate/record/column-name.ts';
import { isObject } from './record-body.ts';
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

/** @param numbers members of the record whose text is a number */
export function withJsonTexts(
  { table: { metadata }, shape }: Pick<Resource, 'table' | 'shape'>,
  record: Values,
  numbers: ReadonlySet<string> = new Set(),
): Values {
  return shape.properties.reduce((given, { name, label }) => {
    const property = metadata.properties[name as never] as EntityProperty | undefined;
    return property === undefined || numbers.has(label)
      ? given
      : changed(given, pathTo(name, label), (value) => jsonTextOf(metadata, property, value));
  }, record);
}

/** A value that is replaced as a whole where a merge patch would merge its members: texts are not merged. */
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

function isJson(metadata: EntityMetadata, property: EntityProperty): boolean {
  return property.kind !== 'embedded' && isOwnType(property) && columnTypeOf(metadata, property).kind === 'json';
}

/** Of a value that is JSON by itself, of the elements of a list of such, or of the members of an embedded object. */
function jsonTextOf(metadata: EntityMetadata, property: EntityProperty, value: unknown): unknown {
  if (property.kind === 'embedded') {
    return Array.isArray(value)
      ? value.map((one) => membersOf(metadata, property, one))
      : membersOf(metadata, property, value);
  }
  if (isJson(metadata, property)) {
    return textOf(value);
  }
  const type = columnTypeOf(metadata, property);
  return Array.isArray(value) && isOwnType(property) && type.kind === 'array' && type.element.kind === 'json'
    ? value.map(textOf)
    : value;
}

function membersOf(metadata: EntityMetadata, { embeddedProps }: EntityProperty, value: unknown): unknown {
  if (!isObject(value)) {
    return value;
  }
  const members = new Map(Object.entries(embeddedProps).map(([name, member]) => [looseName(name), member]));
  const entries = Object.entries(value).map(([name, one]) => {
    const member = members.get(looseName(name));
    return [name, member === undefined ? one : jsonTextOf(metadata, member, one)];
  });
  return Object.fromEntries(entries);
}

function textOf(value: unknown): unknown {
  return typeof value === 'string' ? JSON.stringify(value) : value;
}
