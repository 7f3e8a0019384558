/** The rows of a sheet, with the values of their cells as text. */
import { MAX_FIELDS, MAX_RECORD_CHARACTERS, tooLong } from '../limits.ts';
import { numberText } from '../number-text.ts';
import { cellText } from './cell-text.ts';
import { dateText } from './dates.ts';
import type { Sheet, Workbook } from './workbook.ts';
import { readXml } from './xml.ts';

export interface SheetRow {
  /** From 1, in the sheet. */
  readonly line: number;
  /** The values of its cells; `''` for an empty cell. */
  readonly fields: readonly string[];
  /** The indexes of numeric cells. */
  readonly numbers: readonly number[];
  /** Why a cell has no value. */
  readonly problem: string | undefined;
}

/** A cell as written in the sheet. */
interface Cell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  text: string;
  hasFormula: boolean;
  hasValue: boolean;
}

interface RawRow {
  readonly line: number;
  readonly cells: Cell[];
}

/** The rows with values, in chunks. Throws Error if the sheet is damaged. */
export async function* rowsOf(sheet: Sheet, workbook: Workbook): AsyncGenerator<SheetRow[]> {
  const cutter = new RowCutter();
  for await (const _ of readXml(workbook.archive.bytesOf(sheet.path), cutter)) {
    const found = cutter.take();
    // the shared strings of these rows are read first
    await workbook.strings.reach(Math.max(-1, ...found.map(lastString)));
    yield found.map((row) => valuesOf(row, workbook)).filter(({ fields, problem }) => fields.length > 0 || problem);
  }
}

function lastString({ cells }: RawRow): number {
  return cells.reduce(
    (last, { type, text }) => (type === 's' && text !== '' ? Math.max(last, Number(text)) : last),
    -1,
  );
}

function valuesOf({ line, cells }: RawRow, workbook: Workbook): SheetRow {
  const fields: string[] = [];
  const numbers: number[] = [];
  let problem: string | undefined;
  for (const cell of cells) {
    const value = cellValue(cell, workbook);
    if (typeof value !== 'string') {
      problem ??= `Cell ${columnName(cell.column)}${line} ${value.problem}`;
    } else if (value !== '') {
      while (fields.length < cell.column) {
        fields.push('');
      }
      fields[cell.column] = value;
      if (cell.type === 'n' && (workbook.kinds[cell.style] ?? 'number') === 'number') {
        numbers.push(cell.column);
      }
    }
  }
  return { line, fields, numbers, problem };
}

/** The value of a cell, or why it has none, to follow the name of the cell. */
function cellValue(
  { type, style, text, hasFormula, hasValue }: Cell,
  { is1904, kinds, strings }: Workbook,
): string | { readonly problem: string } {
  if (!hasValue || (text === '' && type === 'n')) {
    return hasFormula
      ? {
          problem:
            'has a formula whose result is not stored. Open the workbook in a spreadsheet program, and save it again',
        }
      : '';
  }
  switch (type) {
    case 's':
      if (!/^\d+$/.test(text)) {
        throw new Error(`a cell refers to the shared text "${text}"`);
      }
      return strings.at(Number(text));
    case 'str':
    case 'inlineStr':
      return cellText(text);
    case 'b':
      return text === '1' || text === 'true' ? 'true' : 'false';
    case 'e':
      return { problem: `has the error ${text}. Correct it in the workbook` };
    case 'd':
      return text;
    default:
      return ofNumber(text, kinds[style] ?? 'number', is1904);
  }
}

function ofNumber(
  text: string,
  kind: Workbook['kinds'][number],
  is1904: boolean,
): string | { readonly problem: string } {
  const number = Number(text);
  if (!Number.isFinite(number)) {
    return { problem: `has the number "${text}", which is not valid` };
  }
  if (kind === 'number') {
    return plainNumber(text, number);
  }
  return (
    dateText(number, kind, is1904) ?? {
      problem: `is formatted as a ${kind}, but its number ${numberText(number)} is out of range`,
    }
  );
}

/** A number with 15 digits before an exponent may have had more, as ids do: spreadsheet programs do not keep them. */
const ROUNDED = /^-?\d\.?\d{14,}[eE]/;

/**
 * The shortest number that a spreadsheet program considers equal. Beyond the safe integers, the number keeps its spelling: all of its
 * digits or, if these may have been rounded, an exponent, which no integer property accepts.
 */
function plainNumber(text: string, number: number): string {
  const isLong = Math.abs(number) > Number.MAX_SAFE_INTEGER;
  return isLong && (/^-?\d+(?:\.\d+)?$/.test(text) || ROUNDED.test(text)) ? text : numberText(number);
}

/** Builds rows from the elements of a sheet. */
class RowCutter {
  #found: RawRow[] = [];
  #line = 0;
  #row: RawRow | undefined;
  #column = -1;
  #cell: Cell | undefined;
  /** Whether text belongs to the value of the cell. */
  #isValue = false;
  #isPhonetic = false;
  #characters = 0;

  /** The rows that have been read since the last call. */
  take(): RawRow[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  opened(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'row':
        this.#line = attributes['r'] === undefined ? this.#line + 1 : Number(attributes['r']);
        this.#row = { line: this.#line, cells: [] };
        this.#column = -1;
        this.#characters = 0;
        break;
      case 'c':
        this.#begin(attributes);
        break;
      case 'v':
      case 't':
        this.#isValue = !this.#isPhonetic;
        if (this.#cell !== undefined) {
          this.#cell.hasValue = true;
        }
        break;
      case 'f':
        if (this.#cell !== undefined) {
          this.#cell.hasFormula = true;
        }
        break;
      case 'rPh':
        this.#isPhonetic = true;
        break;
      default:
    }
  }

  closed(name: string): void {
    switch (name) {
      case 'row':
        if (this.#row !== undefined) {
          this.#found.push(this.#row);
        }
        this.#row = undefined;
        break;
      case 'c':
        this.#cell = undefined;
        break;
      case 'rPh':
        this.#isPhonetic = false;
        break;
      default:
        this.#isValue = false;
    }
  }

  text(piece: string): void {
    if (this.#isValue && this.#cell !== undefined) {
      this.#cell.text += piece;
      this.#characters += piece.length;
      if (this.#characters > MAX_RECORD_CHARACTERS) {
        throw new Error(`row ${this.#line}: ${tooLong('row', 'the workbook is damaged')}`);
      }
    }
  }

  #begin({ r: reference, t: type = 'n', s: style = '0' }: Readonly<Record<string, string>>): void {
    this.#column = reference === undefined ? this.#column + 1 : columnOf(reference);
    if (!(this.#column < MAX_FIELDS)) {
      throw new Error(`row ${this.#line}: it has a cell ${reference}, and there are ${MAX_FIELDS} columns at most`);
    }
    this.#cell = { column: this.#column, type, style: Number(style), text: '', hasFormula: false, hasValue: false };
    this.#row?.cells.push(this.#cell);
  }
}

/** The column index of a cell such as `AB12`. */
function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at++) {
    const letter = reference.charCodeAt(at) - 0x40;
    if (letter < 1 || letter > 26) {
      break;
    }
    column = column * 26 + letter;
  }
  return column - 1;
}

/** `A` for 0, `AB` for 27. */
export function columnName(column: number): string {
  const last = String.fromCharCode(0x41 + (column % 26));
  return column < 26 ? last : columnName(Math.floor(column / 26) - 1) + last;
}
