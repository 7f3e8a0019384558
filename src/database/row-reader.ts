/** Reads single rows by their primary keys, outside transactions: one statement each, without what MikroORM and Kysely do for it. */
import type { EntityName } from '@mikro-orm/core';
import { CompiledQuery } from 'kysely';
import { BulkSql } from './bulk-sql.ts';
import type { Column, Row } from './columns.ts';
import type { Database, EntityManager } from './database.ts';
import { keepStatement } from './patches/kept-statements.ts';
import { withParameters } from './statement.ts';

export class RowReader {
  readonly #database: Database;
  readonly #columns: readonly Column[];
  readonly #keys: readonly Column[];
  readonly #query: CompiledQuery<Row>;
  /** For statements that have to wait their turn. */
  readonly #em: EntityManager;

  constructor(database: Database, entity: EntityName<object>) {
    const { columns, primaryKey } = database.bulk(entity);
    const { rows } = database.engine;
    const sql = new BulkSql(database.quotedTable(database.metadataOf(entity)), rows, (name) =>
      database.orm.em.getPlatform().quoteIdentifier(name),
    );
    this.#database = database;
    this.#columns = columns;
    this.#keys = primaryKey.properties.map((name) => columns.find(({ property }) => property === name) as Column);
    const given = rows.single?.select(this.#keys) ?? rows.select(this.#keys, rows.shape(1));
    this.#query = CompiledQuery.raw(sql.find(columns, this.#keys, given, {}, [])) as CompiledQuery<Row>;
    this.#em = database.fork();
  }

  /**
   * @param key the properties of the primary key
   * @returns all properties of the row, as the bulk statements return them; `undefined` where there is none
   */
  async read(key: Row): Promise<Row | undefined> {
    const { engine, orm } = this.#database;
    const { single, parameters } = engine.rows;
    const given =
      single?.parameters(this.#keys, key) ??
      parameters(this.#keys, [this.#keys.map(({ property, toColumn }) => toColumn(key[property]))]);
    const rows =
      engine.readNow?.(orm.em.getConnection(), this.#query.sql, given) ??
      (await this.#em.getKysely<unknown>().executeQuery(withParameters(this.#query, keepStatement(given)))).rows;
    const [row] = rows;
    return row && this.#toRow(row);
  }

  #toRow(row: Row): Row {
    const values: Record<string, unknown> = {};
    for (const { property, name, fromColumn } of this.#columns) {
      values[property] = fromColumn(row[name]);
    }
    return values;
  }
}
