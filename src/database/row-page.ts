/** Reads the rows of a table page by page in index order (keyset pagination), with their JSON as stored. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { CompiledQuery } from 'kysely';
import type { Column, Row } from './columns.ts';
import type { Database, EntityManager } from './database.ts';
import { ownRowsCondition } from './discriminator.ts';
import { withExactJson } from './exact-json.ts';
import { prefixEnd } from './prefix.ts';

/** `prefix` is only for text columns. */
export type Comparison = '=' | '<' | '<=' | '>' | '>=' | 'prefix';

export interface Condition {
  readonly property: string;
  readonly comparison: Comparison;
  /** The entity's value; not null. */
  readonly value: unknown;
}

export interface Selection {
  readonly conditions: readonly Condition[];
  /** Property -> whether it has to be null. */
  readonly nulls?: Readonly<Record<string, boolean>>;
}

export interface PageRequest extends Selection {
  /** Properties that together identify a row; not null in the selected rows. */
  readonly order: readonly string[];
  readonly isDescending: boolean;
  /** The end of the previous page. */
  readonly after?: Position | undefined;
  readonly limit: number;
}

/** A row's values of the `order` properties, in a form that the database compares. */
export type Position = readonly (string | number)[];

export interface Page {
  readonly rows: readonly Row[];
  /** The position of the last row; `undefined` if there is none. */
  readonly end: Position | undefined;
}

export async function readPage(
  database: Database,
  em: EntityManager,
  metadata: EntityMetadata,
  { order, isDescending, after, limit, ...selection }: PageRequest,
): Promise<Page> {
  const query = new SelectedRows(database, metadata, selection);
  const sorted = order.map((name) => query.columnOf(name));
  if (after !== undefined) {
    query.follow(sorted, after, isDescending);
  }
  const { rows: dialect } = database.engine;
  const wanted = query.columns.map(
    (column) => `${dialect.read(column, query.nameOf(column))} as ${query.quote(column.name)}`,
  );
  const positions = sorted.map((column, index) => `${dialect.position(column, query.nameOf(column))} as p${index}`);
  const by = sorted.map((column) => `${query.nameOf(column)}${isDescending ? ' desc' : ''}`).join(', ');
  const found = await query.run(em, [...wanted, ...positions].join(', '), ` order by ${by} limit ${Number(limit)}`);
  const last = found.at(-1);
  return {
    rows: found.map((row) =>
      Object.fromEntries(query.columns.map(({ property, name, fromColumn }) => [property, fromColumn(row[name])])),
    ),
    end: last && sorted.map((_, index) => last[`p${index}`] as string | number),
  };
}

export async function countRows(
  database: Database,
  em: EntityManager,
  metadata: EntityMetadata,
  selection: Selection,
): Promise<number> {
  const [row] = await new SelectedRows(database, metadata, selection).run(em, 'count(*) as total', '');
  return Number(row?.['total']);
}

/** A query of a table whose values are parameters with the types of their columns. */
class SelectedRows {
  readonly columns: readonly Column[];
  readonly #database: Database;
  readonly #table: string;
  readonly #parameters: { readonly column: Column; readonly cell: unknown }[] = [];
  readonly #conditions: string[] = [];

  constructor(database: Database, metadata: EntityMetadata, { conditions, nulls = {} }: Selection) {
    this.#database = database;
    this.columns = withExactJson(metadata, database.bulk(metadata.class).columns);
    this.#table = database.quotedTable(metadata);
    const own = ownRowsCondition(metadata, (name) => `t.${this.quote(name)}`);
    if (own !== undefined) {
      this.#conditions.push(own);
    }
    for (const [property, isNull] of Object.entries(nulls)) {
      this.#conditions.push(`${this.nameOf(this.columnOf(property))} is ${isNull ? '' : 'not '}null`);
    }
    for (const { property, comparison, value } of conditions) {
      const column = this.columnOf(property);
      if (comparison === 'prefix') {
        const { collation } = metadata.properties[property as never] as Pick<EntityProperty, 'collation'>;
        this.#beginWith(column, String(value), collation?.toLowerCase() === 'nocase');
        continue;
      }
      const given = this.#parameter(column, column.toColumn(value));
      this.#conditions.push(
        comparison === '='
          ? database.engine.rows.equal(column, this.nameOf(column), given)
          : `${this.nameOf(column)} ${comparison} ${given}`,
      );
    }
  }

  quote(name: string): string {
    return this.#database.orm.em.getPlatform().quoteIdentifier(name);
  }

  nameOf({ name }: Column): string {
    return `t.${this.quote(name)}`;
  }

  columnOf(property: string): Column {
    const column = this.columns.find((one) => one.property === property);
    if (column === undefined) {
      throw new Error(`${this.#table} has no column for ${property}`);
    }
    return column;
  }

  /** Selects the rows after this position. */
  follow(columns: readonly Column[], position: Position, isDescending: boolean): void {
    const given = columns.map((column, index) => this.#parameter(column, position[index]));
    const names = columns.map((column) => this.nameOf(column));
    const [left, right] = [names, given].map((list) => (list.length === 1 ? list.join() : `(${list.join(', ')})`));
    this.#conditions.push(`${left} ${isDescending ? '<' : '>'} ${right}`);
  }

  async run(em: EntityManager, selected: string, end: string): Promise<readonly Row[]> {
    const { rows: dialect } = this.#database.engine;
    const columns = this.#parameters.map(({ column }) => column);
    const cells = this.#parameters.map(({ cell }) => cell);
    // scalar subqueries, so that the engine also uses the index for the order
    const given =
      columns.length === 0 ? '' : `with given as materialized (${dialect.select(columns, dialect.shape(1))}) `;
    const where = this.#conditions.length === 0 ? '' : ` where ${this.#conditions.join(' and ')}`;
    const sql = `${given}select ${selected} from ${this.#table} as t${where}${end}`;
    const parameters = columns.length === 0 ? [] : dialect.parameters(columns, [cells]);
    try {
      const { rows } = await em.getKysely<unknown>().executeQuery(CompiledQuery.raw(sql, parameters));
      return rows as readonly Row[];
    } catch (error) {
      throw this.#database.explain(error);
    }
  }

  /** Selects a range, which an index on the column supports, whatever wildcards the prefix contains. */
  #beginWith(column: Column, prefix: string, ignoresCase: boolean): void {
    const { rows: dialect } = this.#database.engine;
    const name = this.nameOf(column);
    const end = prefixEnd(prefix, ignoresCase);
    this.#conditions.push(`${name} >= ${dialect.inTextOrder(this.#parameter(column, prefix))}`);
    if (end !== undefined) {
      this.#conditions.push(`${name} < ${dialect.inTextOrder(this.#parameter(column, end))}`);
    }
  }

  #parameter(column: Column, cell: unknown): string {
    this.#parameters.push({ column, cell });
    return `(select c${this.#parameters.length - 1} from given)`;
  }
}
