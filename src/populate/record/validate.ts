/** Converts untrusted input to an entity: coerces values strictly, then applies the rules of the entity class. */
import type { Values } from '../../database/values.ts';
import { WrittenNumber } from '../../shared/json/written-number.ts';
import { valueShown, withValue } from '../../shared/rules/messages.ts';
import type { RecordError } from '../../shared/rules/rules.ts';
import { quoted, shown } from '../../shared/text/visible.ts';
import { FieldRecord } from '../read/field-record.ts';
import type { RawRecord } from '../read/source.ts';
import { allErrors } from './all-errors.ts';
import type { Coercion } from './coercion.ts';
import type { Columns, Layout } from './columns.ts';
import type { Embedded } from './embedded.ts';
import { absenceOf, Findings, noAbsence } from './findings.ts';
import { MAX_TEXT_CHARACTERS } from './scalars.ts';
import { type EntityShape, type PropertyShape, shapeFor } from './shape.ts';

/** A record becomes either an entity or a list of all its errors. */
export type Validated = { readonly entity: Values } | { readonly errors: readonly RecordError[]; readonly id: unknown };

/** @param kept values of an existing row that the record does not supply: rules see them, but they do not become part of the entity */
export function validate(table: EntityShape, columns: Columns, raw: RawRecord, kept?: Readonly<Values>): Validated {
  const shape = shapeFor(table, raw.file);
  if (raw.problem !== undefined) {
    return { errors: [parseError(null, raw.problem)], id: undefined };
  }
  const row = raw instanceof FieldRecord ? raw : undefined;
  const record = row === undefined ? recordOf(shape, raw.record as Values) : {};
  const layout = columns.layoutOf(row?.columns ?? Object.keys(record), raw.map);
  if (layout.problem !== undefined) {
    return { errors: [parseError(null, layout.problem)], id: undefined };
  }
  const values: readonly unknown[] = row?.fields ?? Object.values(record);
  const { properties } = shape;
  const entity = new shape.entity() as Values;
  const absence = kept === undefined ? absenceOf(shape, layout) : noAbsence(shape);
  const findings = new Findings(absence);
  for (const name of absence.empty) {
    entity[name] = undefined;
  }
  for (const index of absence.looked) {
    const property = properties[index] as PropertyShape;
    const at = layout.indexes[index] ?? -1;
    if (at === -1 && kept !== undefined && Object.hasOwn(kept, property.name)) {
      entity[property.name] = kept[property.name];
      findings.addUnsupplied(property.name);
      continue;
    }
    const value = at === -1 ? undefined : values[at];
    const quick = typeof value === 'string' ? property.coerce.quick?.(value) : undefined;
    if (quick !== undefined && quick !== null) {
      entity[property.name] = quick;
    } else {
      const isSpaced = raw.isSpaced === true && property.coerce.reads === undefined;
      take(
        entity,
        shape,
        property,
        at !== -1,
        isSpaced ? value : trimmed(value),
        isNumber(raw, layout, at, value),
        findings,
      );
    }
  }
  for (const { name, key } of shape.relations) {
    if (key.properties.length > 1) {
      // for the rules of the relation
      const id = key.of(entity);
      entity[name] = id === undefined ? undefined : key.valuesOf(id);
    }
  }
  const held = shape.embedded && embed(shape.embedded, entity, findings);
  const broken = shape.ruleErrors(entity, findings.filled);
  if (findings.errors.length > 0 || findings.misfits.length > 0 || broken.length > 0) {
    const list =
      row === undefined && layout.indexes.every((at) => at === -1) ? listIn(raw.record as object) : undefined;
    if (list !== undefined) {
      const sentence = `No key of the record is a property of ${shape.entity.name}, and ${quoted(list)} holds a list: if the records are in that list, take it out of the file first`;
      return { errors: [parseError(null, sentence)], id: undefined };
    }
    return { errors: allErrors(entity, findings, broken), id: idIn(shape, layout, values) };
  }
  if (held !== undefined) {
    Object.assign(entity, held);
  }
  for (const name of findings.unsupplied) {
    // the rules have checked the initial value, or the kept one; a new row gets its own when it is written
    entity[name] = undefined;
  }
  return { entity };
}

function recordOf({ embedded }: EntityShape, record: Values): Readonly<Values> {
  return embedded === undefined ? record : embedded.flatten(record);
}

/** Sets the embedded objects, for the rules. @returns the values that restore the columns */
function embed(embedded: Embedded, entity: Values, findings: Findings): Values {
  for (const label of embedded.incomplete(entity)) {
    findings.addMisfit({ property: label, code: 'parse', sentence: `${label} cannot be empty` });
  }
  return embedded.embed(entity);
}

/** The primary key of an invalid record, for reports; `undefined` if it has none. */
function idIn({ properties, primaryKey }: EntityShape, { indexes }: Layout, values: readonly unknown[]): unknown {
  const parts = primaryKey.properties.map((name) => {
    const index = properties.findIndex((property) => property.name === name);
    const value = trimmed(values[indexes[index] ?? -1]);
    const property = properties[index];
    return property?.coerce.from(standardOf(property.coerce, value)) ?? shortened(value);
  });
  const isWhole = parts.every((part) => !isAbsent(part));
  return parts.length === 1 ? primaryKey.shown(parts[0]) : isWhole ? parts.join(', ') : undefined;
}

/** Assigns a value to a property, or records why it cannot. */
function take(
  entity: Values,
  { defaults }: EntityShape,
  property: PropertyShape,
  hasColumn: boolean,
  written: unknown,
  isJsonNumber: boolean,
  findings: Findings,
): void {
  const { name, label, isHidden, isSecret, nullable, required, isFilled, implied, coerce, problem } = property;
  const given = typeof written === 'string' && coerce.nulls?.has(written.trim()) ? null : written;
  const unusable = unusableText(given);
  if (unusable !== undefined) {
    findings.addError(parseError(label, `${label} ${unusable}`));
    return;
  }
  if (isAbsent(given)) {
    if (implied !== undefined) {
      entity[name] = implied;
    } else if (defaults.initialised.has(name) && !(nullable && hasColumn)) {
      findings.addUnsupplied(name);
    } else if (nullable && (hasColumn || !isFilled)) {
      // without a column, the value of an existing row is kept
      entity[name] = hasColumn ? null : undefined;
    } else if (required) {
      entity[name] = given;
      const value = coerce.from(given);
      if (value === undefined || problem?.(value) !== undefined) {
        const clause = 'cannot be empty';
        const isNull = given !== written && !isSecret;
        const sentence = `${label} ${isNull ? `${withValue(clause, written)}, which stands for no value` : clause}`;
        findings.addMisfit({ property: label, code: 'parse', sentence });
      }
    } else {
      // an initial null is not a value of the record
      entity[name] = undefined;
      findings.addFilled(label);
    }
    return;
  }
  const value = coerce.from(isJsonNumber ? given : standardOf(coerce, given));
  const reason = value === undefined ? coerce.reason?.(given, label) : undefined;
  entity[name] = value ?? coerce.misfit?.(given) ?? given;
  if (reason !== undefined) {
    // rule errors for an object would hide why it is invalid
    entity[name] = undefined;
    findings.addFilled(label);
  }
  const clause = value === undefined ? wrongType(property, given) : wrongSize(property, value, given);
  if (clause !== undefined) {
    findings.addMisfit({
      property: label,
      code: value === undefined ? 'parse' : 'column',
      sentence: reason === undefined || isHidden ? `${label} ${clause}` : reason,
      advice: value === undefined && !isSecret ? coerce.advice?.(given) : undefined,
    });
  }
}

function wrongType({ coerce, isSecret }: PropertyShape, given: unknown): string {
  return `is not ${coerce.expected}${isSecret ? '' : `, but ${valueShown(given)}`}`;
}

/** Why a value does not fit its column, as a clause; `undefined` if it does. */
function wrongSize({ problem, isSecret }: PropertyShape, value: unknown, given: unknown): string | undefined {
  const clause = problem?.(value);
  return clause === undefined || isSecret ? clause : withValue(clause, given);
}

/** Text as `from` expects it; text in another notation than the file's is no value. */
function standardOf({ standard }: Coercion, given: unknown): unknown {
  return typeof given === 'string' && standard !== undefined ? standard(given) : given;
}

/** Whether a value is a JSON number, to which number settings of the file do not apply. */
function isNumber({ numbers }: RawRecord, { columns }: Layout, at: number, value: unknown): boolean {
  return value instanceof WrittenNumber || (numbers?.has(columns[at] ?? '') ?? false);
}

function trimmed(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.trim();
  }
  return value instanceof WrittenNumber ? value.text : value;
}

/** An invalid id, shortened for reports. */
function shortened(value: unknown): unknown {
  return typeof value === 'string' ? shown(value) : value;
}

/** The key of a list of objects. Servers often wrap the records in such an object. */
function listIn(record: object): string | undefined {
  return Object.entries(record).find(
    ([, value]) => Array.isArray(value) && value.every((one) => typeof one === 'object'),
  )?.[0];
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** Why text is too long to be validated, or cannot be stored in every database. */
function unusableText(value: unknown): string | undefined {
  if (typeof value !== 'string') {
    return undefined;
  }
  if (value.length > MAX_TEXT_CHARACTERS) {
    return `has more than ${MAX_TEXT_CHARACTERS.toLocaleString('en')} characters`;
  }
  if (value.includes('\0')) {
    return 'holds a NUL character';
  }
  return value.isWellFormed() ? undefined : 'holds half of a surrogate pair';
}

function parseError(property: string | null, message: string): RecordError {
  return { property, code: 'parse', message };
}
