/** Rows that a run has stored as JSON, in the types of their entity. */
import type { Values } from '../../database/values.ts';
import { parseJson } from '../../shared/json/parse.ts';
import type { Coercion } from '../record/coercion.ts';
import { type EntityShape, toJson } from '../record/shape.ts';

/** Numbers that JSON does not have, by their names in JavaScript and PostgreSQL. */
const NAMED_NUMBERS: ReadonlyMap<unknown, number> = new Map(
  [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((number) => [String(number), number]),
);

function numberNamed(value: unknown): number | undefined {
  return NAMED_NUMBERS.get(value);
}

/** A row as JSON from which {@link storedRows} reads its values. */
export function toStoredRow(shape: Pick<EntityShape, 'stored'>, row: Values): Values {
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

/** Whether a text stands in a column of JSON: "1" would be read as the number. */
function isJsonText({ from }: Coercion, value: string): boolean {
  return from(value) !== value && from(JSON.stringify(value)) === value;
}

/** @param json a list of rows, or of some of their properties; `null` for none */
export function storedRows({ stored }: Pick<EntityShape, 'stored'>, json: string | null): Values[] {
  return (parseJson(json ?? '[]') as Values[]).map((values) =>
    Object.fromEntries(
      stored.map(({ name, coerce }) => [
        name,
        values[name] === null ? null : (coerce.from(values[name]) ?? numberNamed(values[name]) ?? values[name]),
      ]),
    ),
  );
}
