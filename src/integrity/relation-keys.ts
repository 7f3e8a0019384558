/** Sets the relations of an entity to the keys in its row, for rules that expect the values of a record in a file. */
import { type EntityMetadata, type EntityProperty, Reference } from '@mikro-orm/core';
import { relationsOf } from '../database/relations.ts';
import type { Values } from '../database/values.ts';

/** @param entity the entity as read by MikroORM; its relations are changed */
export function withRelationKeys(metadata: EntityMetadata, entity: Values): Values {
  for (const { name, key } of relationsOf(metadata)) {
    const values = valuesOf(metadata, name, entity[name]);
    for (const [index, property] of key.properties.entries()) {
      // an assignment would make MikroORM look for an entity with the key
      define(entity, property, values?.[index] ?? null);
    }
    if (!key.properties.includes(name)) {
      define(entity, name, values ?? null);
    }
  }
  return entity;
}

/** The key of a relation's target, which is an entity, or already a key; `undefined` if there is none. */
function valuesOf(metadata: EntityMetadata, name: string, given: unknown): readonly unknown[] | undefined {
  const value = Reference.unwrapReference(given as object) as unknown;
  if ((value ?? null) === null) {
    return undefined;
  }
  const { referencedPKs, targetMeta, mapToPk } = metadata.properties[name as never] as EntityProperty;
  if (mapToPk || typeof value !== 'object') {
    return [value].flat();
  }
  const isRelation = (one: string) =>
    relationsOf(targetMeta as EntityMetadata).some((relation) => relation.name === one);
  return referencedPKs.flatMap((one) => {
    const held = (value as Values)[one];
    return isRelation(one) ? valuesOf(targetMeta as EntityMetadata, one, held) : [held];
  });
}

function define(entity: Values, name: string, value: unknown): void {
  Object.defineProperty(entity, name, { value, writable: true, enumerable: true, configurable: true });
}
