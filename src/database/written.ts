/** Decides which properties a statement can set. */
import type { EntityProperty } from '@mikro-orm/core';

/** A column that the database generates unless a value is given. */
const IDENTITY = 'by default as identity';

/** A column that the database always generates, unless a statement overrides it. */
const ALWAYS = 'identity';

/** Whether the database always generates the primary key. */
export function isAlwaysGenerated({ primary, generated }: EntityProperty): boolean {
  return primary === true && generated === ALWAYS;
}

/** Whether a statement can set the property: not if it is computed or not stored. */
export function isWritten(property: EntityProperty): boolean {
  const { kind, object, persist, generated, formula } = property;
  const isAlways = isAlwaysGenerated(property);
  const isInColumn = kind === 'scalar' || (kind === 'embedded' && object === true);
  return isInColumn && persist !== false && (!generated || generated === IDENTITY || isAlways) && !formula;
}
