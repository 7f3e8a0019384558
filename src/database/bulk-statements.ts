/** Builds and runs the statements of one table over many rows. */
import type { EntityManager } from '@mikro-orm/sql';
import { CompiledQuery, type QueryResult } from 'kysely';
import type { Column, Row } from './columns.ts';
import { copyingRows } from './patches/copied-rows.ts';
import type { CopyForm, RowsDialect } from './rows-dialect.ts';
import { runStatement } from './run-statement.ts';
import { withParameters } from './statement.ts';

/** Up to here, planning a statement takes longer than running it. */
const FEW_ROWS = 100;

export class BulkStatements {
  readonly #dialect: RowsDialect;
  /** Statements by their keys. Each is built once: building one takes longer than running it with few rows. */
  readonly #built = new Map<string, CompiledQuery<Row>>();

  constructor(dialect: RowsDialect) {
    this.#dialect = dialect;
  }

  /**
   * With real parameters: MikroORM's own execute() would write the values into the text of the statement.
   *
   * @param kind distinguishes the statement from all others over the same columns
   * @param build is given the query that gives the rows
   */
  run(
    em: EntityManager,
    kind: string,
    columns: readonly Column[],
    rows: readonly Row[],
    build: (given: string) => string,
  ): Promise<QueryResult<Row>> {
    const cells = rows.map((row) => columns.map(({ property, toColumn }) => toColumn(row[property])));
    const parameters = this.#dialect.parameters(columns, cells);
    const shape = this.#dialect.shape(rows.length);
    const statement = this.#statement(`${kind} ${shape}`, columns, () => build(this.#dialect.select(columns, shape)));
    // with many rows, the server plans better when it sees their number first
    return runStatement(em, withParameters(statement, parameters), rows.length <= FEW_ROWS);
  }

  /** The same for statements that insert the rows, which may be several: one that fails leaves the rows of those before it. */
  async *insert(
    em: EntityManager,
    kind: string,
    columns: readonly Column[],
    rows: readonly Row[],
    build: (given: string) => string,
  ): AsyncGenerator<QueryResult<Row>> {
    const { insertion } = this.#dialect;
    const size = insertion?.rows(columns.length) ?? Number.POSITIVE_INFINITY;
    let from = 0;
    for (; insertion !== undefined && from + size <= rows.length; from += size) {
      const statement = this.#statement(`${kind} bound`, columns, () => build(insertion.select(columns, size)));
      const parameters = insertion.parameters(columns, rows.slice(from, from + size));
      yield runStatement(em, withParameters(statement, parameters), false);
    }
    if (from < rows.length) {
      yield this.run(em, kind, columns, from === 0 ? rows : rows.slice(from), build);
    }
  }

  /** Inserts the rows in a form that is faster yet. @param form that the table takes @param build makes the statement */
  async copy(
    em: EntityManager,
    form: CopyForm,
    columns: readonly Column[],
    rows: readonly Row[],
    build: () => string,
  ): Promise<QueryResult<Row>> {
    const statement = this.#statement('copy', columns, build);
    return runStatement(em, withParameters(statement, copyingRows(form.text(columns, rows))), false);
  }

  #statement(kind: string, columns: readonly Column[], build: () => string): CompiledQuery<Row> {
    const key = `${kind} ${columns.map(({ name }) => name).join()}`;
    let query = this.#built.get(key);
    if (query === undefined) {
      query = CompiledQuery.raw(build()) as CompiledQuery<Row>;
      this.#built.set(key, query);
    }
    return query;
  }
}
