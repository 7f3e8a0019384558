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
  const hidden = meta.props.filter((property) => property.hidden === true).map((property) => pathOf(meta, property));
  return (path) => hidden.some((one) => path === one || path.startsWith(`${one}.`));
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
