/** Which properties a statement can give a value. */
import type { EntityProperty } from '@mikro-orm/core';

/** A column that the database fills only where nothing is given. */
const IDENTITY = 'by default as identity';

/** A column that the database fills in any case, unless a statement overrides it. */
const ALWAYS = 'identity';

/** Whether the database always generates the primary key. */
export function isAlwaysGenerated({ primary, generated }: EntityProperty): boolean {
  return primary === true && generated === ALWAYS;
}

/** Whether a statement can give it a value: not what the database computes, nor what is in no column. */
export function isWritten(property: EntityProperty): boolean {
  const { kind, object, persist, generated, formula } = property;
  const isAlways = isAlwaysGenerated(property);
  const isInColumn = kind === 'scalar' || (kind === 'embedded' && object === true);
  return isInColumn && persist !== false && (!generated || generated === IDENTITY || isAlways) && !formula;
}
