/** Rejects as CSV, for spreadsheets: a row each, with the reason before the values. populate loads the file, without these columns. */
import Papa from 'papaparse';
import type { RejectContent } from '../../loads/reject-line.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import { parseExactJson } from '../../shared/json/parse-exact.ts';
import { WrittenNumber } from '../../shared/json/written-number.ts';
import { errorsIn } from './group-rejects.ts';

type Pages = AsyncIterable<readonly RejectContent[]>;

const OWN = ['rejected_number', 'rejected_file', 'rejected_line', 'rejected_because'];

/** For what was read and is no record. */
const TEXT = 'rejected_text';

/**
 * @param pages is called twice: first the columns of all records are collected
 * @returns some rows at a time, the header first
 */
export async function* rejectsAsCsv(pages: () => Pages): AsyncGenerator<{ text: string; count: number }> {
  const columns = await columnsOf(pages());
  yield { text: linesOf([[...OWN, ...columns]]), count: 0 };
  for await (const page of pages()) {
    const rows = page.map(({ number, file, line, record, errors }) => {
      const because = errorsIn(errors).errors.map(({ message }) => message);
      const values = valuesIn(record);
      return [number, file ?? '', line, because.join('; '), ...columns.map((name) => fieldOf(values[name]))];
    });
    yield { text: linesOf(rows), count: page.length };
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

function fieldOf(value: unknown): unknown {
  if (value instanceof WrittenNumber) {
    return value.text;
  }
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? '');
}

function linesOf(rows: readonly (readonly unknown[])[]): string {
  return `${Papa.unparse(rows as unknown[][], { newline: '\n' })}\n`;
}
