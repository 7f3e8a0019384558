/** What loading knows of an entity, read from MikroORM's metadata and class-validator's storage. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { isWritten } from '../../databases/columns.ts';
import { MeridianError } from '../../errors.ts';
import { asynchronousRules, compileRules } from '../../rules/rules.ts';
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
  /** The whole number that tells one state of a row from the next, if there is one; never read from a source. */
  readonly version: PropertyShape | undefined;
  /** Whether an entity keeps all its rules, without saying which it breaks. */
  readonly keepsRules: (entity: object) => boolean;
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
  const properties = meta.props.filter(isLoaded);
  if (!properties.some(({ name }) => name === primaryKey)) {
    throw new MeridianError(
      'usage',
      `${meta.className} has a primary key (${primaryKey}) that the database always generates, so no record can name its row. Declare it with generated: 'by default as identity'.`,
    );
  }
  const entity = meta.class as new () => object;
  const [asynchronous] = asynchronousRules(entity);
  if (asynchronous !== undefined) {
    throw new MeridianError(
      'usage',
      `${meta.className} has an asynchronous rule (${asynchronous}); records are validated synchronously.`,
    );
  }
  return {
    entity,
    noun: meta.className.toLowerCase(),
    primaryKey,
    properties: properties.map((property) => propertyShape(meta, property)),
    version: meta.props.filter(isCounter).map((property) => propertyShape(meta, property))[0],
    keepsRules: compileRules(entity),
  };
}

function propertyShape({ className }: EntityMetadata, property: EntityProperty): PropertyShape {
  return {
    name: property.name,
    nullable: property.nullable === true,
    required: isRequired(property),
    coerce: coercionOf(className, property),
  };
}

/** A version that is a time is the database's to set. */
function isCounter({ version, runtimeType }: EntityProperty): boolean {
  return version === true && runtimeType === 'number';
}

function isLoaded(property: EntityProperty): boolean {
  return isWritten(property) && !property.version;
}

function isRequired(property: EntityProperty): boolean {
  const { nullable, default: value, defaultRaw, onCreate, autoincrement, generated } = property;
  const isFilled = defaultRaw !== undefined || onCreate !== undefined || autoincrement || generated !== undefined;
  return !nullable && value === undefined && !isFilled;
}
