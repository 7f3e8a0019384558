/**
 * class-validator rules for amounts. They check the text itself, so that the check does not round the amount, and have the names (codes) of
 * the class-validator rules that they replace.
 */
import type { ValidationOptions } from 'class-validator';
import { ValidateValue } from '../rules/quick-rules.ts';
import { decimalPlaces, shortCents, toCents } from './amount.ts';

const isDecimal = (value: unknown): value is string => typeof value === 'string' && decimalPlaces(value) !== undefined;

/** Decimal text with at most two places (code `isDecimal`). */
export function IsAmount(options?: ValidationOptions): PropertyDecorator {
  return ValidateValue({ name: 'isDecimal', validate: isAmount }, options);
}

/** Greater than zero (code `isPositive`). Accepts text that is not a decimal number: `IsAmount` rejects it. */
export function IsPositiveAmount(options?: ValidationOptions): PropertyDecorator {
  return ValidateValue({ name: 'isPositive', validate: isPositiveOrNoDecimal }, options);
}

/** Zero or greater (code `min`). Accepts text that is not a decimal number: `IsAmount` rejects it. */
export function IsNotNegativeAmount(options?: ValidationOptions): PropertyDecorator {
  return ValidateValue({ name: 'min', constraints: ['0'], validate: isNotNegativeOrNoDecimal }, options);
}

/** Not greater than `limit`, itself an amount (code `max`). Accepts text that is not a decimal number. */
export function MaxAmount(limit: string, options?: ValidationOptions): PropertyDecorator {
  const most = toCents(limit);
  if (most === undefined) {
    throw new RangeError(`MaxAmount takes an amount such as "99.95", not "${limit}"`);
  }
  const validate = (value: unknown) => {
    const short = shortOf(value);
    return short === undefined ? !isDecimal(value) || !exceeds(value, most) : short <= most;
  };
  return ValidateValue({ name: 'max', constraints: [limit], validate }, options);
}

function isAmount(value: unknown): boolean {
  return shortOf(value) !== undefined || (typeof value === 'string' && (decimalPlaces(value) ?? Infinity) <= 2);
}

function isPositiveOrNoDecimal(value: unknown): boolean {
  const short = shortOf(value);
  return short === undefined ? !isDecimal(value) || (value[0] !== '-' && /[1-9]/.test(value)) : short > 0;
}

function isNotNegativeOrNoDecimal(value: unknown): boolean {
  return shortOf(value) !== undefined || !isDecimal(value) || value[0] !== '-' || !/[1-9]/.test(value);
}

function shortOf(value: unknown): number | undefined {
  return typeof value === 'string' ? shortCents(value) : undefined;
}

/** Compares exactly, however many digits `text` has: the digits after the cents only matter if the cents are equal. */
function exceeds(text: string, most: bigint): boolean {
  const [units = '', decimals = ''] = text.split('.');
  const cents = toCents(decimals ? `${units}.${decimals.slice(0, 2)}` : units);
  if (cents === undefined) {
    // too many digits to compute with, so beyond any limit, on one side or the other
    return !text.startsWith('-');
  }
  return cents > most || (cents === most && !text.startsWith('-') && /[1-9]/.test(decimals.slice(2)));
}
