/** The class-validator rule for text by which things are found: an email, a product number. */
import type { ValidationArguments, ValidationOptions } from 'class-validator';
import { ValidateValue } from '../rules/quick-rules.ts';
import { invisibleIn } from './visible.ts';

/**
 * No control or format character, and no white space but the plain space (code `isVisible`): two texts that look the same
 * would be two keys. Says nothing of what is not text.
 *
 * @param name of the property in the message
 */
export function IsVisible(name: string, options?: ValidationOptions): PropertyDecorator {
  const message = ({ value }: ValidationArguments) =>
    `${name} holds an invisible character (${typeof value === 'string' ? invisibleIn(value) : ''})`;
  return ValidateValue({ name: 'isVisible', validate: isVisible }, { message, ...options });
}

function isVisible(value: unknown): boolean {
  return typeof value !== 'string' || invisibleIn(value) === undefined;
}
