/** Builds and runs the statements of one table over many rows. */
import type { EntityManager } from '@mikro-orm/sql';
import { CompiledQuery, type QueryResult } from 'kysely';
import type { Column, Row } from './columns.ts';
import { copyingRows } from './patches/copied-rows.ts';
import type { CopyForm, InsertionForm, RowsDialect, UntilRefusedForm } from './rows-dialect.ts';
import { runAllAtOnce, runStatement } from './run-statement.ts';
import { withParameters } from './statement.ts';

/** Up to here, planning a statement takes longer than running it. */
const FEW_ROWS = 100;

/** Rows that a statement inserts of those that are too few for a large one. */
const INSERTED_TOGETHER = [5, 1] as const;

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
      const rest = from === 0 ? rows : rows.slice(from);
      const inserted = this.#insertAtOnce(em, kind, columns, rest, build);
      yield* inserted ?? [await this.run(em, kind, columns, rest, build)];
    }
  }

  /**
   * Inserts the rows, one after the other, until one is refused.
   *
   * @param build is given the query that gives the rows
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

  /** Inserts the rows in a form that is faster yet. @param form that the table takes @param build makes so many statements, as one text */
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
   * Few at a time: to undo a statement of several rows that fails, SQLite keeps the pages that it changes as they were, and where these are more
   * than 15, in a temporary file.
   *
   * @returns `undefined` where the engine has no such statements, or they have to wait
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
