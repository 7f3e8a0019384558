/** Builds and runs the statements of one table over many rows. */
import type { EntityManager } from '@mikro-orm/sql';
import { CompiledQuery, type QueryResult } from 'kysely';
import type { Column, Row } from './columns.ts';
import { keepStatement } from './patches/kept-statements.ts';
import type { RowsDialect } from './rows-dialect.ts';
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
    const statement = this.#statement(kind, columns, this.#dialect.shape(rows.length), build);
    return em.getKysely<unknown>().executeQuery(
      // with many rows, the server plans better when it sees their number first
      withParameters(statement, rows.length <= FEW_ROWS ? keepStatement(parameters) : parameters),
    );
  }

  #statement(
    kind: string,
    columns: readonly Column[],
    shape: number,
    build: (given: string) => string,
  ): CompiledQuery<Row> {
    const key = `${kind} ${shape} ${columns.map(({ name }) => name).join()}`;
    let query = this.#built.get(key);
    if (query === undefined) {
      query = CompiledQuery.raw(build(this.#dialect.select(columns, shape))) as CompiledQuery<Row>;
      this.#built.set(key, query);
    }
    return query;
  }
}
