/** Converts rows that a run has stored as JSON to the types of their entity. */
import type { Values } from '../../database/values.ts';
import { parseJson } from '../../shared/json/parse.ts';
import type { Coercion } from '../record/coercion.ts';
import { type EntityShape, toJson } from '../record/shape.ts';

/** Numbers that JSON does not support, by their names in JavaScript and PostgreSQL. */
const NAMED_NUMBERS: ReadonlyMap<unknown, number> = new Map(
  [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((number) => [String(number), number]),
);

function numberNamed(value: unknown): number | undefined {
  return NAMED_NUMBERS.get(value);
}

/** The member of a previous row that contains its values as stored. No property has this name. */
const STORED = '';

/** A row before its update, as JSON for {@link rowsBefore}. */
export function toRowBefore(shape: Pick<EntityShape, 'stored'>, row: Values, stored?: Values): Values {
  const forms = toStoredRow(shape, row);
  return stored === undefined ? forms : { ...forms, [STORED]: stored };
}

/** A row before an update that is reverted. */
export interface RowBefore {
  readonly before: Values;
  /** Values that JavaScript would change, as the database stores them; empty for runs of an earlier version. */
  readonly stored: Values;
}

/** Primary key -> the values of the row before a batch has updated it. */
export function rowsBefore(
  { stored, primaryKey }: Pick<EntityShape, 'stored' | 'primaryKey'>,
  json: string | null,
): Map<unknown, RowBefore> {
  const rows = parseJson(json ?? '[]') as Values[];
  return new Map(
    rows.map((row) => {
      const before = valuesIn(stored, row);
      return [primaryKey.of(before), { before, stored: (row[STORED] ?? {}) as Values }];
    }),
  );
}

function toStoredRow(shape: Pick<EntityShape, 'stored'>, row: Values): Values {
  const forms: Record<string, unknown> = { ...toJson(shape, row) };
  for (const { name, coerce } of shape.stored) {
    const value = forms[name];
    if (typeof value === 'number' && !Number.isFinite(value)) {
      // no record has such a number, but a row of another program may
      forms[name] = String(value);
    } else if (typeof value === 'string' && isJsonText(coerce, value)) {
      forms[name] = JSON.stringify(value);
    }
  }
  return forms;
}

/** Whether a text is in a JSON column: "1" would be read as a number. */
function isJsonText({ from }: Coercion, value: string): boolean {
  return from(value) !== value && from(JSON.stringify(value)) === value;
}

/** @param json a list of rows, or of some of their properties; `null` for none */
export function storedRows({ stored }: Pick<EntityShape, 'stored'>, json: string | null): Values[] {
  return (parseJson(json ?? '[]') as Values[]).map((values) => valuesIn(stored, values));
}

function valuesIn(stored: EntityShape['stored'], values: Values): Values {
  return Object.fromEntries(
    stored.map(({ name, coerce }) => [
      name,
      values[name] === null ? null : (coerce.from(values[name]) ?? numberNamed(values[name]) ?? values[name]),
    ]),
  );
}
