/** How to pass many rows to one statement of an engine. */
import type { EntityManager } from '@mikro-orm/sql';
import type { Column, Row } from './columns.ts';

export interface RowsDialect {
  /** The number of rows to build the statement for, when it gets so many; 0 if one statement takes any number. */
  shape(count: number): number;
  /** The parameters for the rows, which are lists of column values. */
  parameters(columns: readonly Column[], rows: readonly (readonly unknown[])[]): unknown[];
  /** A query on those parameters that returns the rows in order, with columns `c0`, `c1`, … */
  select(columns: readonly Column[], shape: number): string;
  /** A faster form for inserting many rows, if there is one. */
  readonly insertion?: InsertionForm;
  /** A form that keeps the rows before a rejected one, if that is cheaper than a savepoint. */
  readonly untilRefused?: UntilRefusedForm;
  /** An even faster form for many rows, for tables that accept it. */
  readonly copy?: CopyForm;
  /** A faster form for a single row, if there is one. */
  readonly single?: SingleForm;
  /** The expression that reads a column without loss. @param expression the column's expression */
  read(column: Column, expression: string): string;
  /** The expression that reads a column such that the result, as a parameter, compares as equal to it: without the rounding of values. */
  position(column: Column, expression: string): string;
  /** The condition that a column has a given value. */
  equal(column: Column, expression: string, value: string): string;
  /** Converts a text for a comparison by < with a column, in the order of the column's index: code points, or `nocase`. */
  inTextOrder(value: string): string;
  /** The condition that a column's value has another spelling than Meridian's; `undefined` if values have only one. */
  otherSpelling(column: Column, expression: string): string | undefined;
  /** A query of the given rows with all spellings of their values that columns may hold. */
  spellings(columns: readonly Column[], given: string): string;
  /** The condition that a column equals a value, ignoring ASCII case as the column's index does. */
  equalIgnoringCase(column: string, value: string): string;
}

export interface SingleForm {
  parameters(columns: readonly Column[], row: Row): unknown[];
  /** A query on those parameters that returns the row. */
  select(columns: readonly Column[]): string;
}

export interface InsertionForm {
  /** The number of rows that a statement takes, for so many columns. */
  rows(columns: number): number;
  parameters(columns: readonly Column[], rows: readonly Row[]): unknown[];
  /** A query on those parameters that returns the rows in order. */
  select(columns: readonly Column[], rows: number): string;
}

export interface UntilRefusedForm {
  /**
   * Whether, for the transaction of `em`, the table has its declared columns and can only reject rows with errors after which the number of
   * inserted rows is known.
   *
   * @param table its table id
   */
  isFor(em: EntityManager, table: string, columns: readonly Column[]): Promise<boolean>;
  /** The first words of the statement. */
  readonly verb: string;
  /** The number of rows that a failed statement has inserted; `undefined` if its error does not tell. */
  inserted(em: EntityManager, error: unknown): Promise<number | undefined>;
}

export interface CopyForm {
  /** The number of rows from which this form is faster. */
  readonly fromRows: number;
  /** Maximum number of rows per statement; more rows take several statements, which are sent together. */
  readonly statementRows: number;
  /**
   * Whether, for the transaction of `em`, this form has the same effects on the table as an insert.
   *
   * @param table its table id
   */
  isFor(em: EntityManager, table: string, columns: readonly Column[]): Promise<boolean>;
  /** The same, and nothing in the table skips rows: it accepts or rejects each. */
  readonly whole: Pick<CopyForm, 'isFor'>;
  /** @param table its quoted name @param names the quoted column names, as a list */
  statement(table: string, names: string): string;
  /** Sets a savepoint, runs the statements and releases the savepoint, all in one statement. */
  inSavepoint(statements: string, savepoint: string): string;
  /** The rows as text in the format of the statement. */
  text(columns: readonly Column[], rows: readonly Row[]): string;
}
