/** Reads the record in a request body: JSON whose members are properties of the entity, with exactly their names. */
import type { Values } from '../../database/values.ts';
import { readJson } from '../../populate/read/json-value.ts';
import type { EntityShape, PropertyShape } from '../../populate/record/shape.ts';
import { isObject } from '../../shared/json/members.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import type { RecordError } from '../../shared/rules/rules.ts';
import { suggestion } from '../../shared/text/suggest.ts';
import { quoted, shown } from '../../shared/text/visible.ts';
import { Problem } from '../problem.ts';
import { pathTo } from './representation.ts';

/** Member -> the members of its embedded object; `undefined` for a scalar. */
export interface Members {
  readonly [name: string]: Members | undefined;
}

/** The members that a record of the entity may have. */
export function membersOf({ properties }: Pick<EntityShape, 'properties'>): Members {
  const members: Record<string, Members | undefined> = Object.create(null);
  for (const { name, label } of properties) {
    let inner = members;
    const path = pathTo(name, label);
    for (const part of path.slice(0, -1)) {
      inner[part] ??= Object.create(null) as Members;
      inner = inner[part] as Record<string, Members | undefined>;
    }
    inner[path.at(-1) ?? name] = undefined;
  }
  return members;
}

export interface RequestRecord {
  readonly record: Values;
  /** Members whose text is a number. */
  readonly numbers?: ReadonlySet<string>;
}

/** @throws Problem 400 for text that is not a JSON object */
export function readRecord(text: unknown): RequestRecord {
  const read = readJson(typeof text === 'string' ? text : '');
  if ('fault' in read) {
    throw new Problem(400, 'usage', `The body is not JSON: ${read.fault} (character ${read.at + 1}).`);
  }
  if ('problem' in read || !isJsonObject(read.value)) {
    throw new Problem(400, 'usage', 'problem' in read ? `${read.problem}.` : 'The body is not a JSON object.');
  }
  return { record: read.value, ...(read.numbers === undefined ? {} : { numbers: read.numbers }) };
}

/** An error for each member that the entity does not have; a load ignores such a column, with a warning. */
export function unknownMembers(
  members: Members,
  record: Readonly<Values>,
  path: readonly string[] = [],
): RecordError[] {
  return Object.entries(record).flatMap(([name, value]): RecordError[] => {
    if (!(name in members)) {
      const property = [...path, shown(name)].join('.');
      const message = `There is no property ${quoted(name)}. ${suggestion(name, Object.keys(members))}`.replace(
        /\.$/,
        '',
      );
      return [{ property, code: 'unknown', message }];
    }
    const inner = members[name];
    return inner !== undefined && isJsonObject(value) ? unknownMembers(inner, value, [...path, name]) : [];
  });
}

/** Applies a merge patch (RFC 7396): null removes a member, objects are merged, everything else is replaced. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) {
    return patch;
  }
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) {
      merged.delete(name);
    } else {
      merged.set(name, mergePatch(merged.get(name), value));
    }
  }
  return Object.fromEntries(merged);
}

/** The properties that a patch does not change. It names members of embedded objects individually, or all of them by their object. */
export function unnamedIn<T extends Pick<PropertyShape, 'name' | 'label'>>(
  properties: readonly T[],
  patch: Values,
): readonly T[] {
  return properties.filter(({ name, label }) => !isNamed(patch, pathTo(name, label)));
}

function isNamed(patch: unknown, [first, ...rest]: readonly string[]): boolean {
  return first === undefined || !isObject(patch) || (Object.hasOwn(patch, first) && isNamed(patch[first], rest));
}

export function withoutProperty(record: Values, { name, label }: Pick<PropertyShape, 'name' | 'label'>): Values {
  return withoutMember(record, pathTo(name, label));
}

function withoutMember(record: Values, [first = '', ...rest]: readonly string[]): Values {
  const { [first]: inner, ...others } = record;
  if (rest.length === 0) {
    return others;
  }
  return isObject(inner) ? { ...record, [first]: withoutMember(inner, rest) } : record;
}
