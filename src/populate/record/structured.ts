/** Coercions to JSON, lists and bytes: as in JSON files, or as JSON text or base64 in a CSV field. */
import { holdsWrittenNumber, WrittenNumber } from '../../shared/json/written-number.ts';
import { readNestedJson } from '../read/json-value.ts';
import type { Coercion } from './coercion.ts';

export const json: Coercion = {
  expected: 'JSON, such as {"a": 1} or [1, 2], with numbers that JavaScript has',
  from(value) {
    const given = typeof value === 'string' ? parsed(value) : value;
    return given === null || holdsWrittenNumber(given) ? undefined : given;
  },
};

/** @param element how to read the elements; a number may be an element of a list of text */
export function listOf(element: Coercion): Coercion {
  const from = (value: unknown) => {
    const given = value instanceof WrittenNumber ? value.text : value;
    return element.from(given) ?? (typeof given === 'number' ? element.from(String(given)) : undefined);
  };
  return {
    expected: `a list in JSON, such as ["a", "b"], of which each element is ${element.expected}`,
    from(value) {
      const given = typeof value === 'string' ? parsed(value) : value;
      if (!Array.isArray(given)) {
        return undefined;
      }
      const elements = given.map(from);
      return elements.includes(undefined) ? undefined : elements;
    },
  };
}

export const bytes: Coercion = {
  expected: 'base64, such as aGVsbG8=',
  from(value) {
    if (value instanceof Uint8Array) {
      return Buffer.from(value);
    }
    const text = typeof value === 'string' ? value.replace(/[\r\n]+/g, '') : undefined;
    const read = text === undefined ? undefined : Buffer.from(text, 'base64');
    // Node skips invalid base64 characters
    return read?.toString('base64') === text ? read : undefined;
  },
};

function parsed(text: string): unknown {
  const read = readNestedJson(text);
  return 'value' in read ? read.value : undefined;
}
