/** How a record without a primary key gets one: from the entity, or from the database. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { storedProps, typeOfPart } from '../../database/relations.ts';
import { initialValue } from './defaults.ts';

export interface NewKey {
  readonly property: string;
  /** From the entity when it is created; or from the database, by a sequence or an expression. */
  readonly source: 'entity' | 'sequence' | { readonly expression: string };
  /** Converts the number of a sequence to a value of the property. */
  readonly from: (text: string) => unknown;
}

/** The primary key, if the entity or the database can generate it. */
export function generatedKey(meta: EntityMetadata): EntityProperty | undefined {
  const [property, ...more] = storedProps(meta).filter(({ primary }) => primary);
  if (property === undefined || more.length > 0 || typeOfPart(property) !== undefined) {
    return undefined;
  }
  const { autoincrement, generated, defaultRaw, onCreate } = property;
  const isGiven = [generated, defaultRaw, onCreate].some((one) => one !== undefined) || autoincrement;
  return isGiven || (initialValue(meta, property) ?? null) !== null ? property : undefined;
}

/** @param from reads text as a value of the property */
export function newKeyOf(property: EntityProperty, from: NewKey['from']): NewKey {
  const { name, defaultRaw, autoincrement, generated, onCreate } = property;
  if (onCreate === undefined && defaultRaw !== undefined) {
    return { property: name, source: { expression: defaultRaw }, from };
  }
  const isCounted = onCreate === undefined && (autoincrement === true || generated !== undefined);
  return { property: name, source: isCounted ? 'sequence' : 'entity', from };
}

/** Advice for a source without keys, if no other key identifies the rows of its records. */
export function keyAdvice({ className }: EntityMetadata): string {
  return `A row without a key is found by a natural key: declare naturalKeys of ${className}, or add the column.`;
}
