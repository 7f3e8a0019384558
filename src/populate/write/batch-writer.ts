/**
 * Decides on the valid records of a batch and writes their rows. A batch that is expected to be new is inserted: if this succeeds, all
 * records were new. For other batches, or the rest of a batch after the first rejected row, the rows with its primary keys are looked up:
 * records that equal their rows are unchanged. If some differ, the rows with its other keys are looked up too; records are then decided one
 * by one in memory, and written. If the database rejects a row, the batch is split until the rejected records are found. The targets of
 * relations are always looked up.
 */

import type { EntityManager } from '../../database/database.ts';
import type { Refusal } from '../../database/refusal.ts';
import type { Table } from '../../database/table.ts';
import type { Values } from '../../database/values.ts';
import { nextTurn } from '../../shared/environment.ts';
import type { EntityShape } from '../record/shape.ts';
import type { LoadProgress } from '../resume/load-progress.ts';
import { type AbsentTargets, besideRows, NONE_ABSENT, TargetLookup } from './absent-targets.ts';
import { Classifier, type Decision, type OnConflict, over } from './classify.ts';
import { KnownRows, keyOf } from './known-rows.ts';
import { NewKeys } from './new-keys.ts';
import { RefusalWording } from './refusal-message.ts';
import { type Attempt, Savepoint } from './savepoint.ts';
import { StorageTrial } from './storage-trial.ts';
import { hasRows, insertRows, insertRowsInSavepoint, insertUntilRefused, type Rows, writeRows } from './write-rows.ts';

/** Some records of a batch, with the row of each if it is new. */
interface Part {
  readonly given: readonly Values[];
  readonly created: readonly Values[];
}

/** The state of the load that a writer needs. */
export interface WriterState extends Pick<LoadProgress, 'accepted'>, Pick<Rows, 'run'> {
  /** Whether to insert the first batch before looking up rows; by default, this depends on how the table spells its keys. */
  readonly expectsAllNew?: boolean;
}

const INSERTED: Decision = { outcome: 'inserted', errors: [] };

export class BatchWriter {
  readonly #table: Table;
  readonly #shape: EntityShape;
  readonly #classifier: Classifier;
  readonly #rows: Rows;
  readonly #targets: TargetLookup;
  readonly #trial: StorageTrial;
  readonly #wording: RefusalWording;
  /** Set if the database generates keys for records without one. */
  readonly #newKeys: NewKeys | undefined;
  /**
   * After a batch with existing rows, the next one is expected to have some too, and is looked up first. Unknown before the first batch.
   */
  #expectsAllNew: boolean | undefined;
  #hasOtherSpellings = false;

  constructor(
    table: Table,
    shape: EntityShape,
    onConflict: OnConflict,
    { accepted, run, expectsAllNew }: WriterState,
    deferrable?: ReadonlySet<string>,
  ) {
    this.#expectsAllNew = expectsAllNew;
    this.#table = table;
    this.#shape = shape;
    this.#rows = { table, shape, run };
    this.#classifier = new Classifier(shape, table.uniqueKeys, onConflict, accepted, deferrable);
    this.#targets = new TargetLookup(table.database, shape);
    this.#trial = new StorageTrial(table, shape);
    this.#wording = new RefusalWording(table, shape);
    this.#newKeys = shape.newKey && shape.newKey.source !== 'entity' ? new NewKeys(table, shape.newKey) : undefined;
  }

  /** @returns a decision for each entity, in the same order; the rows of accepted ones are written */
  async write(em: EntityManager, entities: readonly Values[]): Promise<readonly Decision[]> {
    if (entities.length === 0) {
      return [];
    }
    if (this.#expectsAllNew === undefined) {
      this.#hasOtherSpellings = await this.#table.bulk().hasOtherSpellings(em, this.#keyProperties);
      this.#expectsAllNew = !this.#hasOtherSpellings;
    }
    const savepoint = new Savepoint(this.#table.database, em);
    const absent = await this.#findAbsent(em, savepoint, entities);
    const haveKeys = this.#haveKeys(entities);
    const isWhole = besideRows(absent, this.#shape, entities).size === 0 && haveKeys;
    const inserted = this.#expectsAllNew && isWhole ? await this.#insertNew(em, savepoint, entities, absent) : [];
    let decisions = inserted;
    if (inserted.length < entities.length) {
      const left = entities.slice(inserted.length);
      const isKnown = haveKeys && !this.#isOpaque(this.#keyProperties);
      const there = isKnown ? await findByPrimaryKey(this.#rows, em, left) : undefined;
      const unchanged =
        isWhole && inserted.length === 0 ? this.#classifier.allUnchanged(entities, there ?? []) : undefined;
      const before = entities.slice(0, inserted.length);
      decisions = unchanged ?? [...inserted, ...(await this.#writeInParts(em, savepoint, left, absent, there, before))];
    }
    await savepoint.close();
    this.#expectsAllNew = !this.#hasOtherSpellings && decisions.every(({ outcome }) => outcome === 'inserted');
    return decisions;
  }

  /** Inserts the records before the first rejected one; if this requires a savepoint, all or none. */
  async #insertNew(
    em: EntityManager,
    savepoint: Savepoint,
    entities: readonly Values[],
    absent: AbsentTargets,
  ): Promise<readonly Decision[]> {
    const rows = entities.map((entity) => this.#shape.defaults.created(em, entity));
    // a record that refers to a later one can only be inserted together with it
    let count = absent.size === 0 ? await insertUntilRefused(this.#rows, em, rows) : undefined;
    if (count === undefined) {
      const all =
        (await savepoint.attemptAtOnce((name) => insertRowsInSavepoint(this.#rows, em, rows, name))) ??
        (await savepoint.attempt(() => insertRows(this.#rows, em, rows)));
      count = 'refusal' in all ? 0 : rows.length;
    }
    const inserted = count === rows.length ? rows : rows.slice(0, count);
    return inserted.map((row, index) => (row === entities[index] ? INSERTED : { ...INSERTED, row }));
  }

  /**
   * Decides and writes each part like a batch of its own. A rejected part is halved; after a successful part, the next one is twice as
   * large. One rejected record in a batch takes a few more statements; if all are rejected, each takes two.
   *
   * @param there the rows with the records' primary keys, if they have been looked up
   * @param before records of the same batch that have been inserted
   */
  async #writeInParts(
    em: EntityManager,
    savepoint: Savepoint,
    entities: readonly Values[],
    absentBefore: AbsentTargets,
    there: readonly Values[] | undefined,
    before: readonly Values[],
  ): Promise<Decision[]> {
    const { primaryKey, defaults } = this.#shape;
    const created = entities.map((entity) => defaults.created(em, entity));
    const existing = await this.#lookUp(em, savepoint, [...created, ...this.#partial(entities, there)], there);
    const known = new KnownRows(primaryKey, this.#table.uniqueKeys, existing);
    for (const one of before) {
      known.accept(primaryKey.of(one));
    }
    this.#newKeys?.begin(created.map((row) => primaryKey.of(row)));
    const decisions: Decision[] = [];
    let absent = absentBefore;
    let size = entities.length;
    while (decisions.length < entities.length) {
      const from = decisions.length;
      const part = { given: entities.slice(from, from + size), created: created.slice(from, from + size) };
      const isLast = from + size >= entities.length;
      const written = await this.#writePart(em, savepoint, part, known, absent, isLast);
      if ('result' in written) {
        decisions.push(...written.result);
        this.#newKeys?.use(written.result.map(({ record }) => record && primaryKey.of(record)));
        absent = besideRows(absent, this.#shape, acceptedOf(part.given, written.result));
        size = part.given.length * 2;
      } else if (part.given.length > 1) {
        size = Math.ceil(part.given.length / 2);
      } else {
        decisions.push(await this.#refuse(em, part.created[0] as Values, written.refusal));
      }
      if (decisions.length < entities.length) {
        // SQLite's driver is synchronous: without a turn of the event loop, Ctrl-C would wait for all parts
        await nextTurn();
      }
    }
    return decisions;
  }

  async #refuse(em: EntityManager, entity: Values, refusal: Refusal): Promise<Decision> {
    return { outcome: 'rejected', errors: [await this.#wording.errorOf(em, entity, refusal)] };
  }

  /**
   * Decides on some records and writes their rows. If one is rejected, nothing is written.
   *
   * @param known the rows after the preceding parts; this part is added unless it is the last
   */
  async #writePart(
    em: EntityManager,
    savepoint: Savepoint,
    { given, created }: Part,
    known: KnownRows,
    absent: AbsentTargets,
    isLast: boolean,
  ): Promise<Attempt<readonly Decision[]>> {
    let { layer, decisions } = this.#decide({ given, created }, known, absent);
    for (let wanted = keysWanted(decisions); wanted > 0; wanted = keysWanted(decisions)) {
      await this.#newKeys?.draw(em, wanted);
      ({ layer, decisions } = this.#decide({ given, created }, known, absent));
    }
    const candidates = decisions.flatMap(({ differing }, index) => {
      const record = decisions[index]?.record ?? (given[index] as Values);
      const before = known.get(this.#shape.primaryKey.of(record));
      return differing && before ? [{ given: record, before, differing }] : [];
    });
    const same = await this.#trial.unchanged(em, savepoint, candidates);
    if (same.size > 0) {
      ({ layer, decisions } = this.#decide({ given, created }, known, absent, same));
    }
    const written = hasRows(decisions)
      ? await savepoint.attempt(() => writeRows(this.#rows, em, given, decisions))
      : undefined;
    if (written !== undefined && 'refusal' in written) {
      return written;
    }
    if (!isLast) {
      layer.settle();
    }
    return { result: written === undefined ? decisions : this.#withStored(decisions, written.result) };
  }

  #withStored(decisions: readonly Decision[], stored: ReadonlyMap<unknown, Values>): readonly Decision[] {
    return stored.size === 0
      ? decisions
      : decisions.map((one) => {
          const values = one.before && stored.get(this.#shape.primaryKey.of(one.before));
          return values === undefined ? one : { ...one, stored: values };
        });
  }

  /** Records may refer to each other, unless the referenced one is rejected. */
  #decide(
    { given, created }: Part,
    known: KnownRows,
    absent: AbsentTargets,
    same?: ReadonlySet<unknown>,
  ): { readonly layer: KnownRows; readonly decisions: readonly Decision[] } {
    let expected = given;
    for (;;) {
      const layer = known.layer();
      const left = besideRows(absent, this.#shape, expected);
      const newKeys = this.#newKeys?.drawn ?? [];
      const decisions = this.#classifier.decide(given, created, layer, {
        absent: left,
        newKeys,
        ...(same && { same }),
      });
      const accepted = new Set(absent.size === 0 ? given : acceptedOf(given, decisions));
      const found = expected.filter((one) => accepted.has(one));
      if (found.length === expected.length) {
        return { layer, decisions };
      }
      expected = found;
    }
  }

  #haveKeys(entities: readonly Values[]): boolean {
    const { primaryKey, newKey } = this.#shape;
    return newKey === undefined || entities.every((entity) => primaryKey.of(entity) !== undefined);
  }

  async #findAbsent(em: EntityManager, savepoint: Savepoint, entities: readonly Values[]): Promise<AbsentTargets> {
    if (this.#shape.relations.length === 0) {
      return NONE_ABSENT;
    }
    const find = () => this.#targets.absent(em, entities);
    if (!this.#isOpaque(this.#shape.relations.flatMap(({ key }) => key.properties))) {
      return find();
    }
    const found = await savepoint.attempt(find);
    return 'result' in found ? found.result : NONE_ABSENT;
  }

  async #lookUp(
    em: EntityManager,
    savepoint: Savepoint,
    created: readonly Values[],
    there: readonly Values[] | undefined,
  ): Promise<readonly Values[]> {
    if (there !== undefined) {
      return [...there, ...(await findByUniqueKeys(this.#rows, em, created))];
    }
    const find = async (some: readonly Values[]) => [
      ...(await findByPrimaryKey(this.#rows, em, some)),
      ...(await findByUniqueKeys(this.#rows, em, some)),
    ];
    // the database may reject the lookup of a key whose type the application does not know
    const together = await savepoint.attempt(() => find(created));
    if ('result' in together) {
      return together.result;
    }
    const rows: Values[] = [];
    for (const one of created) {
      const alone = await savepoint.attempt(() => find([one]));
      rows.push(...('result' in alone ? alone.result : []));
    }
    return rows;
  }

  /** The future rows of records that supply a part of a unique key. */
  #partial(entities: readonly Values[], there: readonly Values[] = []): Values[] {
    const { primaryKey } = this.#shape;
    const keys = this.#table.uniqueKeys
      .map(({ properties, onlyWithout }) => [...properties, ...(onlyWithout === undefined ? [] : [onlyWithout])])
      .filter((names) => names.length > 1);
    const isPartial = (entity: Values) =>
      keys.some((names) => new Set(names.map((name) => entity[name] === undefined)).size > 1);
    const changed = keys.length === 0 ? [] : entities.filter(isPartial);
    if (changed.length === 0) {
      return [];
    }
    const rows = new Map(there.map((row) => [primaryKey.of(row), row]));
    return changed.flatMap((entity) => {
      const before = rows.get(primaryKey.of(entity));
      return before === undefined ? [] : [over(before, entity)];
    });
  }

  get #keyProperties(): readonly string[] {
    return [...this.#shape.primaryKey.properties, ...this.#table.uniqueKeys.flatMap((key) => key.properties)];
  }

  /** Whether only the database knows the values of one of these properties. */
  #isOpaque(names: readonly string[]): boolean {
    return this.#shape.properties.some(({ name, isOpaque }) => isOpaque && names.includes(name));
  }
}

function keysWanted(decisions: readonly Decision[]): number {
  return decisions.filter(({ needsKey }) => needsKey).length;
}

function acceptedOf(given: readonly Values[], decisions: readonly Decision[]): Values[] {
  return given.filter((_, index) => decisions[index]?.outcome !== 'rejected');
}

function findByPrimaryKey({ table, shape }: Rows, em: EntityManager, records: readonly Values[]): Promise<Values[]> {
  const keys = records.map((record) => shape.primaryKey.of(record));
  return table.bulk().findByPrimaryKey(
    em,
    keys.filter((key) => key !== undefined),
  );
}

/** All rows that share a unique key with one of the records. */
async function findByUniqueKeys({ table }: Rows, em: EntityManager, records: readonly Values[]): Promise<Values[]> {
  const rows: Values[] = [];
  for (const key of table.uniqueKeys) {
    const holding = records.filter((record) => keyOf(record, key) !== undefined);
    rows.push(...(await table.bulk().find(em, holding, key)));
  }
  return rows;
}
