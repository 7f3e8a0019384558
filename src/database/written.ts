/** Which properties a statement can give a value. */
import type { EntityProperty } from '@mikro-orm/core';

/** A column that the database fills only where nothing is given. */
const IDENTITY = 'by default as identity';

/** Whether a statement can give it a value: not what the database computes, nor what is in no column. */
export function isWritten({ kind, object, persist, generated, formula }: EntityProperty): boolean {
  const isInColumn = kind === 'scalar' || (kind === 'embedded' && object === true);
  return isInColumn && persist !== false && (!generated || generated === IDENTITY) && !formula;
}
