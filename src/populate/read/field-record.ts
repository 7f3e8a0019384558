/** A record as the fields of a row; the object is made only when `record` is read. */
import type { RawRecord } from './source.ts';

export class FieldRecord implements RawRecord {
  readonly number: number;
  readonly line: number;
  /** The same array in all records of a source. */
  readonly columns: readonly string[];
  /** One for each column, in their order: text, or for typed formats also `null`, lists and objects. */
  readonly fields: readonly unknown[];

  /** The file that it stands in, where the source has several. */
  readonly file: string | undefined;

  /** The columns whose texts the file has as numbers, so that no setting says how they are written. */
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

/** A record of a file in which white space at the ends of a field belongs to it. */
export class SpacedRecord extends FieldRecord {
  get isSpaced(): true {
    return true;
  }
}
