/**
 * Writes rejects as CSV for spreadsheets: one row each, with the reason before the values. populate can load the file, and ignores the
 * reasons.
 */
import Papa from 'papaparse';
import type { Table } from '../../database/table.ts';
import type { RejectContent } from '../../loads/reject-line.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import { parseExactJson } from '../../shared/json/parse-exact.ts';
import { WrittenNumber } from '../../shared/json/written-number.ts';
import { REASON_COLUMNS, TEXT_COLUMN } from '../read/reasons.ts';
import { shapeOf } from '../record/shape.ts';
import type { RunSettings } from '../resume/run-settings.ts';
import { errorsIn } from './group-rejects.ts';

type Pages = AsyncIterable<readonly RejectContent[]>;

/** Facts about all rejects that are needed before the first row is written. */
export interface CsvOfRejects {
  readonly columns: readonly string[];
  /** The number of rejects that would be read from CSV as a different record, with the settings of the run. */
  readonly unlike: number;
}

/** @param settings the settings of the run */
export async function examineForCsv(
  pages: Pages,
  { metadata, database, uniqueKeys }: Table,
  { values = {}, columns: map }: RunSettings,
): Promise<CsvOfRejects> {
  const hasSettings = [values, ...Object.values(values.byFile ?? {})].some(
    ({ decimal, thousands }) => decimal !== undefined || thousands !== undefined,
  );
  const isOfJsonAlone = (value: unknown) => hasSettings && isNumber(value) && !/^-?\d+$/.test(String(fieldOf(value)));
  const columns = new Set<string>();
  let unlike = 0;
  for await (const page of pages) {
    for (const { record, errors, file } of page) {
      const { standard, trim } = errorsIn(errors);
      const given = valuesIn(record);
      for (const name of Object.keys(given)) {
        columns.add(name);
      }
      const isOfOther = typeof file === 'string' && values.byFile?.[file] !== undefined;
      const isUnlike = standard !== undefined || trim !== undefined || Object.values(given).some(isOfJsonAlone);
      unlike += isUnlike || isOfOther ? 1 : 0;
    }
  }
  if (columns.size === 1 && columns.has(TEXT_COLUMN)) {
    // no record was read, so the properties provide the columns in which to correct it
    for (const { name } of shapeOf(metadata, database.engine.storage, uniqueKeys).properties) {
      columns.add(map[name] ?? name);
    }
  }
  return { columns: [...columns], unlike };
}

/** The rows in pages, starting with the header. */
export async function* rejectsAsCsv({ columns }: Pick<CsvOfRejects, 'columns'>, pages: Pages): AsyncGenerator<string> {
  yield linesOf([[...REASON_COLUMNS, ...columns]]);
  for await (const page of pages) {
    const rows = page.map(({ number, file, line, record, errors }) => {
      const because = errorsIn(errors).errors.map(({ message }) => message);
      const given = valuesIn(record);
      return [number, file ?? '', line, because.join('; '), ...columns.map((name) => fieldOf(given[name]))];
    });
    yield linesOf(rows);
  }
}

function valuesIn(json: string): Readonly<Record<string, unknown>> {
  const record = parseExactJson(json);
  return isJsonObject(record) ? record : { [TEXT_COLUMN]: record };
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || value instanceof WrittenNumber;
}

function fieldOf(value: unknown): unknown {
  if (value instanceof WrittenNumber) {
    return value.text;
  }
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? '');
}

function linesOf(rows: readonly (readonly unknown[])[]): string {
  return `${Papa.unparse(rows as unknown[][], { newline: '\n' })}\n`;
}
