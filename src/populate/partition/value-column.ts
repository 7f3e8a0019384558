/** The column that names the database of a record; it is matched like the columns of properties. */
import type { Spread } from '../options.ts';
import { FieldRecord } from '../read/field-record.ts';
import type { RawRecord } from '../read/source.ts';
import { Columns } from '../record/columns.ts';

/** The trimmed text, or why there is none. */
export type ColumnValue = { readonly value: string } | { readonly problem: string };

export class ValueColumn {
  readonly #spread: Spread;
  readonly #layouts: Columns;
  readonly #columns = new Set<string>();

  /**
   * @param header the columns of a source that names them once
   * @throws MeridianError `source` if the column is not among them, or is ambiguous
   */
  constructor(spread: Spread, source: string, header: readonly string[] | undefined) {
    const { column, noun } = spread;
    this.#spread = spread;
    this.#layouts = new Columns({ entity: { name: noun }, properties: [{ name: column, required: true }] });
    if (header !== undefined) {
      this.#layouts.checkHeader(source, header);
    }
  }

  /** All names of the column in the records so far. */
  get columns(): readonly string[] {
    return [...this.#columns];
  }

  /** @param raw a record without a problem */
  valueOf(raw: RawRecord): ColumnValue {
    const names = raw instanceof FieldRecord ? raw.columns : Object.keys(raw.record as object);
    const { indexes, problem } = this.#layouts.layoutOf(names);
    if (problem !== undefined) {
      return { problem };
    }
    const [index = -1] = indexes;
    const name = names[index];
    const given = raw instanceof FieldRecord ? raw.fields[index] : this.#valueAt(raw, name);
    if (name !== undefined) {
      this.#columns.add(name);
    }
    const value = typeof given === 'number' ? String(given) : given;
    const { column, noun } = this.#spread;
    if (typeof value === 'string' && value.trim() !== '') {
      return { value: value.trim() };
    }
    return {
      problem:
        value === undefined || value === null || typeof value === 'string'
          ? `The column ${column} is empty, so the record belongs to no ${noun}`
          : `The column ${column} holds no text, so the record belongs to no ${noun}`,
    };
  }

  #valueAt({ record }: RawRecord, name: string | undefined): unknown {
    return name === undefined ? undefined : (record as Record<string, unknown>)[name];
  }
}
