/** Reads records from newline-delimited JSON: one object per line, or the record of one reject per line. */
import { readReject } from '../../loads/reject-line.ts';
import { MeridianError } from '../../shared/errors.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import { capitalised } from '../../shared/text/words.ts';
import { otherThanLines } from './json-shape.ts';
import { readJson } from './json-value.ts';
import { MAX_RECORD_CHARACTERS, tooLong } from './limits.ts';
import { openRecords } from './open-records.ts';
import type { OpenSource, RawRecord } from './source.ts';
import { TextFault, type TextInput, withoutMark } from './text.ts';

/** @throws MeridianError `source` if the first line shows another format */
export function openNdjson(input: TextInput): Promise<OpenSource> {
  return openRecords(input, records(input));
}

async function* records({ name, chunks, problemIn }: TextInput): AsyncGenerator<RawRecord[]> {
  let line = 0;
  let number = 0;
  let pieces: string[] = [];
  let waiting = 0;
  const fault = (at: number, what: string) => new MeridianError('source', `${name}, line ${at}: ${what}`);

  const toRecords = (lines: readonly string[]): RawRecord[] => {
    const found: RawRecord[] = [];
    for (const text of lines) {
      line++;
      if (text.trim() !== '') {
        const other = number === 0 ? otherThanLines(text) : undefined;
        if (other !== undefined) {
          throw fault(line, other);
        }
        number++;
        found.push(toRecord(text, number, line, problemIn?.(text)));
      }
    }
    return found;
  };

  try {
    for await (const chunk of chunks) {
      const lines = chunk.split('\n');
      if (lines.length === 1) {
        pieces.push(chunk);
        waiting += chunk.length;
        if (waiting > MAX_RECORD_CHARACTERS) {
          throw fault(line + 1, tooLong('line', 'probably its line ends are missing'));
        }
        continue;
      }
      lines[0] = pieces.join('') + lines[0];
      const last = lines.pop() ?? '';
      pieces = [last];
      waiting = last.length;
      yield toRecords(lines);
    }
  } catch (error) {
    throw error instanceof TextFault ? fault(line + 1, `${error.message}.`) : error;
  }
  yield toRecords([pieces.join('')]);
}

function toRecord(line: string, number: number, at: number, invalid: string | undefined): RawRecord {
  if (invalid !== undefined) {
    return { number, line: at, record: line.trim(), problem: capitalised(invalid) };
  }
  // concatenated files keep the byte order mark of each
  const text = withoutMark(line);
  const read = readJson(text);
  if ('fault' in read) {
    const problem = `The line is not valid JSON: ${read.fault} (column ${read.at + 1})`;
    return { number, line: at, record: text.trim(), problem };
  }
  if ('problem' in read) {
    return { number, line: at, record: text.trim(), problem: read.problem };
  }
  const { record, reason, ...rest } = readReject(read.value) ?? {
    record: read.value,
    ...(read.numbers && { numbers: read.numbers }),
  };
  if (isJsonObject(record)) {
    return { number, line: at, record, ...rest };
  }
  // the text of a line, which may have been corrected in the rejects file
  return reason !== undefined && typeof record === 'string' && record.startsWith('{')
    ? { ...rest, ...toRecord(record, number, at, undefined) }
    : { number, line: at, record, problem: reason ?? 'The record is not a JSON object' };
}
