/**
 * Reads the values of a custom MikroORM type with its own conversions. If the entity's values are scalars, text and numbers of a file are
 * such values (`21.5` for a temperature whose column contains tenths); else they are the column's values (`POINT(1 2)` for an object with
 * two numbers).
 */
import type { Platform, Type } from '@mikro-orm/core';
import { contentOf } from '../../shared/json/content.ts';
import { type Coercion, numberAsText } from './coercion.ts';
import { BY_RUNTIME_TYPE } from './scalars.ts';

type CustomType = Type<unknown, unknown>;

/** @param column reads the column's values from text */
export function ofOwnConversion(type: CustomType, column: Coercion | undefined): Coercion {
  const conversion = conversionOf(type);
  return {
    expected: `a value of ${type.constructor.name}`,
    misfit: numberAsText,
    from: (value) =>
      asOnEntity(conversion, value) ?? asInColumn(conversion, column?.from(numberAsText(value)) ?? value),
  };
}

interface Conversion {
  /** `undefined` for a value that it cannot convert. */
  readonly toColumn: (value: unknown) => unknown;
  readonly fromColumn: (value: unknown) => unknown;
}

function conversionOf(type: CustomType): Conversion {
  const platform = type.platform as Platform;
  return {
    toColumn: (value) => unlessRefused(() => type.convertToDatabaseValue(value, platform, { mode: 'query-data' })),
    fromColumn: (value) => unlessRefused(() => type.convertToJSValue(value, platform)),
  };
}

/** A custom type may throw any error for an invalid value. */
function unlessRefused(convert: () => unknown): unknown {
  try {
    const value = convert() ?? undefined;
    return Number.isNaN(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Among the values that a text may represent, the first that the type returns with the same kind. */
function asOnEntity(conversion: Conversion, given: unknown): unknown {
  for (const value of readingsOf(given)) {
    const there = conversion.toColumn(value);
    const back = there === undefined ? undefined : conversion.fromColumn(there);
    if (back !== undefined && kindOf(back) === kindOf(value)) {
      return back;
    }
  }
  return undefined;
}

function readingsOf(given: unknown): readonly unknown[] {
  const text = numberAsText(given);
  const kinds = typeof text === 'string' ? ['number', 'boolean', 'bigint', 'Date'] : [];
  const readings = kinds.map((kind) => BY_RUNTIME_TYPE[kind]?.from(text));
  return [given, text, ...readings].filter((one) => one !== undefined);
}

function kindOf(value: unknown): string {
  return value instanceof Date ? 'Date' : typeof value;
}

/** A column value is accepted if the type writes the same value again, or an object in its own normal form. */
function asInColumn(conversion: Conversion, there: unknown): unknown {
  const value = conversion.fromColumn(there);
  const written = value === undefined ? undefined : conversion.toColumn(value);
  if (written === undefined) {
    return undefined;
  }
  return isSame(written, there) || (typeof value === 'object' && isNormalised(conversion, written, there))
    ? value
    : undefined;
}

/** JavaScript's text of an object that was created from invalid text. */
const LEFTOVERS = /NaN|undefined|null|\[object/;

function isNormalised(conversion: Conversion, written: unknown, there: unknown): boolean {
  const hasLeftovers = typeof written === 'string' && LEFTOVERS.test(written) && !LEFTOVERS.test(String(there));
  return !hasLeftovers && isSame(conversion.toColumn(conversion.fromColumn(written)), written);
}

function isSame(a: unknown, b: unknown): boolean {
  return contentOf(a) === contentOf(b);
}
