/** Single-table inheritance: the discriminator of a row names its class. The rows of an entity have its own value or that of a subclass. */
import type { EntityMetadata } from '@mikro-orm/core';

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
