/** Builds and runs statements over many rows of one table. */
import type { EntityManager } from '@mikro-orm/sql';
import { CompiledQuery, type QueryResult } from 'kysely';
import type { Column, Row } from './columns.ts';
import { copyingRows } from './patches/copied-rows.ts';
import type { CopyForm, InsertionForm, RowsDialect, UntilRefusedForm } from './rows-dialect.ts';
import { runAllAtOnce, runStatement } from './run-statement.ts';
import { withParameters } from './statement.ts';

/** For up to so many rows, planning a statement takes longer than running it. */
const FEW_ROWS = 100;

/** Rows per statement where fewer are left than a large statement takes. */
const INSERTED_TOGETHER = [5, 1] as const;

export class BulkStatements {
  readonly #dialect: RowsDialect;
  /** Compiled statements by key. Building a statement takes longer than running it with few rows. */
  readonly #built = new Map<string, CompiledQuery<Row>>();

  constructor(dialect: RowsDialect) {
    this.#dialect = dialect;
  }

  /**
   * Runs a statement with real parameters: MikroORM's execute() would write the values into the SQL.
   *
   * @param kind distinguishes the statement from others over the same columns
   * @param build gets the query for the given rows and returns the SQL
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
    // with many rows, the server should plan for the actual parameters, which show how many there are
    return runStatement(em, withParameters(statement, parameters), rows.length <= FEW_ROWS);
  }

  /** Like `run`, for inserts, which may take several statements: if one fails, the rows of earlier ones stay inserted. */
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
      const rest = from === 0 ? rows : rows.slice(from);
      const inserted = this.#insertAtOnce(em, kind, columns, rest, build);
      yield* inserted ?? [await this.run(em, kind, columns, rest, build)];
    }
  }

  /**
   * Inserts the rows in order until one is refused.
   *
   * @param build gets the query for the given rows and returns the SQL
   * @returns how many were inserted
   */
  async insertUntilRefused(
    em: EntityManager,
    form: UntilRefusedForm,
    { rows: sizeOf, parameters, select }: InsertionForm,
    columns: readonly Column[],
    rows: readonly Row[],
    build: (given: string) => string,
  ): Promise<number> {
    const size = sizeOf(columns.length);
    for (let from = 0; from < rows.length; from += size) {
      const some = rows.slice(from, from + size);
      const statement = this.#statement(`${form.verb} ${some.length}`, columns, () =>
        build(select(columns, some.length)),
      );
      try {
        await runStatement(em, withParameters(statement, parameters(columns, some)), false);
      } catch (error) {
        const inserted = await form.inserted(em, error);
        if (inserted === undefined) {
          throw error;
        }
        return from + inserted;
      }
    }
    return rows.length;
  }

  /** Inserts the rows with `copy`, which is faster. @param form accepted by the table @param build returns the SQL of so many statements */
  async copy(
    em: EntityManager,
    kind: string,
    form: CopyForm,
    columns: readonly Column[],
    rows: readonly Row[],
    build: (count: number) => string,
  ): Promise<QueryResult<Row>> {
    const parts: string[] = [];
    for (let from = 0; from < rows.length; from += form.statementRows) {
      parts.push(form.text(columns, rows.slice(from, from + form.statementRows)));
    }
    const statement = this.#statement(`${kind} ${parts.length}`, columns, () => build(parts.length));
    return runStatement(em, withParameters(statement, copyingRows(parts)), false);
  }

  /**
   * Inserts a few rows per statement: to undo a statement of several rows, SQLite keeps the original of each page that it changes, and uses
   * a temporary file for more than 15 pages.
   *
   * @returns `undefined` if the engine does not support this, or the statements have to wait
   */
  #insertAtOnce(
    em: EntityManager,
    kind: string,
    columns: readonly Column[],
    rows: readonly Row[],
    build: (given: string) => string,
  ): QueryResult<Row>[] | undefined {
    const { insertion } = this.#dialect;
    if (insertion === undefined) {
      return undefined;
    }
    const cells = insertion.parameters(columns, rows);
    const queries: CompiledQuery<Row>[] = [];
    let from = 0;
    for (const size of INSERTED_TOGETHER) {
      const statement = this.#statement(`${kind} ${size}`, columns, () => build(insertion.select(columns, size)));
      const length = size * columns.length;
      for (; from + length <= cells.length; from += length) {
        queries.push(withParameters(statement, cells.slice(from, from + length)));
      }
    }
    return runAllAtOnce(em, queries);
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
