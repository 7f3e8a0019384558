/** The one way from untrusted input to an entity: coerce strictly, then apply the rules on the entity class. */
import type { RawRecord } from '../read/source.ts';
import type { Columns } from './columns.ts';
import { type RecordError, ruleErrors } from './rules.ts';
import type { EntityShape } from './shape.ts';

export type Values = Record<string, unknown>;

/** A record is either an entity or the list of all that is wrong with it. */
export type Validated = { readonly entity: Values } | { readonly errors: readonly RecordError[]; readonly id: unknown };

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
  let id: unknown;
  const misfits: { readonly property: string; readonly sentence: string }[] = [];
  for (const property of shape.properties) {
    const column = assigned.get(property.name);
    const given = trimmed(column === undefined ? undefined : record[column]);
    if (property.name === shape.primaryKey) {
      id = property.coerce.from(given) ?? given;
    }
    const unusable = unusableText(given);
    if (unusable !== undefined) {
      errors.push(parseError(property.name, `${property.name} ${unusable}`));
      continue;
    }
    if (isAbsent(given)) {
      if (property.nullable) {
        // without a column for it, nothing is said of it: what a row holds there stays
        entity[property.name] = column === undefined ? undefined : null;
      } else if (property.required) {
        entity[property.name] = given;
        if (property.coerce.from(given) === undefined) {
          misfits.push({ property: property.name, sentence: `${property.name} cannot be empty` });
        }
      }
      continue;
    }
    const value = property.coerce.from(given);
    entity[property.name] = value ?? property.coerce.misfit?.(given) ?? given;
    if (value === undefined) {
      misfits.push({ property: property.name, sentence: `${property.name} is not ${property.coerce.expected}` });
    }
  }
  if (errors.length === 0 && misfits.length === 0 && shape.keepsRules(entity)) {
    return { entity };
  }
  const unreadable = new Set(errors.map(({ property }) => property));
  errors.push(...ruleErrors(entity).filter(({ property }) => !unreadable.has(property)));
  for (const misfit of misfits) {
    // the database must never be the one to notice, even where the entity has no rule for the type
    if (!errors.some(({ property }) => property === misfit.property)) {
      errors.push(parseError(misfit.property, misfit.sentence));
    }
  }
  return errors.length === 0 ? { entity } : { errors, id };
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
