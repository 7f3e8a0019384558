/** Statements over many rows of one table at once, built from MikroORM's metadata, through MikroORM's connection. */
import { type EntityMetadata, type Platform, UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { BulkSql } from './bulk-sql.ts';
import { BulkStatements } from './bulk-statements.ts';
import { type Column, columnsOf, type Row } from './columns.ts';
import type { NaturalKey } from './declaration.ts';
import type { Engine } from './engine.ts';
import { insertGroups } from './insert-groups.ts';
import type { Key } from './key.ts';
import { primaryKeyOf } from './relations.ts';
import type { CopyForm, RowsDialect } from './rows-dialect.ts';
import { tableIdOf } from './table-id.ts';

/** Statements over many rows of one table, in one round trip each; rows are by the names of properties, with the values of the entity. */
export class BulkTable {
  /** In the order of the entity's properties. @internal */
  readonly columns: readonly Column[];
  /** @internal */
  readonly primaryKey: Key;
  readonly #id: string;
  readonly #table: string;
  readonly #dialect: RowsDialect;
  /** Transaction -> form -> whether the table takes rows in it. */
  readonly #taken = new WeakMap<EntityManager, Map<TableForm, Promise<boolean>>>();
  readonly #sql: BulkSql;
  /** What MikroORM makes of an error of the driver, which a statement of Kysely's throws as it is. */
  readonly #convert: (error: unknown) => Error;
  readonly #statements: BulkStatements;

  /** @param table its name in SQL @internal */
  constructor(metadata: EntityMetadata, table: string, { storage, rows }: Engine, platform: Platform) {
    this.columns = columnsOf(metadata, platform, storage);
    this.primaryKey = primaryKeyOf(metadata);
    this.#statements = new BulkStatements(rows);
    this.#sql = new BulkSql(table, rows, (name) => platform.quoteIdentifier(name));
    this.#id = tableIdOf(metadata);
    this.#table = table;
    this.#dialect = rows;
    this.#convert = (error) => platform.getExceptionConverter().convertException(error as Error);
  }

  /**
   * Inserts the rows in the fastest way.
   *
   * @returns how many were inserted; fewer than given only if a trigger skips some
   * @throws the error of the driver; then the transaction is only usable for a rollback to an earlier savepoint
   */
  async insert(em: EntityManager, rows: readonly Row[]): Promise<number> {
    return (await this.#insert(em, rows, '')).count;
  }

  /**
   * Inserts all rows, unless a primary key or another unique key is taken, by another of them or in the table. Then the
   * transaction is only usable for a rollback to an earlier savepoint. On PostgreSQL this takes 40 % less time than
   * `insertFree`, which looks every key up first.
   *
   * @returns whether they went in
   */
  async insertAll(em: EntityManager, rows: readonly Row[]): Promise<boolean> {
    try {
      return (await this.insert(em, rows)) === rows.length;
    } catch (error) {
      if (this.#convert(error) instanceof UniqueConstraintViolationException) {
        return false;
      }
      throw error;
    }
  }

  /**
   * Inserts the rows, one after the other, whose primary key and other unique keys are free when their turn comes.
   *
   * @returns how many went in
   */
  async insertFree(em: EntityManager, rows: readonly Row[]): Promise<number> {
    return (await this.#insert(em, rows, ' on conflict do nothing')).count;
  }

  /**
   * Inserts the same rows as `insertFree`, and returns which were inserted.
   *
   * @returns what those that went in hold in a property, in no order
   */
  async insertNew(em: EntityManager, rows: readonly Row[], property: string): Promise<unknown[]> {
    const column = this.#column(property);
    const { returned } = await this.#insert(em, rows, ` on conflict do nothing returning ${this.#sql.names([column])}`);
    return returned.map((row) => column.fromColumn(row[column.name]));
  }

  /**
   * Inserts the rows, one after the other, until the database refuses one, which needs no savepoint to come back to.
   *
   * @returns how many were inserted; `undefined`, and nothing was done, where the table takes no rows in this way
   */
  async insertUntilRefused(em: EntityManager, rows: readonly Row[]): Promise<number | undefined> {
    const { untilRefused: form, insertion } = this.#dialect;
    if (form === undefined || insertion === undefined || !(await this.#takes(em, form))) {
      return undefined;
    }
    let count = 0;
    for (const { columns, alike } of insertGroups(this.columns, rows)) {
      const build = (given: string) => this.#sql.insert(columns, given, form.verb);
      const inserted = await this.#statements.insertUntilRefused(em, form, insertion, columns, alike, build);
      count += inserted;
      if (inserted < alike.length) {
        break;
      }
    }
    return count;
  }

  /**
   * Inserts the rows within a savepoint, in one round trip, where the engine has a statement for that and the table takes all rows.
   *
   * @returns whether they went in; else nothing was done
   * @throws the error of the driver; then the savepoint is there to roll back to
   */
  async insertInSavepoint(em: EntityManager, rows: readonly Row[], savepoint: string): Promise<boolean> {
    const form = await this.#copyForm(em, rows.length);
    if (form === undefined || !(await this.#takes(em, form.whole))) {
      return false;
    }
    const [group, ...others] = insertGroups(this.columns, rows);
    if (group === undefined || others.length > 0) {
      return false;
    }
    const count = await this.#copy(em, form, group.columns, group.alike, savepoint);
    if (count !== rows.length) {
      throw new Error(`${this.#table} has taken ${count} of ${rows.length} rows.`);
    }
    return true;
  }

  async #insert(
    em: EntityManager,
    rows: readonly Row[],
    clauses: string,
  ): Promise<{ readonly count: number; readonly returned: readonly Row[] }> {
    let count = 0;
    const returned: Row[] = [];
    for (const { columns, alike } of insertGroups(this.columns, rows)) {
      const copy = clauses === '' ? await this.#copyForm(em, alike.length) : undefined;
      if (copy !== undefined) {
        count += await this.#copy(em, copy, columns, alike);
        continue;
      }
      const build = (given: string) => `${this.#sql.insert(columns, given)}${clauses}`;
      for await (const { rows: answered, numAffectedRows = 0n } of this.#statements.insert(
        em,
        `insert${clauses}`,
        columns,
        alike,
        build,
      )) {
        count += Number(numAffectedRows);
        returned.push(...answered);
      }
    }
    return { count, returned };
  }

  async #copy(
    em: EntityManager,
    form: CopyForm,
    columns: readonly Column[],
    rows: readonly Row[],
    savepoint?: string,
  ): Promise<number> {
    const build = (count: number) => {
      const statements = Array(count)
        .fill(form.statement(this.#table, this.#sql.names(columns)))
        .join('; ');
      return savepoint === undefined ? statements : form.inSavepoint(statements, savepoint);
    };
    const kind = savepoint === undefined ? 'copy' : `copy in ${savepoint}`;
    const { numAffectedRows = 0n } = await this.#statements.copy(em, kind, form, columns, rows, build);
    return Number(numAffectedRows);
  }

  /** The form that is faster yet for so many rows, where there is one and the table takes it for the rest of the transaction. */
  async #copyForm(em: EntityManager, count: number): Promise<CopyForm | undefined> {
    const { copy } = this.#dialect;
    return copy !== undefined && count >= copy.fromRows && (await this.#takes(em, copy)) ? copy : undefined;
  }

  /** Whether the table takes rows in a form for the rest of the transaction. */
  async #takes(em: EntityManager, form: TableForm): Promise<boolean> {
    if (!em.isInTransaction()) {
      return false;
    }
    const known = this.#taken.get(em) ?? new Map<TableForm, Promise<boolean>>();
    this.#taken.set(em, known);
    const isFor = known.get(form) ?? form.isFor(em, this.#id, this.columns);
    known.set(form, isFor);
    return isFor;
  }

  /**
   * Inserts the rows, or writes them over those with the same primary key that are older. No key may come twice.
   *
   * @param age properties that together decide which of two rows is newer
   * @param wanted properties of the rows that were written
   * @returns what these rows hold in them, in no order; nothing when nothing is wanted
   */
  async upsertNewer(
    em: EntityManager,
    rows: readonly Row[],
    age: readonly string[],
    wanted: readonly string[] = [],
  ): Promise<Row[]> {
    const returned = wanted.map((property) => this.#column(property));
    const returning = returned.length === 0 ? '' : ` returning ${this.#sql.names(returned)}`;
    const ages = age.map((name) => this.#column(name));
    const written: Row[] = [];
    for (const { columns, alike } of insertGroups(this.columns, rows)) {
      const build = (given: string) => `${this.#sql.upsert(columns, given, this.#keyColumns, ages)}${returning}`;
      const { rows: answered } = await this.#statements.run(
        em,
        `upsert by ${age.join()}${returning}`,
        columns,
        alike,
        build,
      );
      written.push(
        ...answered.map((row) =>
          Object.fromEntries(returned.map(({ property, name, fromColumn }) => [property, fromColumn(row[name])])),
        ),
      );
    }
    return written;
  }

  /**
   * Gives each of these rows, which are there, the values of the properties. They must not need each other's keys.
   *
   * @param given columns of the table, whose values may be given in another form
   * @returns how many were written; fewer than given only if a trigger skips some
   */
  async update(
    em: EntityManager,
    rows: readonly Row[],
    properties: readonly string[],
    given = this.columns,
  ): Promise<number> {
    if (rows.length === 0 || properties.length === 0) {
      return rows.length;
    }
    const keys = this.#keyColumns;
    const columns = [...keys, ...properties.map((name) => this.#column(name, given))];
    const { numAffectedRows = 0n } = await this.#statements.run(em, 'update', columns, rows, (query) =>
      this.#sql.update(columns, query, keys),
    );
    return Number(numAffectedRows);
  }

  /** The rows that have one of these primary keys. @param wanted columns of the table, which may be read in another way */
  async findByPrimaryKey(em: EntityManager, keys: readonly unknown[], wanted = this.columns): Promise<Row[]> {
    const { properties } = this.primaryKey;
    return this.find(
      em,
      keys.map((key) => this.primaryKey.rowOf(key)),
      { properties },
      wanted,
    );
  }

  /** The rows that agree with one of `values` in a key; some perhaps more than once. */
  async find(
    em: EntityManager,
    values: readonly Row[],
    key: Pick<NaturalKey, 'properties' | 'ignoreCase' | 'onlyWithout'>,
    wanted = this.columns,
  ): Promise<Row[]> {
    if (values.length === 0) {
      return [];
    }
    const { properties, ignoreCase, onlyWithout } = key;
    const columns = properties.map((name) => this.#column(name));
    const absent = onlyWithout === undefined ? [] : [this.#column(onlyWithout)];
    const { rows } = await this.#statements.run(
      em,
      `find${ignoreCase ? ' ignoring case' : ''} ${onlyWithout ?? ''}${wanted === this.columns ? '' : ` reading ${readingOf(wanted)}`}`,
      columns,
      values,
      (given) => this.#sql.find(wanted, columns, given, key, absent),
    );
    return rows.map((row) => rowOf(wanted, row));
  }

  /**
   * Those of the keys that no row has: primary keys, or those of other properties that identify a row. They may be of another type, which a
   * property that refers to the key has.
   */
  async missing(em: EntityManager, keys: readonly unknown[], key: Key = this.primaryKey): Promise<unknown[]> {
    if (keys.length === 0) {
      return [];
    }
    const columns = key.properties.map((name) => this.#column(name));
    const answered = columns.map((column, index) => ({ ...column, name: `c${index}` }));
    const { rows } = await this.#statements.run(
      em,
      'missing',
      columns,
      keys.map((one) => key.rowOf(one)),
      (given) => this.#sql.missing(columns, given),
    );
    if (rows.length === 0) {
      return [];
    }
    const absent = new Set(rows.map((row) => key.of(rowOf(answered, row))));
    return keys.filter((one) => {
      const row: Record<string, unknown> = { ...key.rowOf(one) };
      for (const { property, toColumn, fromColumn } of columns) {
        row[property] = fromColumn(toColumn(row[property]));
      }
      return absent.has(key.of(row));
    });
  }

  /** Whether a row has a value of these properties in another spelling than Meridian writes, which unique indexes take for another value. */
  async hasOtherSpellings(em: EntityManager, properties: readonly string[]): Promise<boolean> {
    const query = this.#sql.otherSpellings(properties.map((name) => this.#column(name)));
    return query !== undefined && (await em.execute(query)).length > 0;
  }

  async deleteByPrimaryKey(em: EntityManager, keys: readonly unknown[]): Promise<void> {
    const { properties } = this.primaryKey;
    await this.deleteMatching(
      em,
      keys.map((key) => this.primaryKey.rowOf(key)),
      properties,
    );
  }

  /** Deletes the rows that agree with one of `values` in all these properties. @returns how many did */
  async deleteMatching(em: EntityManager, values: readonly Row[], properties: readonly string[]): Promise<number> {
    if (values.length === 0) {
      return 0;
    }
    const columns = properties.map((name) => this.#column(name));
    const { numAffectedRows = 0n } = await this.#statements.run(em, 'delete matching', columns, values, (given) =>
      this.#sql.deleteMatching(columns, given),
    );
    return Number(numAffectedRows);
  }

  get #keyColumns(): readonly Column[] {
    return this.primaryKey.properties.map((name) => this.#column(name));
  }

  #column(property: string, columns = this.columns): Column {
    const column = columns.find((one) => one.property === property);
    if (column === undefined) {
      throw new Error(`${this.#table} has no column for ${property}`);
    }
    return column;
  }
}

/** A form in which only some tables take rows. */
type TableForm = Pick<CopyForm, 'isFor'>;

function rowOf(columns: readonly Column[], row: Row): Row {
  const values: Record<string, unknown> = {};
  for (const { property, name, fromColumn } of columns) {
    values[property] = fromColumn(row[name]);
  }
  return values;
}

/** Distinguishes statements that select other columns, or the same ones as text. */
function readingOf(columns: readonly Column[]): string {
  return columns.map(({ name, isReadAsText = false }) => `${name}${isReadAsText ? ' as text' : ''}`).join();
}
