/**
 * Reads the values of a custom type of MikroORM by the type's own conversions. Text and numbers of a file are values as the entity has
 * them where those are single values (`21.5` of a temperature whose column holds tenths); else they are what the column holds
 * (`POINT(1 2)` of an object with two numbers).
 */
import type { Platform, Type } from '@mikro-orm/core';
import { contentOf } from '../../shared/json/content.ts';
import { type Coercion, numberAsText } from './coercion.ts';
import { BY_RUNTIME_TYPE } from './scalars.ts';

type CustomType = Type<unknown, unknown>;

/** @param column how the values of the column are read from text */
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

/** A type says by any error that a value is none of its own. */
function unlessRefused(convert: () => unknown): unknown {
  try {
    const value = convert() ?? undefined;
    return Number.isNaN(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Of the values that a text can be read as, the first that the type gives back as one of the same kind. */
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

/** What the column holds is accepted if the type writes the same again, or writes an object in a form of its own. */
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

/** What JavaScript writes for an object that was made of a text that is none of its own. */
const LEFTOVERS = /NaN|undefined|null|\[object/;

function isNormalised(conversion: Conversion, written: unknown, there: unknown): boolean {
  const hasLeftovers = typeof written === 'string' && LEFTOVERS.test(written) && !LEFTOVERS.test(String(there));
  return !hasLeftovers && isSame(conversion.toColumn(conversion.fromColumn(written)), written);
}

function isSame(a: unknown, b: unknown): boolean {
  return contentOf(a) === contentOf(b);
}
