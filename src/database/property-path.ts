/** Properties by the paths that messages name them with, and those whose values no message may show. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';

/** `address.street` for a member of an embeddable. */
export function pathOf(meta: EntityMetadata, { name, embedded }: EntityProperty): string {
  const owner = embedded && (meta.properties[embedded[0] as never] as EntityProperty | undefined);
  return owner === undefined ? name : `${pathOf(meta, owner)}.${embedded?.[1]}`;
}

/** @returns whether the property at a path has `hidden: true`, or is a member of one that has */
export function hiddenIn(meta: EntityMetadata): (path: string) => boolean {
  const hidden = meta.props.filter((property) => property.hidden === true).map((property) => pathOf(meta, property));
  return (path) => hidden.some((one) => path === one || path.startsWith(`${one}.`));
}
