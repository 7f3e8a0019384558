/** The rows that share a key with the records of a batch, updated with each decision. */
import type { NaturalKey } from '../../database/declaration.ts';
import type { Key } from '../../database/key.ts';
import type { Values } from '../../database/values.ts';
import { contentOf } from '../../shared/json/content.ts';

/** Layered: decisions that may be rolled back are in their own layer, which is merged into the one below when they are final. */
export class KnownRows {
  readonly #primaryKey: Key;
  readonly #keys: readonly NaturalKey[];
  readonly #below: KnownRows | undefined;
  readonly #byId = new Map<unknown, Values>();
  /** Key -> its text -> the primary key of the row that has it; `undefined` if no row has it any more. */
  readonly #owners: ReadonlyMap<NaturalKey, Map<string, unknown>>;
  readonly #accepted = new Set<unknown>();

  constructor(primaryKey: Key, keys: readonly NaturalKey[], existing: readonly Values[], below?: KnownRows) {
    this.#primaryKey = primaryKey;
    this.#keys = keys;
    this.#below = below;
    this.#owners = new Map(keys.map((key) => [key, new Map()]));
    for (const row of existing) {
      this.put(row);
    }
  }

  layer(): KnownRows {
    return new KnownRows(this.#primaryKey, this.#keys, [], this);
  }

  /** Merges this layer into the one below. */
  settle(): void {
    for (const row of this.#byId.values()) {
      this.#below?.put(row);
    }
    for (const id of this.#accepted) {
      this.#below?.accept(id);
    }
  }

  get(id: unknown): Values | undefined {
    return this.#byId.get(id) ?? this.#below?.get(id);
  }

  /** The primary key of the row that has this unique key. */
  owner(entity: Values, key: NaturalKey): unknown {
    const text = keyOf(entity, key);
    return text === undefined ? undefined : this.#ownerOf(key, text);
  }

  #ownerOf(key: NaturalKey, text: string): unknown {
    const owners = this.#owners.get(key);
    if (owners?.has(text)) {
      return owners.get(text);
    }
    return this.#below === undefined ? undefined : this.#below.#ownerOf(key, text);
  }

  put(row: Values): void {
    const id = this.#primaryKey.of(row);
    const before = this.get(id);
    for (const [key, owners] of this.#owners) {
      const freed = before && keyOf(before, key);
      if (freed !== undefined) {
        owners.set(freed, undefined);
      }
      const text = keyOf(row, key);
      if (text !== undefined) {
        owners.set(text, id);
      }
    }
    this.#byId.set(id, row);
  }

  /** Adds the primary key of an accepted record. */
  accept(id: unknown): void {
    this.#accepted.add(id);
  }

  isAccepted(id: unknown): boolean {
    return this.#accepted.has(id) || this.#below?.isAccepted(id) === true;
  }
}

/** A natural key of an entity as text for comparison; `undefined` if the key does not apply. */
export function keyOf(entity: Values, key: NaturalKey): string | undefined {
  const { properties, ignoreCase, onlyWithout } = key;
  if (onlyWithout !== undefined && (entity[onlyWithout] ?? null) !== null) {
    return undefined;
  }
  const values = properties.map((name) => entity[name] ?? null);
  if (values.includes(null)) {
    return undefined;
  }
  const text = values.some(isStructured) ? contentOf(values) : JSON.stringify(values);
  // ASCII only, like SQLite's NOCASE and the domain name system: the same on every engine and in every locale
  return ignoreCase ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}

function isStructured(value: unknown): boolean {
  return typeof value === 'bigint' || typeof value === 'object';
}
