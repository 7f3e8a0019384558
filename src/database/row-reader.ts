/** Reads single rows by primary key, with their JSON as stored: one statement each, without the overhead of MikroORM and Kysely. */
import type { EntityName } from '@mikro-orm/core';
import { CompiledQuery } from 'kysely';
import { BulkSql } from './bulk-sql.ts';
import type { Column, Row } from './columns.ts';
import type { Database, EntityManager } from './database.ts';
import { ownRowsCondition } from './discriminator.ts';
import { withExactJson } from './exact-json.ts';
import { readRowAtOnce, runStatement } from './run-statement.ts';
import { withParameters } from './statement.ts';

export class RowReader {
  readonly #database: Database;
  readonly #columns: readonly Column[];
  readonly #keys: readonly Column[];
  readonly #query: CompiledQuery<Row>;

  constructor(database: Database, entity: EntityName<object>) {
    const { columns: all, primaryKey } = database.bulk(entity);
    const metadata = database.metadataOf(entity);
    const columns = withExactJson(metadata, all);
    const { rows } = database.engine;
    const quote = (name: string) => database.orm.em.getPlatform().quoteIdentifier(name);
    const sql = new BulkSql(database.quotedTable(metadata), rows, quote);
    this.#database = database;
    this.#columns = columns;
    this.#keys = primaryKey.properties.map((name) => columns.find(({ property }) => property === name) as Column);
    const given = rows.single?.select(this.#keys) ?? rows.select(this.#keys, rows.shape(1));
    const own = ownRowsCondition(metadata, (name) => `t.${quote(name)}`);
    this.#query = CompiledQuery.raw(
      `${sql.find(columns, this.#keys, given, {}, [])}${own === undefined ? '' : ` and ${own}`}`,
    ) as CompiledQuery<Row>;
  }

  /**
   * @param key the properties of the primary key
   * @param em the transaction's EntityManager; without one, reads outside transactions
   * @returns all properties of the row, as bulk statements return them, except that numbers in JSON are exact; `undefined` if there is no
   *   such row
   */
  async read(key: Row, em?: EntityManager): Promise<Row | undefined> {
    const query = withParameters(this.#query, this.#parametersOf(key));
    const { rows } = await runStatement(em ?? this.#database.outside, query);
    const [row] = rows;
    return row && this.#toRow(row);
  }

  /**
   * Reads outside transactions, synchronously. @returns the same as {@link read}, in an object; `undefined` if the read would have to wait
   */
  readAtOnce(key: Row): { readonly row: Row | undefined } | undefined {
    const found = readRowAtOnce(this.#database.outside, this.#query, this.#parametersOf(key));
    return found && { row: found.row && this.#toRow(found.row) };
  }

  #parametersOf(key: Row): readonly unknown[] {
    const { single, parameters } = this.#database.engine.rows;
    return (
      single?.parameters(this.#keys, key) ??
      parameters(this.#keys, [this.#keys.map(({ property, toColumn }) => toColumn(key[property]))])
    );
  }

  #toRow(row: Row): Row {
    const values: Record<string, unknown> = {};
    for (const { property, name, fromColumn } of this.#columns) {
      values[property] = fromColumn(row[name]);
    }
    return values;
  }
}
