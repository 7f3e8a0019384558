/**
 * Reads embeddables that are stored as JSON in one column: an object, or a list of objects, whose members have the types of their class.
 */
import type { EntityProperty } from '@mikro-orm/core';
import { isOptionalMember } from '../../database/declared.ts';
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
  const members = Object.entries(property.embeddedProps);
  const unknown = Object.keys(given).find((key) => !members.some(([name]) => looseName(name) === looseName(key)));
  if (unknown !== undefined) {
    return { problem: `${label} has no property ${quoted(unknown)}` };
  }
  const stored: Record<string, unknown> = {};
  for (const [name, member] of members) {
    const key = Object.keys(given).find((one) => looseName(one) === looseName(name));
    const value = key === undefined ? undefined : given[key];
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
    stored[member.fieldNames[0] ?? name] = read.value;
  }
  return { value: stored };
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

function butIs({ hidden }: EntityProperty, value: unknown): string {
  return hidden === true ? '' : `, but ${valueShown(value)}`;
}
