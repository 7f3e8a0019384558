/** Stored values that an entity cannot represent: reading and writing them would change them. */
import type { Column } from '../database/columns.ts';
import { isExactNumber } from '../shared/json/exact-number.ts';
import { parseJson } from '../shared/json/parse.ts';

/** How a date of the years 1 to 9999 starts as text; PostgreSQL also has `infinity`, and years BC. */
const DATE = /^\d{4}-\d\d-\d\d(?!\s*\S*\s*BC)/;

/** A number that may have more digits than JavaScript keeps, or an exponent. */
const MAYBE_INEXACT = /\d[\d.]{15}|\d[eE]/;

/**
 * Why the property's value differs from the column's, to complete the sentence "amount …".
 *
 * @param stored the value as selected, with JSON as text
 * @param value the property's value
 */
export function inexactIn({ kind }: Column, stored: unknown, value: unknown): string | undefined {
  if ((stored ?? null) === null) {
    return undefined;
  }
  switch (kind) {
    case 'whole':
      return typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER
        ? `is a whole number beyond ${Number.MAX_SAFE_INTEGER}, which a property of the type number cannot hold exactly`
        : undefined;
    case 'date':
      return typeof stored === 'string' && !DATE.test(stored) ? 'is not a date in the years 1 to 9999' : undefined;
    case 'instant':
      return typeof value === 'number' || (value instanceof Date && Number.isNaN(value.getTime()))
        ? 'is a time that JavaScript cannot represent'
        : undefined;
    case 'json':
      return typeof stored === 'string' && holdsInexactNumber(stored)
        ? 'holds a number that JavaScript cannot hold exactly'
        : undefined;
    default:
      return undefined;
  }
}

function holdsInexactNumber(json: string): boolean {
  let isFound = false;
  if (MAYBE_INEXACT.test(json)) {
    parseJson(json, (value, source) => {
      isFound ||= typeof value === 'number' && source !== undefined && !isExactNumber(source);
      return value;
    });
  }
  return isFound;
}
