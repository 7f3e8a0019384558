/** JSON Schemas for the column and the type of a property: they accept the values that coercion accepts, including numbers as text. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { Schema } from '../../config/route.ts';
import { type ColumnType, columnTypeOf, isOwnType } from '../../database/column-types.ts';
import { isOptionalMember } from '../../database/declared.ts';
import { discriminatorOf } from '../../database/discriminator.ts';
import { DAY_PATTERN, INSTANT_PATTERN } from '../../shared/time/patterns.ts';
import { ruleKeywords, strictest } from './rules.ts';
import { wholePattern } from './whole-pattern.ts';

const WHOLE = '-?\\d+';
const DECIMAL = '-?\\d+(?:\\.\\d+)?';
const FLOAT = `${DECIMAL}(?:[eE][+-]?\\d+)?`;
const TIME = '\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,6})?)?';
const PLAIN_UUID = '[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}';
const UUID = `${PLAIN_UUID}|\\{${PLAIN_UUID}\\}`;
const BASE64 = '[A-Za-z0-9+/\\r\\n]*={0,2}[\\r\\n]*';

/** A pattern for all text that a database can store. */
const TEXT = '^[^\\u0000]*$';

const MAX_SINGLE = 3.4028234663852886e38;

/** A pattern that allows surrounding white space, which is removed. */
function textOf(pattern: string): string {
  return `^\\s*(?:${pattern})\\s*$`;
}

/** A value that is not null. */
export function typeSchema(meta: EntityMetadata, property: EntityProperty): Schema {
  const { customType, kind, items } = property;
  if (customType !== undefined && 'jsonSchema' in customType && typeof customType.jsonSchema === 'function') {
    return customType.jsonSchema() as Schema;
  }
  if (kind === 'embedded') {
    return embeddedSchema(property);
  }
  if (!isOwnType(property)) {
    // only its own conversion decides what it accepts
    return {};
  }
  const type = columnTypeOf(meta, property);
  return items === undefined || type.kind === 'array'
    ? columnSchema(type, property)
    : enumSchema((items as readonly unknown[]).filter((item) => isOfClass(meta, property, item)));
}

/** Of the discriminators of a table, an entity has its own and those of its subclasses. */
function isOfClass(meta: EntityMetadata, { name }: EntityProperty, item: unknown): boolean {
  const { property, problem } = discriminatorOf(meta) ?? {};
  return property !== name || problem?.(item) === undefined;
}

function columnSchema(type: ColumnType, property: EntityProperty): Schema {
  const { runtimeType } = property;
  switch (type.kind) {
    case 'whole':
      return wholeSchema(type.bits, runtimeType);
    case 'decimal':
      return decimalSchema(type);
    case 'float':
      return {
        type: ['number', 'string'],
        pattern: textOf(FLOAT),
        ...(type.isSingle ? { minimum: -MAX_SINGLE, maximum: MAX_SINGLE } : {}),
      };
    case 'boolean':
      return { type: ['boolean', 'string'], pattern: textOf('true|false') };
    case 'instant':
      return runtimeType === 'Date' ? { type: 'string', pattern: textOf(INSTANT_PATTERN) } : {};
    case 'date':
      return {
        type: 'string',
        pattern: textOf(runtimeType === 'Date' ? `${DAY_PATTERN}|${INSTANT_PATTERN}` : DAY_PATTERN),
      };
    case 'time':
      return { type: 'string', pattern: textOf(TIME) };
    case 'uuid':
      return { type: 'string', pattern: textOf(UUID) };
    case 'bytes':
      return { type: 'string', contentEncoding: 'base64', pattern: textOf(BASE64) };
    case 'array':
      return listSchema(type.element, property);
    case 'json':
      return {};
    default:
      return { type: 'string', pattern: TEXT, ...(type.kind === 'text' ? lengthOf(type) : {}) };
  }
}

function lengthOf({ maxLength, isPadded }: ColumnType & { kind: 'text' }): Schema {
  return maxLength === undefined || isPadded ? {} : { maxLength };
}

function wholeSchema(bits: number, runtimeType: string): Schema {
  const text = { type: ['integer', 'string'], pattern: textOf(WHOLE) };
  if (runtimeType !== 'number') {
    return text;
  }
  const limit = bits === 64 ? Number.MAX_SAFE_INTEGER : 2 ** (bits - 1) - 1;
  return { ...text, minimum: bits === 64 ? -limit : -limit - 1, maximum: limit };
}

/** Trailing zeros of the fraction are ignored. */
function decimalSchema({ precision, scale = 0 }: ColumnType & { kind: 'decimal' }): Schema {
  if (precision === undefined) {
    return { type: ['number', 'string'], pattern: textOf(DECIMAL) };
  }
  const places = precision - scale;
  const fraction = `(?:\\.(?=\\d)\\d{0,${scale}}0*)?`;
  const most = 10 ** places;
  return {
    type: ['number', 'string'],
    pattern: textOf(`-?(?=\\d)0*\\d{0,${places}}${fraction}`),
    exclusiveMinimum: -most,
    exclusiveMaximum: most,
  };
}

function enumSchema(items: readonly unknown[]): Schema {
  const numbers = items.filter((item) => typeof item === 'number');
  return numbers.length === 0
    ? { enum: items }
    : { anyOf: [{ enum: items }, { type: 'string', pattern: textOf(FLOAT) }] };
}

/** A list, or its JSON as text. */
function listSchema(element: ColumnType, property: EntityProperty): Schema {
  const { items } = property;
  // the type of the list converts elements whose type differs from that of the column
  const ofElement = items === undefined ? elementSchema(element) : { enum: items };
  return { type: ['array', 'string'], items: ofElement, pattern: textOf('\\[[^]*\\]') };
}

function elementSchema({ kind }: ColumnType): Schema {
  switch (kind) {
    case 'text':
    case 'other':
      return { type: ['string', 'number'] };
    case 'whole':
      return { type: ['integer', 'string'], pattern: textOf(WHOLE) };
    case 'decimal':
    case 'float':
      return { type: ['number', 'string'], pattern: textOf(FLOAT) };
    case 'boolean':
      return { type: ['boolean', 'string'] };
    default:
      return {};
  }
}

/** An embedded object in a JSON column, or a list of them. Member names are matched as loosely as column names. */
function embeddedSchema(property: EntityProperty): Schema {
  const { embeddable, embeddedProps, array, targetMeta } = property;
  const members = Object.entries(embeddedProps).map(([name, member]): [string, Schema] => {
    const { keywords } = ruleKeywords(embeddable as object, name);
    const schema = {
      ...strictest(typeSchema(targetMeta as EntityMetadata, member), keywords),
      ...(member.hidden ? { writeOnly: true } : {}),
    };
    return [name, isOptionalMember(property, name) ? orEmpty(schema) : schema];
  });
  const object = { type: 'object', properties: Object.fromEntries(members) };
  return array
    ? {
        anyOf: [
          { type: 'array', items: object },
          { type: 'string', pattern: textOf('\\[[^]*\\]') },
        ],
      }
    : { anyOf: [object, { type: 'string', pattern: textOf('\\{[^]*\\}') }] };
}

/** Expresses limits of numbers as patterns of their texts too: keywords for numbers do not apply to text. */
export function limitingTexts(schema: Schema): Schema {
  const { pattern, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (pattern !== textOf(WHOLE)) {
    return schema;
  }
  const least = [whole(minimum, Math.ceil), whole(exclusiveMinimum, (limit) => Math.floor(limit) + 1)];
  const most = [whole(maximum, Math.floor), whole(exclusiveMaximum, (limit) => Math.ceil(limit) - 1)];
  const known = (limits: readonly (number | undefined)[]) => limits.filter((one) => one !== undefined);
  const [low, high] = [known(least), known(most)];
  const range = wholePattern(
    low.length === 0 ? undefined : Math.max(...low),
    high.length === 0 ? undefined : Math.min(...high),
  );
  return low.length + high.length === 0 ? schema : { ...schema, pattern: textOf(range) };
}

function whole(limit: unknown, rounded: (limit: number) => number): number | undefined {
  return typeof limit === 'number' ? rounded(limit) : undefined;
}

/** The schema, or no value: null or empty text. */
export function orEmpty(schema: Schema): Schema {
  return Object.keys(schema).length === 0 ? schema : { anyOf: [schema, { enum: [null, ''] }] };
}

/** Text that is not only white space. */
export function notEmpty(schema: Schema): Schema {
  const { type, pattern } = schema;
  const isText = type === 'string' && pattern === TEXT;
  return isText ? { ...schema, minLength: 1, pattern: '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$' } : schema;
}
