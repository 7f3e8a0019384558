/**
 * Finds keys in the relations of a batch that no row has, before the batch is written: a foreign key would reject the statement without
 * naming the record or the key.
 */
import type { Database, EntityManager } from '../../database/database.ts';
import { HIDDEN_VALUE } from '../../database/property-path.ts';
import type { Relation } from '../../database/relations.ts';
import type { Values } from '../../database/values.ts';
import { IdSet } from '../../loads/id-set.ts';
import type { RecordError } from '../../shared/rules/rules.ts';
import { capitalised, wordsOf } from '../../shared/text/words.ts';
import type { EntityShape } from '../record/shape.ts';

/** Relation -> keys of its target that no row has. */
export type AbsentTargets = ReadonlyMap<Relation, ReadonlySet<unknown>>;

const NO_RELATIONS: readonly Relation[] = [];

export const NONE_ABSENT: AbsentTargets = new Map();

export class TargetLookup {
  readonly #database: Database;
  readonly #relations: readonly Relation[];
  /** Keys that are known to exist. */
  readonly #found: ReadonlyMap<Relation, IdSet>;

  constructor(database: Database, { relations }: Pick<EntityShape, 'relations'>) {
    this.#database = database;
    this.#relations = relations;
    this.#found = new Map(relations.map((relation) => [relation, new IdSet()]));
  }

  async absent(em: EntityManager, records: readonly Values[]): Promise<AbsentTargets> {
    const absent = new Map<Relation, ReadonlySet<unknown>>();
    for (const relation of this.#relations) {
      const missing = await this.#missing(em, relation, records);
      if (missing.size > 0) {
        absent.set(relation, missing);
      }
    }
    return absent;
  }

  async #missing(em: EntityManager, relation: Relation, records: readonly Values[]): Promise<ReadonlySet<unknown>> {
    const found = this.#found.get(relation) as IdSet;
    const keys = keysIn(relation, records).filter((key) => !found.has(key));
    const missing = new Set(await missingTargets(this.#database, em, relation, keys));
    for (const key of keys) {
      if (!missing.has(key)) {
        found.add(key);
      }
    }
    return missing;
  }
}

/** The keys that no row of the target has. */
export function missingTargets(
  database: Database,
  em: EntityManager,
  { target, targetKey }: Relation,
  keys: readonly unknown[],
): Promise<unknown[]> {
  return database.bulk(target.class).missing(em, keys, targetKey);
}

/** The distinct keys that records have in a relation. */
export function keysIn({ key }: Relation, records: readonly Values[]): unknown[] {
  return [...new Set(records.map((record) => key.of(record)).filter((one) => one !== undefined))];
}

/** The relations of a record whose targets do not exist. */
export function openRelations(absent: AbsentTargets, record: Values): readonly Relation[] {
  // most batches have none
  return absent.size === 0
    ? NO_RELATIONS
    : [...absent].filter(([{ key }, keys]) => keys.has(key.of(record))).map(([relation]) => relation);
}

/** "Depot 10 does not exist" */
export function absentError({ name, target, targetKey, key, isSecret }: Relation, record: Values): RecordError {
  const shown = isSecret ? HIDDEN_VALUE : targetKey.shown(key.of(record));
  const message = `${capitalised(wordsOf(target.className))} ${shown} does not exist`;
  return { property: name, code: 'reference', message };
}

/** Removes the keys of rows of the same entity that are written together. */
export function besideRows(absent: AbsentTargets, { entity }: EntityShape, rows: readonly Values[]): AbsentTargets {
  const left = new Map<Relation, ReadonlySet<unknown>>();
  for (const [relation, keys] of absent) {
    const { target, targetKey } = relation;
    const there = new Set(target.class === entity ? rows.map((row) => targetKey.of(row)) : []);
    const others = new Set([...keys].filter((key) => !there.has(key)));
    if (others.size > 0) {
      left.set(relation, others);
    }
  }
  return left;
}
