/** What loading knows of an entity, read from MikroORM's metadata and class-validator's storage. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { getMetadataStorage } from 'class-validator';
import { MeridianError } from '../../errors.ts';
import { type Coercion, coercionOf } from './coerce.ts';

export interface PropertyShape {
  readonly name: string;
  readonly nullable: boolean;
  /** Whether a source has to give it: it can be neither null nor left to a default. */
  readonly required: boolean;
  readonly coerce: Coercion;
}

export interface EntityShape {
  readonly entity: new () => object;
  /** The class name in lower case, as in "Rejected user 10". */
  readonly noun: string;
  readonly primaryKey: string;
  readonly properties: readonly PropertyShape[];
}

/**
 * @throws MeridianError `usage` when the entity cannot be loaded: a composite primary key, a property whose type
 *   cannot be read from text, or an asynchronous rule
 */
export function shapeOf(meta: EntityMetadata): EntityShape {
  const [primaryKey, ...more] = meta.primaryKeys;
  if (primaryKey === undefined || more.length > 0) {
    throw new MeridianError('usage', `${meta.className} needs exactly one primary key property to be populated.`);
  }
  refuseAsynchronousRules(meta);
  return {
    entity: meta.class as new () => object,
    noun: meta.className.toLowerCase(),
    primaryKey,
    properties: meta.props.filter(isLoaded).map((property) => ({
      name: property.name,
      nullable: property.nullable === true,
      required: isRequired(property),
      coerce: coercionOf(meta.className, property),
    })),
  };
}

function isLoaded(property: EntityProperty): boolean {
  return property.kind === 'scalar' && property.persist !== false && !property.generated && !property.formula;
}

function isRequired({ nullable, default: value, defaultRaw, onCreate, autoincrement }: EntityProperty): boolean {
  return !nullable && value === undefined && defaultRaw === undefined && onCreate === undefined && !autoincrement;
}

/** A rule that answers later would be passed over by a synchronous validation: better to say so at the start. */
function refuseAsynchronousRules(meta: EntityMetadata): void {
  const storage = getMetadataStorage();
  for (const rule of storage.getTargetValidationMetadatas(meta.class, '', false, false)) {
    if (rule.constraintCls && storage.getTargetValidatorConstraints(rule.constraintCls).some(({ async }) => async)) {
      throw new MeridianError(
        'usage',
        `${meta.className}.${rule.propertyName} has the asynchronous rule ${rule.name ?? rule.type}; records are validated synchronously.`,
      );
    }
  }
}
