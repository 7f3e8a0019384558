/** The class-validator rules of an entity's properties, as its decorators declare them. */
import type { EntityClass } from '@mikro-orm/core';
import { getMetadataStorage, type ValidationArguments } from 'class-validator';

export interface Rule {
  /** As a rejected record names it. */
  readonly name: string;
  /** The message for a value that breaks it. */
  readonly message: string;
}

/** In the order in which the decorators stand. */
export function rulesOf(entityClass: EntityClass<object>, property: string): Rule[] {
  const entity = entityClass as new () => object;
  return getMetadataStorage()
    .getTargetValidationMetadatas(entity, '', false, false)
    .filter(
      ({ propertyName, type, name }) => propertyName === property && type === 'customValidation' && name !== undefined,
    )
    .map(({ name, message, constraints }) => ({
      name: name ?? '',
      message: typeof message === 'function' ? message(argumentsOf(entity, property, constraints)) : (message ?? ''),
    }))
    .reverse();
}

/** A message that depends on the value is that of a text with an invisible character. */
function argumentsOf(entity: { readonly name: string }, property: string, constraints: unknown[]): ValidationArguments {
  return { targetName: entity.name, property, object: {}, value: '\u200b', constraints };
}
