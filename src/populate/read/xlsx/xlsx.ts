/** Reads records from a sheet of an Excel workbook (.xlsx). The line of a record is the number of its row. */
import { MeridianError, messageOf } from '../../../shared/errors.ts';
import { quoted } from '../../../shared/text/visible.ts';
import type { FileSettings } from '../dialect.ts';
import type { ExaminedContent } from '../examined-file.ts';
import { FieldRecord } from '../field-record.ts';
import { headerFault } from '../header.ts';
import type { OpenSource, RawRecord } from '../source.ts';
import { columnName, rowsOf, type SheetRow } from './rows.ts';
import { openWorkbook, type Sheet, type Workbook } from './workbook.ts';

/** Without a sheet, the only one with values is read. */
type SheetSettings = Pick<FileSettings, 'sheet' | 'skipLines' | 'columns'>;

/** @throws MeridianError `source` if it is damaged, the sheet is ambiguous or missing, or a column occurs twice in its header */
export async function openXlsx(content: ExaminedContent, settings: SheetSettings = {}): Promise<OpenSource> {
  const workbook = await openWorkbook(content);
  const close = async () => {
    await workbook.strings.close();
    content.close();
  };
  try {
    const { sheet, why } = await sheetIn(workbook, content.name, settings.sheet);
    const detected = why === undefined ? [] : [{ setting: 'sheet', value: sheet.name, why }];
    return { ...(await openSheet(workbook, sheet, content, settings)), detected, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @returns the sheet, and why it was chosen if it was not specified */
async function sheetIn(
  workbook: Workbook,
  name: string,
  wanted: string | number | undefined,
): Promise<{ readonly sheet: Sheet; readonly why?: string }> {
  const { sheets } = workbook;
  if (wanted !== undefined) {
    const text = String(wanted);
    const sheet =
      sheets.find((one) => one.name === text) ??
      sheets.find((one) => one.name.toLowerCase() === text.toLowerCase()) ??
      (typeof wanted === 'number' ? sheets[wanted - 1] : undefined);
    if (sheet === undefined) {
      throw new MeridianError('source', `${name} has no sheet ${quoted(text)}. It has ${listed(sheets)}.`);
    }
    return { sheet };
  }
  const filled: Sheet[] = [];
  for (const sheet of sheets) {
    if (await hasValues(sheet, workbook, name)) {
      filled.push(sheet);
    }
  }
  const [first, ...others] = filled;
  if (first === undefined) {
    throw new MeridianError('source', `${name} is empty: no sheet has a cell with a value.`);
  }
  if (others.length > 0) {
    throw new MeridianError(
      'source',
      `${name} has several sheets with values: ${listed(filled)}. Name one with --sheet.`,
    );
  }
  return sheets.length === 1 ? { sheet: first } : { sheet: first, why: 'no other sheet has values' };
}

function listed(sheets: readonly Sheet[]): string {
  return sheets.map(({ name, isHidden }) => `${quoted(name)}${isHidden ? ' (hidden)' : ''}`).join(', ');
}

async function hasValues(sheet: Sheet, workbook: Workbook, name: string): Promise<boolean> {
  for await (const rows of explained(rowsOf(sheet, workbook), name, sheet)) {
    if (rows.length > 0) {
      return true;
    }
  }
  return false;
}

/** Converts errors to MeridianError `source` with the name of the sheet. */
async function* explained(
  rows: AsyncGenerator<SheetRow[]>,
  name: string,
  sheet: Sheet,
): AsyncGenerator<readonly SheetRow[]> {
  try {
    yield* rows;
  } catch (error) {
    throw new MeridianError(
      'source',
      `${name}, sheet ${quoted(sheet.name)} cannot be read: ${messageOf(error)}. Open the workbook in a spreadsheet program, and save it again.`,
      { cause: error },
    );
  }
}

async function openSheet(
  workbook: Workbook,
  sheet: Sheet,
  { name, size }: ExaminedContent,
  { skipLines = 0, columns: given }: SheetSettings,
): Promise<Omit<OpenSource, 'close'>> {
  const chunks = after(skipLines, explained(rowsOf(sheet, workbook), name, sheet));
  let first = await chunks.next();
  while (!first.done && first.value.length === 0) {
    first = await chunks.next();
  }
  const rows = first.done ? [] : first.value;
  const [header] = rows;
  const columns = given ?? (header && columnsIn(header, name, sheet));
  if (columns === undefined) {
    throw new MeridianError(
      'source',
      `${name}, sheet ${quoted(sheet.name)} is empty: its first row has to name the columns.`,
    );
  }
  let number = 0;
  let charactersRead = 0;
  /** Cached, since most rows have numbers in the same columns. */
  let last: { readonly numbers: readonly number[]; readonly names: ReadonlySet<string> } | undefined;
  const toRecord = ({ line, fields, numbers, problem }: SheetRow): RawRecord => {
    number++;
    charactersRead += fields.reduce((sum, { length }) => sum + length, 0);
    const fault = problem ?? surplus(line, fields, columns);
    if (fault !== undefined) {
      return { number, line, record: fields, problem: fault };
    }
    if (last === undefined || String(last.numbers) !== String(numbers)) {
      last = { numbers, names: new Set(numbers.map((index) => columns[index] ?? '')) };
    }
    return new FieldRecord(number, line, columns, padded(fields, columns.length), undefined, last.names);
  };
  const packed = workbook.archive.files.find(({ path }) => path === sheet.path);
  return {
    columns,
    records: (async function* () {
      yield (given === undefined ? rows.slice(1) : rows).map(toRecord);
      for await (const chunk of chunks) {
        yield chunk.map(toRecord);
      }
    })(),
    progress: () => ({ bytesRead: workbook.archive.readOf(sheet.path), bytesTotal: packed?.packedSize ?? size }),
    charactersRead: () => charactersRead,
  };
}

/** Skips the first rows of the sheet. */
async function* after(rows: number, chunks: AsyncGenerator<readonly SheetRow[]>): AsyncGenerator<readonly SheetRow[]> {
  for await (const chunk of chunks) {
    yield chunk.filter(({ line }) => line > rows);
  }
}

function columnsIn({ line, fields, problem }: SheetRow, name: string, sheet: Sheet): readonly string[] {
  const columns = fields.map((field, index) => field.trim() || `column ${columnName(index)}`);
  const fault = problem ?? headerFault(columns);
  if (fault !== undefined) {
    throw new MeridianError('source', `${name}, sheet ${quoted(sheet.name)}, row ${line}: ${fault}.`);
  }
  return columns;
}

function surplus(line: number, fields: readonly string[], columns: readonly string[]): string | undefined {
  return fields.length > columns.length
    ? `Cell ${columnName(fields.length - 1)}${line} has a value, and the header names no column there`
    : undefined;
}

function padded(fields: readonly string[], length: number): readonly string[] {
  return fields.length === length ? fields : Array.from({ length }, (_, index) => fields[index] ?? '');
}
