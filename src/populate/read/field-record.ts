/** A record that holds the fields of a row; `record` creates the object on demand. */
import type { RawRecord } from './source.ts';

export class FieldRecord implements RawRecord {
  readonly number: number;
  readonly line: number;
  /** The same array in all records of a source. */
  readonly columns: readonly string[];
  /** One per column, in the same order: text, or for typed formats also `null`, lists and objects. */
  readonly fields: readonly unknown[];

  /** The file that contains it, if the source has several. */
  readonly file: string | undefined;

  /** Columns that are numbers in the file, so that settings of number formats do not apply to their text. */
  readonly numbers?: ReadonlySet<string>;

  constructor(
    number: number,
    line: number,
    columns: readonly string[],
    fields: readonly unknown[],
    file?: string,
    numbers?: ReadonlySet<string>,
  ) {
    this.number = number;
    this.line = line;
    this.columns = columns;
    this.fields = fields;
    this.file = file;
    if (numbers !== undefined) {
      this.numbers = numbers;
    }
  }

  /** Column -> field; a new object each time. */
  get record(): Record<string, unknown> {
    return Object.fromEntries(this.columns.map((name, index) => [name, this.fields[index]]));
  }
}

/** A record of a file in which surrounding white space is part of a field. */
export class SpacedRecord extends FieldRecord {
  get isSpaced(): true {
    return true;
  }
}
