/** The class-validator rule for points in time. */
import type { ValidationArguments, ValidationOptions } from 'class-validator';
import { ValidateValue } from '../rules/quick-rules.ts';
import { canonicalInstant, isTooFine } from './instant.ts';

/**
 * An ISO 8601 time with a zone, to the millisecond. It has the code `isRFC3339` of the less strict class-validator rule.
 *
 * @param name the property's name in the message
 */
export function IsInstant(name: string, options?: ValidationOptions): PropertyDecorator {
  const message = ({ value }: ValidationArguments) =>
    typeof value === 'string' && isTooFine(value)
      ? `${name} can have at most three decimals of a second, the others zero`
      : `${name} must be an ISO 8601 date and time with a zone`;
  return ValidateValue({ name: 'isRFC3339', validate: isInstant }, { message, ...options });
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && canonicalInstant(value) !== undefined;
}
