/** Inheritance in one table: the discriminator of a row names its class, so an entity has only its own value and those of its subclasses. */
import type { EntityMetadata } from '@mikro-orm/core';

export interface Discriminator {
  readonly property: string;
  /** Those of the entity and its subclasses. */
  readonly values: readonly string[];
  /** The value of a record that gives none; nothing for a class that no row has. */
  readonly own: string | number | undefined;
  /** A clause about a value of another class. */
  readonly problem: (value: unknown) => string | undefined;
}

/** @returns nothing for an entity that shares its table with no other class */
export function discriminatorOf({
  root,
  class: entity,
  discriminatorValue,
}: EntityMetadata): Discriminator | undefined {
  const { discriminatorColumn, discriminatorMap } = root ?? {};
  if (discriminatorColumn === undefined || discriminatorMap === undefined) {
    return undefined;
  }
  const isOwn = (other: unknown) =>
    other === entity || (other as { prototype: unknown }).prototype instanceof (entity as new () => object);
  const values = Object.keys(discriminatorMap)
    .filter((value) => isOwn(discriminatorMap[value]))
    .sort((a, b) => Number(b === String(discriminatorValue)) - Number(a === String(discriminatorValue)));
  const expected = `must be ${values.length === 1 ? '' : 'one of '}${values.join(', ')}`;
  return {
    property: discriminatorColumn,
    values,
    own: discriminatorValue,
    problem: (value) => (values.includes(String(value)) ? undefined : expected),
  };
}
