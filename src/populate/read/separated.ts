/** Records from comma or tab separated values (RFC 4180), parsed by Papa Parse a chunk at a time. */
import Papa from 'papaparse';
import { MeridianError } from '../../errors.ts';
import { FieldRecord } from './field-record.ts';
import type { OpenSource, RawRecord } from './source.ts';
import { TextFault, type TextInput } from './text.ts';

/** A record longer than this is taken for a quote that nobody closed. */
export const MAX_RECORD_CHARACTERS = 64 * 1024 * 1024;

const STRAY_QUOTE = 'A quote inside a quoted field is not doubled ("")';

interface Row {
  readonly line: number;
  readonly fields: string[];
  readonly problem?: string;
}

/** @throws MeridianError `source` when there is no header, or a column in it twice */
export async function openSeparated(input: TextInput, delimiter: ',' | '\t'): Promise<OpenSource> {
  const chunks = rows(input, delimiter);
  let first = await chunks.next();
  while (!first.done && first.value.length === 0) {
    first = await chunks.next();
  }
  const [header, ...rest] = first.done ? [] : first.value;
  if (header === undefined) {
    throw new MeridianError('source', `${input.name} is empty: its first line has to name the columns.`);
  }
  if (header.problem !== undefined) {
    throw new MeridianError('source', `${input.name}, line ${header.line}: ${header.problem}`);
  }
  const columns = header.fields.map((name, index) => name.trim() || `column ${index + 1}`);
  checkHeader(`${input.name}, line ${header.line}`, columns);

  let number = 0;
  const toRecord = ({ line, fields, problem }: Row): RawRecord => {
    number++;
    if (problem !== undefined) {
      return { number, line, record: fields, problem };
    }
    if (fields.length !== columns.length) {
      const counts = `${plural(fields.length, 'field')} where the header names ${plural(columns.length, 'column')} (${columns.slice(0, 20).join(', ')})`;
      return { number, line, record: fields, problem: `The row has ${counts}` };
    }
    return new FieldRecord(number, line, columns, fields);
  };
  return {
    columns,
    records: (async function* () {
      yield rest.map(toRecord);
      for await (const chunk of chunks) {
        yield chunk.map(toRecord);
      }
    })(),
    progress: input.progress,
    close: input.close,
  };
}

function checkHeader(where: string, columns: readonly string[]): void {
  const seen = new Map<string, number>();
  for (const [index, name] of columns.entries()) {
    const earlier = seen.get(name);
    if (earlier !== undefined) {
      throw new MeridianError(
        'source',
        `${where}: the header names the column "${name}" twice (columns ${earlier + 1} and ${index + 1}). Rename one of them.`,
      );
    }
    seen.set(name, index);
  }
}

/** Rows that are not blank, with the line each starts on. Rows before a fault are given before it is thrown. */
async function* rows({ name, chunks }: TextInput, delimiter: string): AsyncGenerator<Row[]> {
  let line = 1;
  let rest = '';
  let parseFrom = 0;
  let newline: '\n' | '\r' | undefined;
  const fault = (at: number, what: string) => new MeridianError('source', `${name}, line ${at}: ${what}`);

  function* parse(isLast: boolean): Generator<Row[]> {
    newline ??= lineEnd(rest);
    const lineBreak = newline ?? '\n';
    // with "\n", Papa Parse takes a carriage return before it for white space, so mixed line ends are read as well
    const parser = new Papa.Parser({ delimiter, newline: lineBreak });
    const result = parser.parse(rest, 0, !isLast) as Papa.ParseResult<string[]>;
    const problems = firstProblems(result);
    // to search the whole text once is much cheaper than each field, and mostly finds neither
    const hasQuotes = rest.includes('"');
    const hasReturns = rest.includes('\r');
    const found: Row[] = [];
    for (const [index, fields] of result.data.entries()) {
      const start = line;
      if (hasReturns) {
        trimCarriageReturn(fields);
      }
      // only within quotes can a field hold a line break
      line += 1 + (hasQuotes ? breaksIn(fields, lineBreak) : 0);
      const problem = problems.get(index);
      if (problem?.code === 'MissingQuotes' || (problem !== undefined && line - start > 1)) {
        yield found;
        // the quote may have swallowed any number of rows: nothing after it can be trusted
        throw fault(
          lineOfQuote(fields, start, lineBreak),
          'a quote is opened here and not properly closed. Close it, or double it ("") where it belongs to the text.',
        );
      }
      if (fields.length > 1 || fields[0]?.trim()) {
        found.push(problem ? { line: start, fields, problem: STRAY_QUOTE } : { line: start, fields });
      }
    }
    rest = rest.slice(result.meta.cursor);
    yield found;
  }

  try {
    for await (const chunk of chunks) {
      rest += chunk;
      if (rest.length < parseFrom) {
        continue;
      }
      const before = rest.length;
      for (const found of parse(false)) {
        if (found.length > 0) {
          yield found;
        }
      }
      if (rest.length > MAX_RECORD_CHARACTERS) {
        throw fault(
          line,
          `the record that starts here is longer than ${MAX_RECORD_CHARACTERS / 1024 / 1024} MiB; probably a quote in it is never closed.`,
        );
      }
      // a record that fills several chunks is parsed again only when twice as much of it is there
      parseFrom = rest.length === before ? before * 2 : 0;
    }
  } catch (error) {
    throw error instanceof TextFault ? fault(line + count(rest, newline ?? '\n'), `${error.message}.`) : error;
  }
  if (rest !== '') {
    yield* parse(true);
  }
}

/** Row -> the first thing that is wrong with it; a row that is still incomplete does not count yet. */
function firstProblems({ data, errors }: Papa.ParseResult<string[]>): Map<number, Papa.ParseError> {
  const problems = new Map<number, Papa.ParseError>();
  for (const error of errors) {
    if (error.row !== undefined && error.row < data.length && !problems.has(error.row)) {
      problems.set(error.row, error);
    }
  }
  return problems;
}

/** What is left of "\r\n" where lines are cut at "\n". */
function trimCarriageReturn(fields: string[]): void {
  const last = fields.length - 1;
  if (fields[last]?.endsWith('\r')) {
    fields[last] = fields[last].slice(0, -1);
  }
}

/** What ends the lines; `undefined` when there is too little text to tell. */
function lineEnd(text: string): '\n' | '\r' | undefined {
  if (text.includes('\n')) {
    return '\n';
  }
  // at the very end, it may be the first half of "\r\n"
  return /\r./s.test(text) ? '\r' : undefined;
}

/** The line of the field that holds the line break, so of the quote that let it in. */
function lineOfQuote(fields: readonly string[], start: number, newline: string): number {
  let line = start;
  for (const field of fields) {
    if (field.includes('"') || field === fields.at(-1)) {
      return line;
    }
    line += count(field, newline);
  }
  return line;
}

function breaksIn(fields: readonly string[], newline: string): number {
  return fields.reduce((breaks, field) => breaks + count(field, newline), 0);
}

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) {
    found++;
  }
  return found;
}

function plural(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
