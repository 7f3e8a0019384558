/** Finds the references of a load whose targets do not exist. */

import { missingKeys, type Reference } from '../../integrity/references.ts';
import { IdSet } from '../../loads/id-set.ts';
import { nextTurn } from '../../shared/environment.ts';

/** Maximum number of keys per lookup statement. */
const KEYS_PER_STATEMENT = 5000;

export interface MissingOptions {
  /** Primary keys that are known to exist in a table; those of reverted records are removed. */
  readonly known?: (table: string) => IdSet | undefined;
  /** Tables whose load stopped before its end: missing keys may still be loaded there. */
  readonly cutShort?: ReadonlySet<string>;
  /** Tables of which only a sample was read: missing keys may exist beyond it, so nothing is decided about them. */
  readonly sampled?: ReadonlySet<string>;
  /** When aborted, the check ends before its next statement. */
  readonly signal?: AbortSignal | undefined;
}

export interface MissingResult {
  /** The number of keys that are newly found to be missing. */
  readonly count: number;
  /** A table in which a missing key may still be loaded. */
  readonly cutShort?: string;
  /** Sampled tables -> number of keys that are missing there. */
  readonly beyond: ReadonlyMap<string, number>;
}

/**
 * Looks up every distinct key once, except known ones.
 *
 * @param keysOf property or relation -> the keys that records of the load have in it
 * @param missing property or relation -> keys that do not exist; newly found ones are added
 */
export async function findMissing(
  references: readonly Reference[],
  keysOf: ReadonlyMap<string, IdSet>,
  missing: ReadonlyMap<string, IdSet>,
  { known, cutShort, sampled, signal }: MissingOptions,
): Promise<MissingResult> {
  const beyond = new Map<string, number>();
  let count = 0;
  for (const reference of references) {
    const { property, target, targetKey, takesAll } = reference;
    const { name } = target.table;
    const isPrimary = String(targetKey.properties) === String(target.table.bulk().primaryKey.properties);
    const there = (isPrimary && takesAll ? known?.(name) : undefined) ?? new IdSet();
    const unknown = keysOf.get(property)?.without(there) ?? [];
    for (const keys of chunks(unknown, KEYS_PER_STATEMENT)) {
      // some drivers return without a turn of the event loop, which Ctrl-C needs
      await nextTurn();
      if (signal?.aborted) {
        return { count: 0, beyond };
      }
      const absent = await missingKeys(reference, keys);
      if (sampled?.has(name)) {
        beyond.set(name, (beyond.get(name) ?? 0) + absent.length);
        continue;
      }
      for (const key of absent) {
        if (cutShort?.has(name)) {
          return { count, cutShort: name, beyond };
        }
        missing.get(property)?.add(key);
        count++;
      }
    }
  }
  return { count, beyond };
}

function* chunks(all: Iterable<unknown>, size: number): Generator<unknown[]> {
  let chunk: unknown[] = [];
  for (const one of all) {
    chunk.push(one);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) {
    yield chunk;
  }
}
