/** A record as the fields of a row; the object is made only when `record` is read. */
import type { RawRecord } from './source.ts';

export class FieldRecord implements RawRecord {
  readonly number: number;
  readonly line: number;
  /** The same array in all records of a source. */
  readonly columns: readonly string[];
  /** One for each column, in their order. */
  readonly fields: readonly string[];

  constructor(number: number, line: number, columns: readonly string[], fields: readonly string[]) {
    this.number = number;
    this.line = line;
    this.columns = columns;
    this.fields = fields;
  }

  /** Column -> field; a new object each time. */
  get record(): Record<string, string | undefined> {
    return Object.fromEntries(this.columns.map((name, index) => [name, this.fields[index]]));
  }
}
