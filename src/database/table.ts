/** The table of an entity that files are loaded into: its declaration and its statements. */
import type { EntityMetadata } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import type { BulkTable } from './bulk.ts';
import type { Database } from './database.ts';
import { type EntityDeclaration, type NaturalKey, tableNameOf } from './declaration.ts';
import { uniqueKeysOf } from './declared.ts';
import { tableIdOf } from './table-id.ts';

export class Table {
  readonly database: Database;
  readonly declaration: EntityDeclaration;
  /** `invoices`, or `parcels.depot` where the database has several entities. */
  readonly name: string;
  #uniqueKeys: readonly NaturalKey[] | undefined;

  constructor(database: Database, declaration: EntityDeclaration) {
    this.database = database;
    this.declaration = declaration;
    this.name = tableNameOf(database.declaration, declaration.name);
  }

  /** What MikroORM knows of the entity. */
  get metadata(): EntityMetadata {
    return this.database.metadataOf(this.declaration.entity);
  }

  /** The natural keys that are declared, and the unique indexes of the entity; without the primary key. */
  get uniqueKeys(): readonly NaturalKey[] {
    this.#uniqueKeys ??= uniqueKeysOf(this.declaration, this.metadata);
    return this.#uniqueKeys;
  }

  /** Statements over many rows at once. */
  bulk(): BulkTable {
    return this.database.bulk(this.declaration.entity);
  }

  /** Runs `work` in one transaction that holds the write lock of the table from its first statement on. */
  async write<T>(em: EntityManager, work: (em: EntityManager) => Promise<T>): Promise<T> {
    const { engine } = this.database;
    const quoted = this.database.quotedTable(this.metadata);
    return em.transactional(async (transaction) => {
      await transaction.execute(engine.writeLockStatement(quoted));
      return work(transaction);
    });
  }

  /** Moves the sequences of the table past the keys in it, so that other programs can insert rows. */
  async advanceSequences(em: EntityManager): Promise<void> {
    const { isReadOnly, engine } = this.database;
    // a dry run is rolled back, but a sequence is not
    if (!isReadOnly) {
      await engine.advanceSequences(em, tableIdOf(this.metadata));
    }
  }

  /** Whether the table is there, which migrations alone do not say: another program may have dropped it. */
  isThere(em: EntityManager): Promise<boolean> {
    return this.database.hasTable(em, this.declaration.entity);
  }

  async countRows(em: EntityManager): Promise<number> {
    const [row] = await em.execute<{ total: unknown }[]>(
      `select count(*) as total from ${this.database.quotedTable(this.metadata)}`,
    );
    return Number(row?.total);
  }

  /** Whether the table is there and holds rows. */
  async holdsRows(em: EntityManager): Promise<boolean> {
    if (!(await this.isThere(em))) {
      return false;
    }
    const table = this.database.quotedTable(this.metadata);
    return (await em.execute(`select 1 from ${table} limit 1`)).length > 0;
  }
}

/** The tables of a database that files are loaded into, in the order of the declaration. */
export function tablesOf(database: Database): readonly Table[] {
  return database.declaration.entities.map((entity) => new Table(database, entity));
}

/** @param entity its name in the declaration */
export function tableOf(database: Database, entity: string): Table {
  const found = database.declaration.entities.find(({ name }) => name === entity);
  if (found === undefined) {
    throw new Error(`${database.name} loads no entity ${entity}`);
  }
  return new Table(database, found);
}
