/** Rejects as CSV, for spreadsheets: a row each, with the reason before the values. populate loads the file, without these columns. */
import Papa from 'papaparse';
import type { RejectContent } from '../../loads/reject-line.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import { parseExactJson } from '../../shared/json/parse-exact.ts';
import { WrittenNumber } from '../../shared/json/written-number.ts';
import type { ValueSettings } from '../record/value-settings.ts';
import { errorsIn } from './group-rejects.ts';

type Pages = AsyncIterable<readonly RejectContent[]>;

const OWN = ['rejected_number', 'rejected_file', 'rejected_line', 'rejected_because'];

/** For what was read and is no record. */
const TEXT = 'rejected_text';

/**
 * @param pages is called twice: first the columns of all records are collected
 * @param values how the run read text as values
 * @returns some rows at a time, the header first; `unlike` counts those that would be read as another record from CSV with these settings
 */
export async function* rejectsAsCsv(
  pages: () => Pages,
  values: ValueSettings,
): AsyncGenerator<{ text: string; count: number; unlike: number }> {
  const columns = await columnsOf(pages());
  const hasSettings = values.decimal !== undefined || values.thousands !== undefined;
  const isOfJsonAlone = (value: unknown) => hasSettings && isNumber(value) && !/^-?\d+$/.test(String(fieldOf(value)));
  yield { text: linesOf([[...OWN, ...columns]]), count: 0, unlike: 0 };
  for await (const page of pages()) {
    let unlike = 0;
    const rows = page.map(({ number, file, line, record, errors }) => {
      const { errors: reasons, standard, trim } = errorsIn(errors);
      const because = reasons.map(({ message }) => message);
      const given = valuesIn(record);
      const isUnlike = standard !== undefined || trim !== undefined || Object.values(given).some(isOfJsonAlone);
      unlike += isUnlike ? 1 : 0;
      return [number, file ?? '', line, because.join('; '), ...columns.map((name) => fieldOf(given[name]))];
    });
    yield { text: linesOf(rows), count: page.length, unlike };
  }
}

async function columnsOf(pages: Pages): Promise<string[]> {
  const names = new Set<string>();
  for await (const page of pages) {
    for (const { record } of page) {
      for (const name of Object.keys(valuesIn(record))) {
        names.add(name);
      }
    }
  }
  return [...names];
}

function valuesIn(json: string): Readonly<Record<string, unknown>> {
  const record = parseExactJson(json);
  return isJsonObject(record) ? record : { [TEXT]: record };
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
