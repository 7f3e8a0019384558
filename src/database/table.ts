/** The table of an entity that can be loaded from files: its declaration and its statements. */
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
  /** `invoices`, or `parcels.depot` if the database has several entities. */
  readonly name: string;
  #uniqueKeys: readonly NaturalKey[] | undefined;

  constructor(database: Database, declaration: EntityDeclaration) {
    this.database = database;
    this.declaration = declaration;
    this.name = tableNameOf(database.declaration, declaration.name);
  }

  /** MikroORM's metadata of the entity. */
  get metadata(): EntityMetadata {
    return this.database.metadataOf(this.declaration.entity);
  }

  /** The declared natural keys and the entity's unique indexes, without the primary key. */
  get uniqueKeys(): readonly NaturalKey[] {
    this.#uniqueKeys ??= uniqueKeysOf(this.declaration, this.metadata);
    return this.#uniqueKeys;
  }

  /** Statements over many rows. */
  bulk(): BulkTable {
    return this.database.bulk(this.declaration.entity);
  }

  /** Runs `work` in a transaction that holds the table's write lock from its first statement on. */
  async write<T>(em: EntityManager, work: (em: EntityManager) => Promise<T>): Promise<T> {
    const { engine } = this.database;
    const quoted = this.database.quotedTable(this.metadata);
    return em.transactional(async (transaction) => {
      await transaction.execute(engine.writeLockStatement(quoted));
      return work(transaction);
    });
  }

  /** Advances the sequences of the table beyond its keys, so that other programs can insert rows. */
  async advanceSequences(em: EntityManager): Promise<void> {
    const { isReadOnly, engine } = this.database;
    // a dry run is rolled back, but a sequence is not
    if (!isReadOnly) {
      await engine.advanceSequences(em, tableIdOf(this.metadata));
    }
  }

  /** Whether the table exists. Migrations alone do not tell, since another program may have dropped it. */
  isThere(em: EntityManager): Promise<boolean> {
    return this.database.hasTable(em, this.declaration.entity);
  }

  async countRows(em: EntityManager): Promise<number> {
    const [row] = await em.execute<{ total: unknown }[]>(
      `select count(*) as total from ${this.database.quotedTable(this.metadata)}`,
    );
    return Number(row?.total);
  }

  /** Whether the table exists and has rows. */
  async holdsRows(em: EntityManager): Promise<boolean> {
    if (!(await this.isThere(em))) {
      return false;
    }
    const table = this.database.quotedTable(this.metadata);
    return (await em.execute(`select 1 from ${table} limit 1`)).length > 0;
  }
}

/** The tables of a database that can be loaded from files, in the order of the declaration. */
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
