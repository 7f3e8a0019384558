/** Merges the rows that a search has found by several properties into one list. */
import { type Entity, keyOf, type Property, type Row, valueAt } from '../frame/description.ts';
import { textOf } from '../frame/text.ts';

/** Removes duplicates of rows that several properties have matched, and sorts the rows like the list. */
export function distinctRows(entity: Entity, rows: readonly Row[], sort?: string): readonly Row[] {
  const distinct = [
    ...new Map(rows.map((row) => [keyOf(entity, row).map(encodeURIComponent).join('/'), row])).values(),
  ];
  const property = entity.properties.find(({ label }) => label === sort?.replace(/^-/, ''));
  if (property === undefined) {
    return distinct;
  }
  const direction = sort?.startsWith('-') ? -1 : 1;
  const value = (row: Row) => valueAt(row, property.path);
  return distinct.sort((a, b) => direction * compared(property, value(a), value(b)));
}

function compared({ kind, ignoresCase }: Property, a: unknown, b: unknown): number {
  if (kind === 'whole' || kind === 'number') {
    return compareNumbers(textOf(a), textOf(b));
  }
  const text = (value: unknown) => (ignoresCase ? textOf(value).toLowerCase() : textOf(value));
  return order(text(a), text(b));
}

/** Compares numbers as text, since they may have more digits than JavaScript numbers. */
function compareNumbers(a: string, b: string): number {
  return WHOLE.test(a) && WHOLE.test(b) ? order(BigInt(a), BigInt(b)) : order(Number(a), Number(b));
}

const WHOLE = /^-?\d+$/;

function order<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
