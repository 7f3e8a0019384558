/** The first properties of a table's indexes: only these filter and sort without reading every row. */
import type { EntityProperty } from '@mikro-orm/core';
import { columnTypeOf, isOwnType } from '../../database/column-types.ts';
import type { Column } from '../../database/columns.ts';
import { relationsOf, storedProps } from '../../database/relations.ts';
import type { Table } from '../../database/table.ts';

/** Kinds of columns whose sort order is the same on every engine. */
const ORDERED: readonly Column['kind'][] = [
  'text',
  'whole',
  'decimal',
  'float',
  'instant',
  'time',
  'boolean',
  'date',
  'uuid',
];

export function indexedProperties(table: Table): readonly string[] {
  const { metadata } = table;
  const { columns, primaryKey } = table.bulk();
  const isWhole = (index: { readonly where?: unknown; readonly expression?: unknown }) =>
    index.where === undefined && index.expression === undefined;
  const ofIndexes = [...metadata.indexes, ...metadata.uniques]
    .filter(isWhole)
    .map(({ properties }) => [properties ?? []].flat().map(String)[0]);
  const ofProperties = metadata.props.filter(hasIndex).map(({ name }) => name);
  const ofRelations = relationsOf(metadata).map(({ key }) => key.properties[0]);
  const ofKeys = table.uniqueKeys
    .filter(({ onlyWithout }) => onlyWithout === undefined)
    .map(({ properties }) => properties[0]);
  const all = new Set([primaryKey.properties[0], ...ofProperties, ...ofIndexes, ...ofKeys, ...ofRelations]);
  return columns
    .filter(({ property, kind }) => all.has(property) && ORDERED.includes(kind))
    .map(({ property }) => property);
}

/** Indexed text properties, which can be searched by prefix. */
export function prefixProperties({ metadata }: Pick<Table, 'metadata'>, indexed: readonly string[]): readonly string[] {
  return storedProps(metadata)
    .filter((one) => indexed.includes(one.name) && isOwnType(one) && one.nativeEnumName === undefined)
    .filter((one) => one.runtimeType === 'string' && columnTypeOf(metadata, one).kind === 'text')
    .map(({ name }) => name);
}

function hasIndex({ index, unique }: EntityProperty): boolean {
  return Boolean(index) || Boolean(unique);
}
