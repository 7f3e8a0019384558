/**
 * Decides on valid records one by one, as if each were written before the next decision. The decisions depend only on the order of the
 * records, not on their batches.
 */
import type { NaturalKey } from '../../database/declaration.ts';
import { HIDDEN_VALUE } from '../../database/property-path.ts';
import type { Relation } from '../../database/relations.ts';
import type { Values } from '../../database/values.ts';
import type { IdSet } from '../../loads/id-set.ts';
import type { Outcome } from '../../loads/ledger.ts';
import type { RecordError } from '../../shared/rules/rules.ts';
import { capitalised } from '../../shared/text/words.ts';
import type { EntityShape, PropertyShape } from '../record/shape.ts';
import { type AbsentTargets, absentError, NONE_ABSENT, openRelations } from './absent-targets.ts';
import { type KnownRows, keyOf } from './known-rows.ts';

export type OnConflict = 'reject' | 'update';

export interface Decision {
  readonly outcome: Outcome;
  readonly errors: readonly RecordError[];
  /** A record without its own primary key, with the key of its row. */
  readonly record?: Values;
  /** Whether the record needs a new primary key before it can be decided. */
  readonly needsKey?: boolean;
  /** The values of an updated row before the update. */
  readonly before?: Values;
  /** Those values that JavaScript would change, as the database stores them. */
  readonly stored?: Values;
  /** The whole row of an accepted record; undefined if it is the record itself. */
  readonly row?: Values;
  /** The properties in which a record differs from its row. */
  readonly differing?: readonly string[];
  /** The keys of targets that do not exist yet: the row is completed when all loads of its database have ended. */
  readonly deferred?: Values;
}

export class Classifier {
  readonly #shape: EntityShape;
  readonly #keys: readonly NaturalKey[];
  readonly #onConflict: OnConflict;
  readonly #accepted: IdSet;
  readonly #deferrable: ReadonlySet<string>;

  /**
   * @param accepted the primary keys of records that earlier batches accepted; the caller adds to them
   * @param deferrable relations whose targets may be loaded later
   */
  constructor(
    shape: EntityShape,
    keys: readonly NaturalKey[],
    onConflict: OnConflict,
    accepted: IdSet,
    deferrable: ReadonlySet<string> = new Set(),
  ) {
    this.#accepted = accepted;
    this.#deferrable = deferrable;
    this.#shape = shape;
    this.#keys = keys;
    this.#onConflict = onConflict;
  }

  /**
   * @param batch valid entities in source order
   * @param created the row of each entity if it is new
   * @param known all rows that share a primary key or a unique key with one of them; the decisions are added
   * @returns a decision for each entity, in the same order
   */
  decide(
    batch: readonly Values[],
    created: readonly Values[],
    known: KnownRows,
    situation: Situation = {},
  ): Decision[] {
    const newKeys = (situation.newKeys ?? []).values();
    return batch.map((given, index) => {
      const identified = this.#identify(given, created[index] ?? given, known, newKeys);
      if ('errors' in identified) {
        return identified;
      }
      const { record: entity } = identified;
      const decided = this.#decideOne(identified, known, situation);
      const decision = entity === given ? decided : { ...decided, record: entity };
      if (decision.outcome !== 'rejected') {
        known.accept(this.#shape.primaryKey.of(entity));
      }
      if (decision.outcome === 'inserted' || decision.outcome === 'updated') {
        known.put(over(decision.before, decision.row ?? entity));
      }
      return decision;
    });
  }

  /**
   * The decisions on a batch in which every record has its primary key and equals its row; the same as those of `decide`.
   *
   * @param there the rows with their primary keys
   * @returns `undefined` for any other batch
   */
  allUnchanged(batch: readonly Values[], there: readonly Values[]): Decision[] | undefined {
    const { primaryKey, defaults } = this.#shape;
    if (there.length < batch.length) {
      return undefined;
    }
    const rows = new Map(there.map((row) => [primaryKey.of(row), row]));
    const decisions: Decision[] = [];
    for (const given of batch) {
      const id = primaryKey.of(given);
      const before = rows.get(id);
      if (before === undefined || this.#accepted.has(id) || differingIn(this.#shape, before, given).length > 0) {
        return undefined;
      }
      // a second record with this key is a duplicate
      rows.delete(id);
      decisions.push({ outcome: 'unchanged', errors: [], row: defaults.merged(before, given) });
    }
    return decisions;
  }

  /** Finds the primary key for a record without one: that of the row with one of its natural keys, or else a new one. */
  #identify(given: Values, created: Values, known: KnownRows, newKeys: Iterator<unknown>): Identified | Decision {
    const { primaryKey, newKey } = this.#shape;
    if (newKey === undefined || primaryKey.of(given) !== undefined) {
      return { record: given, created, by: undefined };
    }
    const by = this.#keys.find((key) => known.owner(created, key) !== undefined);
    if (by === undefined && this.#keys.every((key) => keyOf(created, key) === undefined)) {
      return rejected([{ property: newKey.property, code: 'parse', message: this.#unnamed(newKey.property) }]);
    }
    const id = by === undefined ? (primaryKey.of(created) ?? newKeys.next().value) : known.owner(created, by);
    if (id === undefined) {
      return { ...rejected([]), needsKey: true };
    }
    const key = primaryKey.rowOf(id);
    return { record: withValues(given, key), created: by === undefined ? withValues(created, key) : created, by };
  }

  #unnamed(property: string): string {
    const keys = this.#keys.map(({ properties }) => properties.join(' and '));
    return `${property} cannot be empty in a record that has no ${keys.join(', and no ')} either`;
  }

  #decideOne(
    { record: given, created, by }: Identified,
    known: KnownRows,
    { absent = NONE_ABSENT, same }: Situation,
  ): Decision {
    const { primaryKey } = this.#shape;
    const id = primaryKey.of(given);
    const before = known.get(id);
    const entity = before === undefined ? created : over(before, given);
    const taken = this.#keys.flatMap((key) => {
      const owner = known.owner(entity, key);
      return owner === undefined || owner === id ? [] : [takenError(this.#shape, entity, key, owner)];
    });
    const open = openRelations(absent, given);
    const dangling = open
      .filter(({ name }) => !this.#deferrable.has(name))
      .map((relation) => absentError(relation, given));
    const wrong = [...taken, ...dangling];
    if (this.#accepted.has(id) || known.isAccepted(id)) {
      return rejected([this.#repeated(given, by), ...wrong]);
    }
    const deferred = deferredIn(open, given);
    if (before === undefined) {
      return wrong.length > 0
        ? rejected(wrong)
        : { outcome: 'inserted', errors: [], row: without(created, deferred, null), ...(deferred && { deferred }) };
    }
    const differing = same?.has(id) ? [] : differingIn(this.#shape, before, given);
    if (differing.length === 0) {
      return { outcome: 'unchanged', errors: [], row: this.#shape.defaults.merged(before, given) };
    }
    // a record of one class must not change a row of another
    const isOther = this.#shape.discriminator?.problem(before[this.#shape.discriminator.property]) !== undefined;
    if (this.#onConflict === 'update' && !isOther) {
      const row = this.#shape.defaults.merged(before, without(given, deferred, undefined));
      return wrong.length > 0
        ? rejected(wrong)
        : { outcome: 'updated', errors: [], before, row, differing, ...(deferred && { deferred }) };
    }
    const message = `${capitalised(this.#shape.noun)} ${primaryKey.shown(id)} already exists with another ${differing.join(', ')}`;
    return {
      ...rejected([{ property: propertyOf(by ?? primaryKey), code: 'conflict', message }, ...wrong]),
      differing,
    };
  }

  /** The error of a record whose row belongs to an earlier record. */
  #repeated(given: Values, by: NaturalKey | undefined): RecordError {
    const { primaryKey } = this.#shape;
    const key = by ?? primaryKey;
    const values = by === undefined ? primaryKey.shown(primaryKey.of(given)) : valuesOf(this.#shape, given, by);
    const message = `${nameOf(key)} ${values} ${verbOf(key, 'occur')} earlier in this source`;
    return { property: propertyOf(key), code: 'duplicate', message };
  }
}

/** Facts about the records and their rows that these do not contain. */
export interface Situation {
  /** Targets of relations that do not exist. */
  readonly absent?: AbsentTargets;
  /** Primary keys of records whose rows would not change. */
  readonly same?: ReadonlySet<unknown>;
  /** Primary keys for new rows of records without one. */
  readonly newKeys?: readonly unknown[];
}

interface Identified {
  readonly record: Values;
  /** The row of the record if it is new. */
  readonly created: Values;
  /** The natural key that identified the row of a record without its primary key. */
  readonly by: NaturalKey | undefined;
}

/** The keys that a record has in relations whose targets do not exist. */
function deferredIn(open: readonly Relation[], given: Values): Values | undefined {
  const names = open.flatMap(({ key }) => key.properties);
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, given[name]]));
}

/** A record or row without its deferred keys; the same object if it has none. */
export function without(values: Values, deferred: Values | undefined, instead: null | undefined): Values {
  if (deferred === undefined) {
    return values;
  }
  return withValues(values, Object.fromEntries(Object.keys(deferred).map((name) => [name, instead])));
}

/** The same entity with other values. */
function withValues(entity: Values, values: Values): Values {
  return Object.assign(Object.create(Object.getPrototypeOf(entity) as object | null), entity, values) as Values;
}

/** The properties that a record supplies with a different value than its row. */
export function differingIn({ properties }: EntityShape, before: Values, given: Values): string[] {
  return properties.filter((property) => differsIn(property, before, given)).map(({ name }) => name);
}

/** Whether a property's value is supplied and differs from its row. */
export function differsIn({ name, same }: PropertyShape, before: Values, given: Values): boolean {
  const [there, here] = [before[name] ?? null, given[name]];
  return here !== undefined && !(there === here || (there !== null && here !== null && same(there, here)));
}

/** The error for a natural key that belongs to another row: "Email alice@example.com belongs to user 1" */
export function takenError(shape: EntityShape, entity: Values, key: NaturalKey, owner: unknown): RecordError {
  const rest = `${verbOf(key, 'belong')} to ${shape.noun} ${show(shape.primaryKey.shown(owner))}`;
  return {
    property: propertyOf(key),
    code: 'duplicate',
    message: `${nameOf(key)} ${valuesOf(shape, entity, key)} ${rest}`,
  };
}

type Properties = Pick<NaturalKey, 'properties'>;

/** The property that an error about a key names. */
function propertyOf({ properties: [first] }: Properties): string | null {
  return first ?? null;
}

/** `Order and product` */
function nameOf({ properties }: Properties): string {
  return capitalised(properties.join(' and '));
}

function valuesOf({ stored }: EntityShape, entity: Values, { properties }: Properties): string {
  const isHidden = (name: string) => stored.some((one) => one.name === name && one.isHidden);
  return properties.map((name) => (isHidden(name) ? HIDDEN_VALUE : show(entity[name]))).join(', ');
}

function verbOf({ properties }: Properties, verb: string): string {
  return properties.length === 1 ? `${verb}s` : verb;
}

/** A row with the values of a record; properties that the record does not supply keep their values. */
export function over(before: Values | undefined, given: Values): Values {
  if (before === undefined) {
    return given;
  }
  const values = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(values) };
}

function rejected(errors: readonly RecordError[]): Decision {
  return { outcome: 'rejected', errors };
}

function show(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
