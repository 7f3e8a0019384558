/** Records from newline delimited JSON: one object a line, or one reject a line, of which the record is read. */
import { MeridianError, messageOf } from '../../errors.ts';
import { isJsonObject, isTooDeep, parseExact, TOO_DEEP } from './json-value.ts';
import type { OpenSource, RawRecord } from './source.ts';
import { TextFault, type TextInput } from './text.ts';

export function openNdjson(input: TextInput): OpenSource {
  return { columns: undefined, records: records(input), progress: input.progress, close: input.close };
}

async function* records({ name, chunks }: TextInput): AsyncGenerator<RawRecord[]> {
  let line = 0;
  let number = 0;
  let pieces: string[] = [];

  const toRecords = (lines: readonly string[]): RawRecord[] => {
    const found: RawRecord[] = [];
    for (const text of lines) {
      line++;
      if (text.trim() !== '') {
        number++;
        found.push(toRecord(text, number, line));
      }
    }
    return found;
  };

  try {
    for await (const chunk of chunks) {
      const lines = chunk.split('\n');
      if (lines.length === 1) {
        pieces.push(chunk);
        continue;
      }
      lines[0] = pieces.join('') + lines[0];
      pieces = [lines.pop() ?? ''];
      yield toRecords(lines);
    }
  } catch (error) {
    throw error instanceof TextFault
      ? new MeridianError('source', `${name}, line ${line + 1}: ${error.message}.`)
      : error;
  }
  yield toRecords([pieces.join('')]);
}

function toRecord(text: string, number: number, line: number): RawRecord {
  let value: unknown;
  try {
    value = parseExact(text);
  } catch (error) {
    return { number, line, record: text.trim(), problem: `The line is not valid JSON: ${messageOf(error)}` };
  }
  if (isTooDeep(value)) {
    return { number, line, record: text.trim(), problem: TOO_DEEP };
  }
  const record = isReject(value) ? value['record'] : value;
  return isJsonObject(record)
    ? { number, line, record }
    : { number, line, record, problem: 'The record is not a JSON object' };
}

/** Whether a line is one that an earlier run wrote into its rejects file. */
function isReject(value: unknown): value is Record<string, unknown> {
  return (
    isJsonObject(value) &&
    Array.isArray(value['errors']) &&
    Object.keys(value).sort().join() === 'errors,line,number,record'
  );
}
