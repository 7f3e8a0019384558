/** The class-validator rule for points in time. */
import { ValidateBy, type ValidationArguments, type ValidationOptions } from 'class-validator';
import { canonicalInstant, isTooFine } from './instant.ts';

/** An ISO 8601 time with a zone (code `isRFC3339`, the rule of class-validator that it is stricter than). */
export function IsInstant(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy({ name: 'isRFC3339', validator: { validate: isInstant } }, options);
}

/** A message that says whether it is a time at all that is not kept. */
export function instantMessage(name: string): (rule: ValidationArguments) => string {
  return ({ value }) =>
    typeof value === 'string' && isTooFine(value)
      ? `${name} can have at most three decimals of a second, the others zero`
      : `${name} must be an ISO 8601 date and time with a zone`;
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && canonicalInstant(value) !== undefined;
}
