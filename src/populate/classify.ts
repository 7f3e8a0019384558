/**
 * Decides what becomes of valid records, one after the other, as if each were written before the next is looked at.
 * The decisions depend on the order of the records only, never on how they are cut into batches.
 */
import type { DatabaseDeclaration, NaturalKey } from '../databases/declaration.ts';
import type { RecordError } from '../rules/rules.ts';
import type { IdSet } from './id-set.ts';
import type { Outcome } from './ledger.ts';
import type { EntityShape } from './record/shape.ts';
import type { Values } from './record/validate.ts';

export type OnConflict = 'reject' | 'update';

export interface Decision {
  readonly outcome: Outcome;
  readonly errors: readonly RecordError[];
  /** What an updated row held before. */
  readonly before?: Values;
  /** The whole row of an accepted record; undefined if it is the record itself. */
  readonly row?: Values;
}

export class Classifier {
  readonly #shape: EntityShape;
  readonly #keys: readonly NaturalKey[];
  readonly #onConflict: OnConflict;
  readonly #accepted: IdSet;

  /** @param accepted the primary keys of the records that earlier batches brought in; for the caller to add to */
  constructor(shape: EntityShape, declaration: DatabaseDeclaration, onConflict: OnConflict, accepted: IdSet) {
    this.#accepted = accepted;
    this.#shape = shape;
    this.#keys = declaration.naturalKeys ?? [];
    this.#onConflict = onConflict;
  }

  /**
   * @param batch valid entities, in the order of the source
   * @param created the row of each entity if it is new
   * @param existing every row that shares a primary key or a natural key with one of them
   * @returns a decision for each entity, in the same order
   */
  decide(batch: readonly Values[], created: readonly Values[], existing: readonly Values[]): Decision[] {
    const rows = new Rows(this.#shape.primaryKey, this.#keys, existing);
    // those of this batch count as accepted for good only when it is committed
    const fresh = new Set<unknown>();
    return batch.map((entity, index) => {
      const decision = this.#decideOne(entity, created[index] ?? entity, rows, fresh);
      if (decision.outcome !== 'rejected') {
        fresh.add(entity[this.#shape.primaryKey]);
      }
      if (decision.outcome === 'inserted' || decision.outcome === 'updated') {
        rows.put(over(decision.before, decision.row ?? entity));
      }
      return decision;
    });
  }

  #decideOne(given: Values, created: Values, rows: Rows, fresh: ReadonlySet<unknown>): Decision {
    const { primaryKey } = this.#shape;
    const id = given[primaryKey];
    const before = rows.get(id);
    const entity = before === undefined ? created : over(before, given);
    const taken = this.#keys.flatMap((key) => {
      const owner = rows.owner(entity, key);
      return owner === undefined || owner === id ? [] : [takenError(this.#shape, entity, key, owner)];
    });
    if (this.#accepted.has(id) || fresh.has(id)) {
      return rejected([
        {
          property: primaryKey,
          code: 'duplicate',
          message: `${capitalise(primaryKey)} ${show(id)} occurs earlier in this source`,
        },
        ...taken,
      ]);
    }
    if (before === undefined) {
      return taken.length > 0 ? rejected(taken) : { outcome: 'inserted', errors: [], row: created };
    }
    const differing = differingIn(this.#shape, before, given);
    const row = this.#shape.defaults.merged(before, given);
    if (differing.length === 0) {
      return { outcome: 'unchanged', errors: [], row };
    }
    if (this.#onConflict === 'update') {
      return taken.length > 0 ? rejected(taken) : { outcome: 'updated', errors: [], before, row };
    }
    const message = `${capitalise(this.#shape.noun)} ${show(id)} is already there with another ${differing.join(', ')}`;
    return rejected([{ property: primaryKey, code: 'conflict', message }, ...taken]);
  }
}

/** The properties that a record supplies and whose row holds another value. */
export function differingIn({ properties }: EntityShape, before: Values, given: Values): string[] {
  return properties
    .filter(({ name, same }) => {
      const [there, here] = [before[name] ?? null, given[name]];
      return here !== undefined && !(there === here || (there !== null && here !== null && same(there, here)));
    })
    .map(({ name }) => name);
}

/** That a natural key of an entity belongs to another row: "Email alice@example.com belongs to user 1" */
export function takenError(shape: EntityShape, entity: Values, key: NaturalKey, owner: unknown): RecordError {
  const [property = null] = key.properties;
  const what = capitalise(key.properties.join(' and '));
  const values = key.properties.map((name) => show(entity[name])).join(', ');
  const verb = key.properties.length === 1 ? 'belongs' : 'belong';
  return { property, code: 'duplicate', message: `${what} ${values} ${verb} to ${shape.noun} ${show(owner)}` };
}

/** The row as it would be with what a record gives; properties that it says nothing of stay as they were. */
export function over(before: Values | undefined, given: Values): Values {
  if (before === undefined) {
    return given;
  }
  const values = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(values) };
}

/** What a natural key of an entity looks like to a comparison; `undefined` where the key does not hold. */
export function keyOf(entity: Values, key: NaturalKey): string | undefined {
  const { properties, ignoreCase, onlyWithout } = key;
  if (onlyWithout !== undefined && (entity[onlyWithout] ?? null) !== null) {
    return undefined;
  }
  const values = properties.map((name) => entity[name] ?? null);
  if (values.includes(null)) {
    return undefined;
  }
  const text = JSON.stringify(values);
  // ASCII only, as SQLite's NOCASE and the domain name system do it: the same on every engine and in every locale
  return ignoreCase ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}

/** The rows that a batch can meet, kept up to date while its records are decided. */
class Rows {
  readonly #primaryKey: string;
  readonly #byId = new Map<unknown, Values>();
  readonly #owners: Map<NaturalKey, Map<string, unknown>>;

  constructor(primaryKey: string, keys: readonly NaturalKey[], existing: readonly Values[]) {
    this.#primaryKey = primaryKey;
    this.#owners = new Map(keys.map((key) => [key, new Map()]));
    for (const row of existing) {
      this.put(row);
    }
  }

  get(id: unknown): Values | undefined {
    return this.#byId.get(id);
  }

  /** The primary key of the row that holds this natural key. */
  owner(entity: Values, key: NaturalKey): unknown {
    const text = keyOf(entity, key);
    return text === undefined ? undefined : this.#owners.get(key)?.get(text);
  }

  put(row: Values): void {
    const id = row[this.#primaryKey];
    const before = this.#byId.get(id);
    for (const [key, owners] of this.#owners) {
      const freed = before && keyOf(before, key);
      if (freed !== undefined) {
        owners.delete(freed);
      }
      const held = keyOf(row, key);
      if (held !== undefined) {
        owners.set(held, id);
      }
    }
    this.#byId.set(id, row);
  }
}

function rejected(errors: readonly RecordError[]): Decision {
  return { outcome: 'rejected', errors };
}

function show(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
