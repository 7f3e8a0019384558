/** The one way from untrusted input to an entity: coerce strictly, then apply the rules on the entity class. */
import { validateSync } from 'class-validator';
import type { RawRecord } from '../read/source.ts';
import type { Columns } from './columns.ts';
import type { EntityShape, PropertyShape } from './shape.ts';

export interface RecordError {
  /** `null` when the error is not about one property. */
  readonly property: string | null;
  /** A class-validator rule, or `duplicate`, `conflict`, `reference`, `parse`. */
  readonly code: string;
  readonly message: string;
}

export type Values = Record<string, unknown>;

/** A record is either an entity or the list of all that is wrong with it. */
export type Validated = { readonly entity: Values } | { readonly errors: readonly RecordError[]; readonly id: unknown };

/** Rules that ask whether there is a value at all, and rules that ask for its type. */
const PRESENCE_RULES = new Set(['isNotEmpty', 'isDefined']);
const TYPE_RULES = new Set(['isInt', 'isNumber', 'isString', 'isBoolean', 'isDate']);

export function validate(shape: EntityShape, columns: Columns, raw: RawRecord): Validated {
  if (raw.problem !== undefined) {
    return { errors: [parseError(null, raw.problem)], id: undefined };
  }
  const record = raw.record as Record<string, unknown>;
  const assigned = columns.assign(Object.keys(record));
  if (typeof assigned === 'string') {
    return { errors: [parseError(null, assigned)], id: undefined };
  }
  const entity = new shape.entity() as Values;
  const errors: RecordError[] = [];
  const misfits: PropertyShape[] = [];
  for (const property of shape.properties) {
    const column = assigned.get(property.name);
    const given = trimmed(column === undefined ? undefined : record[column]);
    const unusable = unusableText(given);
    if (unusable !== undefined) {
      errors.push(parseError(property.name, `${property.name} ${unusable}`));
      continue;
    }
    if (isAbsent(given)) {
      if (column !== undefined || property.required || property.nullable) {
        entity[property.name] = property.nullable ? null : given;
      }
      continue;
    }
    const value = property.coerce.from(given);
    entity[property.name] = value === undefined ? given : value;
    if (value === undefined) {
      misfits.push(property);
    }
  }
  errors.push(...ruleErrors(entity, new Set(errors.map(({ property }) => property))));
  for (const { name, coerce } of misfits) {
    // the database must never be the one to notice, even where the entity has no rule for the type
    if (!errors.some(({ property }) => property === name)) {
      errors.push(parseError(name, `${name} is not ${coerce.expected}`));
    }
  }
  return errors.length === 0 ? { entity } : { errors, id: entity[shape.primaryKey] };
}

/** All that the decorators on the entity's class find wrong with it, except in the properties to `skip`. */
export function ruleErrors(entity: object, skip: ReadonlySet<string | null> = new Set()): RecordError[] {
  return validateSync(entity, { forbidUnknownValues: false, validationError: { target: false } })
    .filter(({ property }) => !skip.has(property))
    .flatMap(({ property, constraints }) =>
      withoutConsequences(
        Object.entries(constraints ?? {}).map(([code, message]) => ({ property, code, message })),
      ),
    );
}

/**
 * Of one property's errors, those that stand for themselves. That an empty value is no number, or that text is not
 * positive, follows from its being empty, or text, and would only bury the error that has to be mended.
 */
function withoutConsequences(errors: RecordError[]): RecordError[] {
  const presence = errors.filter(({ code }) => PRESENCE_RULES.has(code));
  const type = errors.filter(({ code }) => TYPE_RULES.has(code));
  return [presence, type, errors].find(({ length }) => length > 0) ?? errors;
}

function trimmed(value: unknown): unknown {
  return typeof value === 'string' ? value.trim() : value;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** Text that not every database can hold as it is. */
function unusableText(value: unknown): string | undefined {
  if (typeof value !== 'string') {
    return undefined;
  }
  if (value.includes('\0')) {
    return 'holds a NUL character';
  }
  return value.isWellFormed() ? undefined : 'holds half of a surrogate pair';
}

function parseError(property: string | null, message: string): RecordError {
  return { property, code: 'parse', message };
}
