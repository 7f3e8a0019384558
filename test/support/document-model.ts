/** What conditions on documents mean, in plain JavaScript: what every engine has to agree with. */
import type { Condition } from '../../src/shop/documents/condition.ts';

/** Whether the condition is true of the document. */
export function isTrueOf(document: object, condition: Condition): boolean {
  const found = follow(document, condition.path);
  if (condition.kind === 'exists') {
    return found.length > 0 === condition.isThere;
  }
  const { operator, value } = condition;
  const values = found.flatMap((one) => (Array.isArray(one) ? one : [one]) as unknown[]);
  return operator === '!='
    ? !values.some((one) => one === value)
    : values.some((one) => compares(one, operator, value));
}

/** All that a path leads to; it goes through lists, to the objects in them. */
function follow(document: object, path: readonly string[]): unknown[] {
  let values: unknown[] = [document];
  for (const name of path) {
    values = values
      .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
      .filter((value) => isObject(value))
      .filter((value) => Object.hasOwn(value, name))
      .map((value) => value[name]);
  }
  return values;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function compares(one: unknown, operator: string, value: unknown): boolean {
  if (operator === '=') {
    return one === value;
  }
  if (typeof one !== typeof value || (typeof one !== 'number' && typeof one !== 'string')) {
    return false;
  }
  const order =
    typeof one === 'number' ? one - (value as number) : Buffer.compare(Buffer.from(one), Buffer.from(String(value)));
  switch (operator) {
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    default:
      return order <= 0;
  }
}
