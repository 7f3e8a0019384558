/**
 * Decides over the valid records of a batch and writes their rows. A batch in which all is new takes a single statement,
 * which also tells that it was; any other is looked up, decided record by record in memory, and written.
 */
import type { Database, EntityManager } from '../databases/database.ts';
import { Classifier, type Decision, keyOf, type OnConflict, over } from './classify.ts';
import { tellOf } from './journal.ts';
import type { EntityShape } from './record/shape.ts';
import type { Values } from './record/validate.ts';
import type { LoadProgress } from './run/load-progress.ts';
import { FIRST_VERSION, nextVersion } from './version.ts';

interface Update {
  /** The values of the record, its new version, and the values that the entity sets on every update. */
  readonly row: Values;
  readonly before: Values;
}

const INSERTED: Decision = { outcome: 'inserted', errors: [] };

export class BatchWriter {
  readonly #database: Database;
  readonly #shape: EntityShape;
  readonly #classifier: Classifier;
  readonly #run: string;
  /** Where one batch has met rows that were there, the next will too, and an attempt would be in vain. */
  #expectsAllNew = true;

  constructor(
    database: Database,
    shape: EntityShape,
    onConflict: OnConflict,
    { accepted, run }: Pick<LoadProgress, 'accepted' | 'run'>,
  ) {
    this.#database = database;
    this.#shape = shape;
    this.#run = run;
    this.#classifier = new Classifier(shape, database.declaration, onConflict, accepted);
  }

  /** @returns a decision for each entity, in the same order; those that it lets in are written */
  async write(em: EntityManager, entities: readonly Values[]): Promise<readonly Decision[]> {
    const created = entities.map((entity) => this.#shape.defaults.created(em, entity));
    if (this.#expectsAllNew && (await this.#insertAll(em, created))) {
      await this.#tellOf(em, created, []);
      return created.map((row, index) => (row === entities[index] ? INSERTED : { ...INSERTED, row }));
    }
    const existing = await findExisting(this.#database, em, this.#shape, created);
    const decisions = this.#classifier.decide(entities, created, existing);
    this.#expectsAllNew = decisions.every(({ outcome }) => outcome === 'inserted');
    await this.#writeRows(em, entities, decisions);
    return decisions;
  }

  /** Inserts all of them or none. */
  async #insertAll(em: EntityManager, entities: readonly Values[]): Promise<boolean> {
    // in words of its own, for MikroORM goes on as if nothing were wrong when it cannot roll back
    await em.execute('savepoint attempt');
    const isWhole = await this.#database.bulk().insertAll(em, entities);
    if (!isWhole) {
      await em.execute('rollback to savepoint attempt');
    }
    await em.execute('release savepoint attempt');
    return isWhole;
  }

  /** Updates come first: they may free a natural key that an insert of the same batch takes, never the other way round. */
  async #writeRows(em: EntityManager, entities: readonly Values[], decisions: readonly Decision[]): Promise<void> {
    const inserts: Values[] = [];
    const updates: Update[] = [];
    for (const [index, entity] of entities.entries()) {
      const { outcome, row = entity, before = {} } = decisions[index] as Decision;
      if (outcome === 'inserted') {
        inserts.push(row);
      } else if (outcome === 'updated') {
        updates.push({ row: this.#raised(this.#shape.defaults.updated(em, entity, before), before), before });
      }
    }
    await this.#update(em, updates);
    const inserted = await this.#database.bulk().insertFree(em, inserts);
    if (inserted !== inserts.length) {
      throw new Error(`${this.#database.name}: ${inserts.length - inserted} records met a row that was not looked up`);
    }
    await this.#tellOf(em, inserts, updates);
  }

  #raised(row: Values, before: Values): Values {
    const { version } = this.#shape;
    if (version === undefined) {
      return row;
    }
    return { ...row, [version.name]: nextVersion(before[version.name]) };
  }

  async #tellOf(em: EntityManager, inserts: readonly Values[], updates: readonly Update[]): Promise<void> {
    if (this.#database.declaration.journal === undefined) {
      return;
    }
    const { version } = this.#shape;
    const first = version === undefined ? {} : { [version.name]: FIRST_VERSION };
    await tellOf(this.#database, em, this.#run, [
      ...inserts.map((row) => ({ ...row, ...first })),
      ...updates.map(({ row, before }) => over(before, row)),
    ]);
  }

  /** Rows that change a natural key are updated one by one in their order, for one may take what another has given up. */
  async #update(em: EntityManager, updates: readonly Update[]): Promise<void> {
    const { naturalKeys = [] } = this.#database.declaration;
    const inKeys = naturalKeys.flatMap(({ properties, onlyWithout }) => [...properties, onlyWithout ?? '']);
    const groups = Map.groupBy(updates.entries(), ([index, { row, before }]) => {
      const given = this.#given(row);
      const isAlone = given.some((name) => inKeys.includes(name) && row[name] !== before[name]);
      return isAlone ? index : given.join();
    });
    for (const group of groups.values()) {
      const rows = group.map(([, { row }]) => row);
      await this.#database.bulk().update(em, rows, this.#given(rows[0] as Values));
    }
  }

  /** The properties that a record says something of; the others keep what the row holds. */
  #given(row: Values): string[] {
    const { primaryKey, properties, version } = this.#shape;
    const names = [...properties, ...(version === undefined ? [] : [version])].map(({ name }) => name);
    return names.filter((name) => name !== primaryKey && row[name] !== undefined);
  }
}

/** Every row that shares its primary key or a natural key with one of the entities. */
async function findExisting(
  database: Database,
  em: EntityManager,
  { primaryKey }: EntityShape,
  entities: readonly Values[],
): Promise<Values[]> {
  const table = database.bulk();
  const rows = await table.findByPrimaryKey(
    em,
    entities.map((entity) => entity[primaryKey]),
  );
  for (const key of database.declaration.naturalKeys ?? []) {
    const holding = entities.filter((entity) => keyOf(entity, key) !== undefined);
    rows.push(...(await table.find(em, holding, key)));
  }
  return rows;
}
