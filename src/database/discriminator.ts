/** Single-table inheritance: the discriminator of a row names its class. The rows of an entity have its own value or that of a subclass. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { Values } from './values.ts';

export interface Discriminator {
  readonly property: string;
  /** The values of the entity and its subclasses. */
  readonly values: readonly string[];
  /** The value for a record without one; nothing for an abstract class. */
  readonly own: string | number | undefined;
  /** The error for a value of another class, as a clause. */
  readonly problem: (value: unknown) => string | undefined;
}

/** @returns nothing for an entity that does not share its table with other classes */
export function discriminatorOf({
  root,
  class: entity,
  discriminatorValue,
}: EntityMetadata): Discriminator | undefined {
  const { discriminatorColumn, discriminatorMap } = root ?? {};
  if (discriminatorColumn === undefined || discriminatorMap === undefined) {
    return undefined;
  }
  const values = Object.keys(discriminatorMap)
    .filter((value) => isClassOf(discriminatorMap[value], entity))
    .sort((a, b) => Number(b === String(discriminatorValue)) - Number(a === String(discriminatorValue)));
  const expected = `must be ${values.length === 1 ? '' : 'one of '}${values.join(', ')}`;
  return {
    property: discriminatorColumn,
    values,
    own: discriminatorValue,
    problem: (value) => (values.includes(String(value)) ? undefined : expected),
  };
}

/** Whether a class is the same as another, or extends it. */
export function isClassOf(one: unknown, other: unknown): boolean {
  return one === other || (one as { prototype: unknown }).prototype instanceof (other as new () => object);
}

/** Whether a row of the table belongs to the entity. All rows belong to the root entity, even with a value that no class has. */
export function isOwnRow(metadata: EntityMetadata, row: Readonly<Values>): boolean {
  const own = ofSomeRows(metadata);
  return own === undefined || own.problem(row[own.property]) === undefined;
}

/**
 * The same as a condition in SQL.
 *
 * @param columnOf converts a column name to an SQL expression
 * @returns nothing if all rows of the table belong to the entity
 */
export function ownRowsCondition(metadata: EntityMetadata, columnOf: (name: string) => string): string | undefined {
  const own = ofSomeRows(metadata);
  if (own === undefined) {
    return undefined;
  }
  const { fieldNames } = metadata.root.properties[own.property as never] as EntityProperty;
  // string literals take the type of the column, which may be a number or an enum
  const values = own.values.map((value) => `'${value.replaceAll("'", "''")}'`);
  return values.length === 0 ? '1 = 0' : `${columnOf(fieldNames[0] as string)} in (${values.join(', ')})`;
}

function ofSomeRows(metadata: EntityMetadata): Discriminator | undefined {
  return metadata.root?.class === metadata.class ? undefined : discriminatorOf(metadata);
}
