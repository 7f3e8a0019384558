/** The correction of a rejected record. */
import { isObject } from '../../shared/json/members.ts';
import type { Reject } from './reject-lines.ts';

export interface RejectField {
  /** The column or member. */
  readonly name: string;
  readonly text: string;
  readonly value: unknown;
  readonly messages: readonly string[];
}

/** The members of the record with their errors, including missing members that have errors. */
export function fieldsOf({ record, errors, map = {} }: Reject): readonly RejectField[] {
  if (!isObject(record)) {
    return [];
  }
  const names = Object.keys(record);
  const nameOf = (property: string) => map[property] ?? names.find((name) => sameName(name, property)) ?? property;
  const wrong = errors.flatMap(({ property, message }) =>
    property === null ? [] : [{ name: nameOf(property), message }],
  );
  const all = [...new Set([...names, ...wrong.map(({ name }) => name)])];
  return all.map((name) => {
    const value = record[name];
    return {
      name,
      value,
      text: value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value),
      messages: wrong.filter((one) => one.name === name).map(({ message }) => message),
    };
  });
}

/** `user_id` is the column of `userId`. */
function sameName(column: string, property: string): boolean {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[\s_.-]/g, '');
  return plain(column) === plain(property);
}

/** The errors of the record as a whole. */
export function recordMessages({ errors, record }: Reject): readonly string[] {
  return errors.filter(({ property }) => property === null || !isObject(record)).map(({ message }) => message);
}

/** The corrected record. Only edited members change; the others keep their type. */
export function correctedRecord({ record }: Reject, typed: Readonly<Record<string, string>>): unknown {
  const entries = Object.entries(typed).map(([name, text]): [string, unknown] => [name, text === '' ? null : text]);
  return { ...(record as object), ...Object.fromEntries(entries) };
}
