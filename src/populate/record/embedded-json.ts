/**
 * Reads embeddables that are stored as JSON in one column: an object, or a list of objects, whose members have the types of their class.
 */
import type { EntityProperty } from '@mikro-orm/core';
import { isOptionalMember } from '../../database/declared.ts';
import { isSecret, storedName } from '../../database/property-path.ts';
import { isObject } from '../../shared/json/members.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import { WrittenNumber } from '../../shared/json/written-number.ts';
import { valueShown, withValue } from '../../shared/rules/messages.ts';
import { looseName } from '../../shared/text/column-name.ts';
import { quoted } from '../../shared/text/visible.ts';
import type { Coercion } from './coercion.ts';
import { json } from './structured.ts';

/** How to read a member of an embeddable. */
export interface Member extends Coercion {
  readonly problem: (value: unknown) => string | undefined;
  readonly toJson: (value: unknown) => unknown;
}

type Read = { readonly value: unknown } | { readonly problem: string };

/** @param memberOf returns how to read members that are not embeddables */
export function embeddedJson(property: EntityProperty, memberOf: (member: EntityProperty) => Member): Coercion {
  const members = new Map<EntityProperty, Member>();
  const member = (one: EntityProperty) => {
    const known = members.get(one) ?? memberOf(one);
    members.set(one, known);
    return known;
  };
  const read = (given: unknown, label: string) => {
    const value = json.from(given);
    // text that is not JSON is shown unchanged
    return readEmbedded(property, value === undefined ? given : value, label, member);
  };
  return {
    expected: property.array ? 'a list of objects in JSON' : 'an object in JSON',
    from(value) {
      const found = read(value, '');
      return 'value' in found ? found.value : undefined;
    },
    reason(value, label) {
      const found = read(value, label);
      return 'problem' in found ? found.problem : undefined;
    },
  };
}

type MemberOf = (member: EntityProperty) => Member;

function readEmbedded(property: EntityProperty, value: unknown, label: string, memberOf: MemberOf): Read {
  if (!property.array) {
    return readObject(property, value, label, memberOf);
  }
  if (!Array.isArray(value)) {
    return { problem: `${label} is not a list of objects in JSON${butIs(property, value)}` };
  }
  const read = value.map((one, index) => readObject(property, one, `${label}[${index}]`, memberOf));
  const wrong = read.find((one) => 'problem' in one);
  return wrong ?? { value: read.map((one) => ('value' in one ? one.value : undefined)) };
}

/** @returns the JSON for the column */
function readObject(property: EntityProperty, given: unknown, label: string, memberOf: MemberOf): Read {
  if (!isJsonObject(given)) {
    return { problem: `${label} is not an object in JSON${butIs(property, given)}` };
  }
  const named = new Map<string, unknown>();
  for (const [key, value] of Object.entries(given)) {
    const name = memberNamed(property, key);
    if (name === undefined) {
      return { problem: `${label} has no property ${quoted(key)}` };
    }
    if (!named.has(name)) {
      named.set(name, value);
    }
  }
  const stored: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(property.embeddedProps)) {
    const value = named.get(name);
    const path = `${label}.${name}`;
    if ((value ?? null) === null || value === '') {
      if (!isOptionalMember(property, name) && !isInitialised(property, name)) {
        return { problem: `${path} cannot be empty` };
      }
      continue;
    }
    const read = readMember(member, value, path, memberOf);
    if ('problem' in read) {
      return read;
    }
    stored[storedName(name, member)] = read.value;
  }
  return { value: stored };
}

/** The member that a name in JSON is of: its own name, or the one in stored JSON. Names match as loosely as those of columns. */
function memberNamed({ embeddedProps }: EntityProperty, given: string): string | undefined {
  const wanted = looseName(given);
  const members = Object.entries(embeddedProps);
  const found =
    members.find(([name]) => looseName(name) === wanted) ??
    members.find(([name, member]) => looseName(storedName(name, member)) === wanted);
  return found?.[0];
}

/** A value whose members are named as in stored JSON, so that it can be compared and merged with a stored one. */
export function withStoredNames(property: EntityProperty, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => withStoredNames(property, one));
  }
  if (!isObject(value)) {
    return value;
  }
  const named = new Map<string, unknown>();
  for (const [given, one] of Object.entries(value)) {
    const name = memberNamed(property, given);
    const member = name === undefined ? undefined : property.embeddedProps[name];
    const key = name === undefined || member === undefined ? given : storedName(name, member);
    // of two names of a member, a load takes the first
    if (!named.has(key)) {
      named.set(key, member?.kind === 'embedded' ? withStoredNames(member, one) : one);
    }
  }
  return Object.fromEntries(named);
}

function isInitialised({ embeddable }: EntityProperty, name: string): boolean {
  const sample = new (embeddable as new () => Record<string, unknown>)();
  return (sample[name] ?? null) !== null;
}

function readMember(member: EntityProperty, given: unknown, label: string, memberOf: MemberOf): Read {
  if (member.kind === 'embedded') {
    return readEmbedded(member, given, label, memberOf);
  }
  const { from, expected, problem, toJson } = memberOf(member);
  const value = from(given instanceof WrittenNumber ? given.text : given);
  if (value === undefined) {
    return { problem: `${label} is not ${expected}${butIs(member, given)}` };
  }
  const clause = problem(value);
  if (clause !== undefined) {
    return { problem: `${label} ${member.hidden === true ? clause : withValue(clause, given)}` };
  }
  const form = toJson(value);
  return { value: form instanceof Date ? form.toISOString() : form };
}

function butIs(property: EntityProperty, value: unknown): string {
  return isSecret(property) ? '' : `, but ${valueShown(value)}`;
}
