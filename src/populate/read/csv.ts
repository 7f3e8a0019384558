/** Records from comma or tab separated values (CSV, TSV). */
import { MeridianError } from '../../shared/errors.ts';
import { quoted, shown } from '../../shared/text/visible.ts';
import { type Delimiter, type Row, RowFault } from './csv-row-reader.ts';
import { Rows } from './csv-rows.ts';
import { FieldRecord } from './field-record.ts';
import { formatOfJson } from './json-shape.ts';
import { MAX_NAME_CHARACTERS } from './limits.ts';
import type { OpenSource, RawRecord } from './source.ts';
import { TextFault, type TextInput } from './text.ts';

/** @throws MeridianError `source` when there is no header, a column occurs in it twice, or the file is JSON */
export async function openSeparated(input: TextInput, delimiter: Delimiter): Promise<OpenSource> {
  const cutter = new Rows(delimiter);
  const chunks = rows(input, cutter);
  let first = await chunks.next();
  while (!first.done && first.value.length === 0) {
    first = await chunks.next();
  }
  const [header, ...rest] = first.done ? [] : first.value;
  if (header === undefined) {
    throw new MeridianError('source', `${input.name} is empty: its first line has to name the columns.`);
  }
  const columns = header.fields.map((name, index) => name.trim() || `column ${index + 1}`);
  const fault = faultOf(header, columns);
  if (fault !== undefined) {
    throw new MeridianError('source', `${input.name}, line ${header.line}: ${fault}`);
  }

  let number = 0;
  const toRecord = ({ line, fields, problem }: Row): RawRecord => {
    number++;
    if (problem !== undefined) {
      return { number, line, record: fields, problem };
    }
    if (fields.length !== columns.length) {
      return { number, line, record: fields, problem: miscount(fields, columns, cutter.newline) };
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
    charactersRead: input.charactersRead,
    close: input.close,
  };
}

/** A sentence about what is wrong with a header. */
function faultOf({ problem }: Row, columns: readonly string[]): string | undefined {
  if (problem !== undefined) {
    return `${problem}.`;
  }
  const long = columns.find((name) => name.length > MAX_NAME_CHARACTERS);
  if (long !== undefined) {
    return `the header names a column with more than ${MAX_NAME_CHARACTERS.toLocaleString('en')} characters, ${quoted(long)}. Shorten it.`;
  }
  const seen = new Map<string, number>();
  for (const [index, name] of columns.entries()) {
    const earlier = seen.get(name);
    if (earlier !== undefined) {
      return `the header names the column ${quoted(name)} twice (columns ${earlier + 1} and ${index + 1}). Rename one of them.`;
    }
    seen.set(name, index);
  }
  return undefined;
}

/** Yields the rows before a fault, and then throws it. */
async function* rows({ name, chunks }: TextInput, cutter: Rows): AsyncGenerator<Row[]> {
  let found: Row[] = [];
  const fault = (line: number, what: string) => new MeridianError('source', `${name}, line ${line}: ${what}`);
  let isFirst = true;
  try {
    for await (const chunk of chunks) {
      const json = isFirst ? formatOfJson(chunk) : undefined;
      if (json !== undefined) {
        throw fault(1, `the file holds JSON, not separated values. Use --format ${json}.`);
      }
      isFirst = false;
      cutter.read(chunk, found);
      yield found;
      found = [];
    }
    cutter.finish(found);
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
