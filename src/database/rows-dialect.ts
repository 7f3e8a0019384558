/** How an engine passes many rows to one statement. */
import type { EntityManager } from '@mikro-orm/sql';
import type { Column, Row } from './columns.ts';

export interface RowsDialect {
  /** How many rows a statement is written for that is to be given so many; 0 for one that takes any number. */
  shape(count: number): number;
  /** The parameters that hold the rows, each a list of what stands in its columns. */
  parameters(columns: readonly Column[], rows: readonly (readonly unknown[])[]): unknown[];
  /** A query of those parameters that gives the rows in their order, with columns `c0`, `c1`, … */
  select(columns: readonly Column[], shape: number): string;
  /** Another form for many rows to insert, where there is one that is faster. */
  readonly insertion?: InsertionForm;
  /** How the rows before a refused one stay inserted, where that takes less than a savepoint. */
  readonly untilRefused?: UntilRefusedForm;
  /** Another form for many rows of a table that takes it, which is faster yet. */
  readonly copy?: CopyForm;
  /** Another form for one row, where there is one that is faster. */
  readonly single?: SingleForm;
  /** What a query selects to read a column without loss. @param expression of the column */
  read(column: Column, expression: string): string;
  /** What a query selects of a column so that the same text or number, given again, is compared as equal to it: not rounded as values are. */
  position(column: Column, expression: string): string;
  /** That a column has a given value. */
  equal(column: Column, expression: string, value: string): string;
  /** A text to compare with a column by <, in the order of the column's index: that of code points, or `nocase`. */
  inTextOrder(value: string): string;
  /** That a column has a value in another spelling than Meridian writes; `undefined` where it has none. */
  otherSpelling(column: Column, expression: string): string | undefined;
  /** A query of the given rows, in every spelling that columns may hold of their values. */
  spellings(columns: readonly Column[], given: string): string;
  /** That two expressions, the first a column, are equal but for the case of ASCII letters, as the column's index has it. */
  equalIgnoringCase(column: string, value: string): string;
}

export interface SingleForm {
  parameters(columns: readonly Column[], row: Row): unknown[];
  /** A query of those parameters that gives the row. */
  select(columns: readonly Column[]): string;
}

export interface InsertionForm {
  /** How many rows its statement takes, which has so many columns. */
  rows(columns: number): number;
  parameters(columns: readonly Column[], rows: readonly Row[]): unknown[];
  /** A query of those parameters that gives the rows in their order. */
  select(columns: readonly Column[], rows: number): string;
}

export interface UntilRefusedForm {
  /**
   * Whether the table is as declared, and refuses rows by such errors alone after which the number of inserted rows is known, for the
   * transaction of `em`.
   *
   * @param table its id
   */
  isFor(em: EntityManager, table: string, columns: readonly Column[]): Promise<boolean>;
  /** How its statement begins. */
  readonly verb: string;
  /** How many rows the statement inserted that has just failed; `undefined` where its error leaves that open. */
  inserted(em: EntityManager, error: unknown): Promise<number | undefined>;
}

export interface CopyForm {
  /** From so many rows on, it is faster. */
  readonly fromRows: number;
  /** How many rows a statement takes at most; more are given to several, which are sent together. */
  readonly statementRows: number;
  /**
   * Whether a table takes rows in this form as it does inserted ones, for the transaction of `em`.
   *
   * @param table its id
   */
  isFor(em: EntityManager, table: string, columns: readonly Column[]): Promise<boolean>;
  /** The same for a table that takes all rows that it does not refuse, since nothing in it skips one. */
  readonly whole: Pick<CopyForm, 'isFor'>;
  /** @param table its name in SQL @param names of the columns, in SQL */
  statement(table: string, names: string): string;
  /** Sets a savepoint, runs the statements and releases the savepoint, all in one statement. */
  inSavepoint(statements: string, savepoint: string): string;
  /** The rows as text in the form that the statement reads. */
  text(columns: readonly Column[], rows: readonly Row[]): string;
}
