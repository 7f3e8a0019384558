/** The class-validator rule for points in time. */
import { ValidateBy, type ValidationOptions } from 'class-validator';
import { canonicalInstant } from './instant.ts';

/** An ISO 8601 time with a zone (code `isRFC3339`, the rule of class-validator that it is stricter than). */
export function IsInstant(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy({ name: 'isRFC3339', validator: { validate: isInstant } }, options);
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && canonicalInstant(value) !== undefined;
}
