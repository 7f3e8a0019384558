/** The class-validator rule for text that serves as a key: an email, a product number. */
import type { ValidationArguments, ValidationOptions } from 'class-validator';
import { ValidateValue } from '../rules/quick-rules.ts';
import { invisibleIn } from './visible.ts';

/**
 * Rejects control and format characters, and all white space except the plain space (code `isVisible`): two texts that look the same would
 * be two keys. Accepts values that are not text.
 *
 * @param name the property's name in the message
 */
export function IsVisible(name: string, options?: ValidationOptions): PropertyDecorator {
  const message = ({ value }: ValidationArguments) =>
    `${name} holds an invisible character (${typeof value === 'string' ? invisibleIn(value) : ''})`;
  return ValidateValue({ name: 'isVisible', validate: isVisible }, { message, ...options });
}

function isVisible(value: unknown): boolean {
  return typeof value !== 'string' || invisibleIn(value) === undefined;
}
