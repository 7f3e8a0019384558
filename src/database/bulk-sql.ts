/** SQL of the statements over many rows of one table. The query for the given rows has columns `c0`, `c1`, … */
import type { Column } from './columns.ts';
import type { NaturalKey } from './declaration.ts';
import type { RowsDialect } from './rows-dialect.ts';

export class BulkSql {
  readonly #table: string;
  readonly #dialect: RowsDialect;
  readonly #quote: (name: string) => string;

  /** @param table the quoted table name */
  constructor(table: string, dialect: RowsDialect, quote: (name: string) => string) {
    this.#table = table;
    this.#dialect = dialect;
    this.#quote = quote;
  }

  /** @param given the query for the rows @param verb the first words of the statement */
  insert(columns: readonly Column[], given: string, verb = 'insert'): string {
    const overriding = columns.some(({ isOverridden }) => isOverridden) ? 'overriding system value ' : '';
    return `${verb} into ${this.#table} (${this.names(columns)}) ${overriding}${given}`;
  }

  /** @param ages columns whose values order the versions of a row: the greater are the newer */
  upsert(columns: readonly Column[], given: string, keys: readonly Column[], ages: readonly Column[]): string {
    const others = columns.filter(({ name }) => keys.every((key) => key.name !== name)).map(this.#named);
    const quoted = ages.map(this.#named);
    return (
      `${this.insert(columns, given)} on conflict (${this.names(keys)}) do update ` +
      `set ${others.map((name) => `${name} = excluded.${name}`).join(', ')} ` +
      `where (${quoted.map((name) => `excluded.${name}`).join(', ')}) > (${quoted.map((name) => `${this.#table}.${name}`).join(', ')})`
    );
  }

  /** @param columns the columns of the given rows: the keys, followed by the columns to write */
  update(columns: readonly Column[], given: string, keys: readonly Column[]): string {
    const assignments = columns
      .slice(keys.length)
      .map(({ name }, index) => `${this.#quote(name)} = r.c${index + keys.length}`);
    return (
      `update ${this.#table} set ${assignments.join(', ')} from (${given}) as r ` +
      `where ${this.#equal(this.#table, keys)}`
    );
  }

  /** @param wanted the columns to select */
  find(
    wanted: readonly Column[],
    columns: readonly Column[],
    given: string,
    { ignoreCase = false }: Pick<NaturalKey, 'ignoreCase'>,
    absent: readonly Column[],
  ): string {
    const conditions = columns.map((one, index) => {
      const [column, value] = [`t.${this.#quote(one.name)}`, `r.c${index}`];
      return ignoreCase && /char|text/.test(one.type)
        ? this.#dialect.equalIgnoringCase(column, value)
        : this.#dialect.equal(one, column, value);
    });
    const all = [...conditions, ...absent.map(({ name }) => `t.${this.#quote(name)} is null`)];
    const read = wanted.map((column) => {
      const quoted = this.#quote(column.name);
      const expression = this.#dialect.read(column, `t.${quoted}`);
      return expression === `t.${quoted}` ? expression : `${expression} as ${quoted}`;
    });
    return `select ${read.join(', ')} from (${given}) as r cross join ${this.#table} as t where ${all.join(' and ')}`;
  }

  /** @param own a condition on the table `t`; by default, all its rows are considered */
  missing(columns: readonly Column[], given: string, own: string | undefined): string {
    const conditions = [this.#equal('t', columns), ...(own === undefined ? [] : [own])].join(' and ');
    return (
      `select ${columns.map((_, index) => `r.c${index}`).join(', ')} from (${given}) as r ` +
      `where not exists (select 1 from ${this.#table} as t where ${conditions})`
    );
  }

  /** @returns `undefined` if no column has alternative spellings */
  otherSpellings(columns: readonly Column[]): string | undefined {
    const conditions = columns.flatMap((column) => this.#dialect.otherSpelling(column, this.#quote(column.name)) ?? []);
    return conditions.length === 0
      ? undefined
      : `select 1 from ${this.#table} where ${conditions.join(' or ')} limit 1`;
  }

  deleteMatching(columns: readonly Column[], given: string): string {
    return `delete from ${this.#table} where (${this.names(columns)}) in (${this.#dialect.spellings(columns, given)})`;
  }

  /** A comma-separated list of quoted column names. */
  names(columns: readonly Column[]): string {
    return columns.map(this.#named).join(', ');
  }

  readonly #named = ({ name }: Column): string => this.#quote(name);

  /** The condition that columns of a table equal the first columns of the given rows. */
  #equal(table: string, columns: readonly Column[]): string {
    const equal = (column: Column, index: number) =>
      this.#dialect.equal(column, `${table}.${this.#quote(column.name)}`, `r.c${index}`);
    return columns.map(equal).join(' and ');
  }
}
