/** The paths of properties in messages, and which of their values are hidden. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { looseName } from '../shared/text/column-name.ts';

/** `address.street` for a member of an embeddable. */
export function pathOf(meta: EntityMetadata, { name, embedded }: EntityProperty): string {
  const owner = embedded && (meta.properties[embedded[0] as never] as EntityProperty | undefined);
  return owner === undefined ? name : `${pathOf(meta, owner)}.${embedded?.[1]}`;
}

/** Stands for a value that must not be shown. */
export const HIDDEN_VALUE = '(hidden)';

/** @returns a function that tells whether the property at a path, or one that contains it, has `hidden: true` */
export function hiddenIn(meta: EntityMetadata): (path: string) => boolean {
  const hidden = hiddenPaths(meta);
  return (path) => hidden.some((one) => isWithin(one, path));
}

/**
 * @returns a function that tells whether messages must not show the value at a path: it is hidden, or an object with hidden members. The path
 *   may have indexes of lists in it: `others.0.pin`
 */
export function secretIn(meta: EntityMetadata): (path: string) => boolean {
  const hidden = hiddenPaths(meta);
  return (path) => {
    const declared = path.replace(/\.\d+(?=\.|$)/g, '');
    return hidden.some((one) => isWithin(one, declared) || isWithin(declared, one));
  };
}

function hiddenPaths(meta: EntityMetadata): readonly string[] {
  return meta.props.filter((property) => property.hidden === true).map((property) => pathOf(meta, property));
}

function isWithin(owner: string, path: string): boolean {
  return path === owner || path.startsWith(`${owner}.`);
}

/** Whether messages must not show the values of a property, or of a member: it has `hidden: true`, or a member of it has. */
export function isSecret(property: EntityProperty): boolean {
  return property.hidden === true || hiddenMembersOf(property) !== undefined;
}

/**
 * The hidden members of an embedded object that is JSON in its column, by their {@link looseName} in the stored JSON: `true` for a hidden
 * member, else the hidden ones within it.
 */
export type HiddenMembers = ReadonlyMap<string, true | HiddenMembers>;

/** @returns `undefined` for values without hidden members */
export function hiddenMembersOf({ kind, embeddedProps }: EntityProperty): HiddenMembers | undefined {
  const members = Object.entries(kind === 'embedded' ? (embeddedProps ?? {}) : {}).flatMap(
    ([name, member]): [string, true | HiddenMembers][] => {
      const hidden = member.hidden === true || hiddenMembersOf(member);
      return hidden === undefined ? [] : [[looseName(storedName(name, member)), hidden]];
    },
  );
  return members.length === 0 ? undefined : new Map(members);
}

/** The name of a member in stored JSON, which a naming strategy may derive: `door_number` for `doorNumber`. */
export function storedName(name: string, { fieldNames }: EntityProperty): string {
  return fieldNames[0] ?? name;
}
