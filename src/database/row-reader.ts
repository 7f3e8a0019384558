/** Reads single rows by their primary keys, with their JSON as it is stored: one statement each, without what MikroORM and Kysely do for it. */
import type { EntityName } from '@mikro-orm/core';
import { CompiledQuery } from 'kysely';
import { BulkSql } from './bulk-sql.ts';
import type { Column, Row } from './columns.ts';
import type { Database, EntityManager } from './database.ts';
import { withExactJson } from './exact-json.ts';
import { runStatement, runStatementAtOnce } from './run-statement.ts';
import { withParameters } from './statement.ts';

export class RowReader {
  readonly #database: Database;
  readonly #columns: readonly Column[];
  readonly #keys: readonly Column[];
  readonly #query: CompiledQuery<Row>;

  constructor(database: Database, entity: EntityName<object>) {
    const { columns: all, primaryKey } = database.bulk(entity);
    const columns = withExactJson(database.metadataOf(entity), all);
    const { rows } = database.engine;
    const sql = new BulkSql(database.quotedTable(database.metadataOf(entity)), rows, (name) =>
      database.orm.em.getPlatform().quoteIdentifier(name),
    );
    this.#database = database;
    this.#columns = columns;
    this.#keys = primaryKey.properties.map((name) => columns.find(({ property }) => property === name) as Column);
    const given = rows.single?.select(this.#keys) ?? rows.select(this.#keys, rows.shape(1));
    this.#query = CompiledQuery.raw(sql.find(columns, this.#keys, given, {}, [])) as CompiledQuery<Row>;
  }

  /**
   * @param key the properties of the primary key
   * @param em of a transaction; without one, outside transactions
   * @returns all properties of the row, as the bulk statements return them but for numbers in JSON; `undefined` where there is none
   */
  async read(key: Row, em?: EntityManager): Promise<Row | undefined> {
    const { rows } = await runStatement(em ?? this.#database.outside, this.#queryOf(key));
    return this.#rowIn(rows);
  }

  /** Outside transactions. @returns the same as {@link read}, in an object; `undefined` where the row has to be waited for */
  readAtOnce(key: Row): { readonly row: Row | undefined } | undefined {
    const result = runStatementAtOnce(this.#database.outside, this.#queryOf(key));
    return result && { row: this.#rowIn(result.rows) };
  }

  #queryOf(key: Row): CompiledQuery<Row> {
    const { single, parameters } = this.#database.engine.rows;
    const given =
      single?.parameters(this.#keys, key) ??
      parameters(this.#keys, [this.#keys.map(({ property, toColumn }) => toColumn(key[property]))]);
    return withParameters(this.#query, given);
  }

  #rowIn([row]: readonly Row[]): Row | undefined {
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
