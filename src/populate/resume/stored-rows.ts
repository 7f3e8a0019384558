/** Rows that a run has stored as JSON, in the types of their entity. */
import type { Values } from '../../database/values.ts';
import { parseJson } from '../../shared/json/parse.ts';
import type { EntityShape } from '../record/shape.ts';

/** @param json a list of rows, or of some of their properties; `null` for none */
export function storedRows({ stored }: Pick<EntityShape, 'stored'>, json: string | null): Values[] {
  return (parseJson(json ?? '[]') as Values[]).map((values) =>
    Object.fromEntries(
      stored.map(({ name, coerce }) => [
        name,
        values[name] === null ? null : (coerce.from(values[name]) ?? values[name]),
      ]),
    ),
  );
}
