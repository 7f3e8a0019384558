/** Reads records from separated values (CSV, TSV and similar formats). */
import { MeridianError } from '../../shared/errors.ts';
import { shown } from '../../shared/text/visible.ts';
import { capitalised } from '../../shared/text/words.ts';
import { openHead, type SeparatedText } from './csv-head.ts';
import { type Row, RowFault } from './csv-row-reader.ts';
import { Rows } from './csv-rows.ts';
import type { FileSettings } from './dialect.ts';
import { FieldRecord, SpacedRecord } from './field-record.ts';
import { headerFault } from './header.ts';
import type { OpenSource, RawRecord } from './source.ts';
import { TextFault, type TextInput } from './text.ts';

/** Number of rows that are examined for the notation of values. */
const SAMPLE_ROWS = 100;

/**
 * @param settings without a delimiter, it is detected
 * @throws MeridianError `source` if there is no header, a column occurs twice in it, the delimiter is ambiguous, or the file is JSON
 */
export async function openSeparated(input: TextInput, settings: FileSettings = {}): Promise<OpenSource> {
  const text = await openHead(input, settings);
  const { columns: given } = settings;
  const cutter = new Rows(text.dialect, {
    line: text.line,
    isStrict: settings.strictFormat === true,
    hasTrailing: text.hasTrailing,
    ...(given === undefined ? {} : { width: given.length }),
  });
  const chunks = rows(input.name, text, cutter);
  let first = await chunks.next();
  while (!first.done && first.value.length === 0) {
    first = await chunks.next();
  }
  const found = first.done ? [] : first.value;
  const header = given === undefined ? found.shift() : undefined;
  if (header === undefined && given === undefined) {
    throw new MeridianError('source', `${input.name} is empty: its first line has to name the columns.`);
  }
  const columns = given ?? columnsOf(input, header as Row);
  const toRecord = recordMaker(input, cutter, columns, header?.fields, settings, text.hasTrailing);
  return {
    columns,
    detected: text.detected,
    delimiter: text.dialect.delimiter,
    sample: found.slice(0, SAMPLE_ROWS).filter(({ problem }) => problem === undefined),
    records: (async function* () {
      yield found.map(toRecord);
      for await (const chunk of chunks) {
        yield chunk.map(toRecord);
      }
    })(),
    progress: input.progress,
    charactersRead: input.charactersRead,
    close: input.close,
  };
}

/** @throws MeridianError `source` for an invalid header */
function columnsOf({ name: source, problemIn }: TextInput, { fields, line, problem }: Row): string[] {
  const columns = fields.map((name, index) => name.trim() || `column ${index + 1}`);
  const fault = problem ?? problemIn?.(fields) ?? headerFault(columns);
  if (fault !== undefined) {
    throw new MeridianError('source', `${source}, line ${line}: ${fault}.`);
  }
  return columns;
}

/** Numbers the records. */
function recordMaker(
  { problemIn }: TextInput,
  { newline }: Rows,
  columns: readonly string[],
  header: readonly string[] | undefined,
  { trim }: FileSettings,
  hasTrailing: boolean,
): (row: Row) => RawRecord {
  const Made = trim === 'none' ? SpacedRecord : FieldRecord;
  const repeated = header !== undefined && header.length > 1 ? header : undefined;
  let number = 0;

  function problemOf(fields: readonly string[]): string | undefined {
    if (fields.length !== columns.length) {
      return miscount(fields, columns, newline);
    }
    if (repeated !== undefined && fields[0] === repeated[0] && isSameRow(fields, repeated)) {
      return 'The row is the header again';
    }
    const invalid = problemIn?.(fields);
    return invalid === undefined ? undefined : capitalised(invalid);
  }

  return ({ line, fields, problem, text }) => {
    number++;
    if (hasTrailing && fields.length === columns.length + 1 && fields.at(-1)?.trim() === '') {
      fields.pop();
    }
    const why = problem ?? problemOf(fields);
    return why === undefined
      ? new Made(number, line, columns, fields)
      : { number, line, record: text ?? fields, problem: why };
  };
}

function isSameRow(fields: readonly string[], header: readonly string[]): boolean {
  return fields.every((field, index) => field === header[index]);
}

/** Yields the rows before a fault, and then throws it. */
async function* rows(name: string, { chunks }: SeparatedText, cutter: Rows): AsyncGenerator<Row[]> {
  let found: Row[] = [];
  const fault = (line: number, what: string) => new MeridianError('source', `${name}, line ${line}: ${what}`);
  try {
    for await (const chunk of chunks) {
      cutter.read(chunk, found);
      yield found;
      found = [];
      while (cutter.hasMore) {
        cutter.more(found);
        yield found;
        found = [];
      }
    }
    cutter.finish(found);
    while (cutter.hasMore) {
      yield found;
      found = [];
      cutter.more(found);
    }
  } catch (error) {
    yield found;
    if (error instanceof RowFault) {
      throw fault(error.line, error.message);
    }
    throw error instanceof TextFault ? fault(cutter.line, `${error.message}.`) : error;
  }
  yield found;
}

function miscount(fields: readonly string[], columns: readonly string[], newline: '\n' | '\r'): string {
  const counts = `The row has ${plural(fields.length, 'field')} where the header names ${plural(columns.length, 'column')} (${columns.slice(0, 20).map(shown).join(', ')})`;
  const other = newline === '\n' ? '\r' : '\n';
  return fields.length > columns.length && fields.some((field) => field.includes(other))
    ? `${counts}; it holds a line break (${NAMES[other]}) that does not end a row, because another one (${NAMES[newline]}) ends the header`
    : counts;
}

const NAMES = { '\n': 'LF', '\r': 'CR' };

function plural(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
