/** Reads records from a JSON array of objects, element by element. */
import { MeridianError } from '../../shared/errors.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import { countOf } from '../../shared/text/count.ts';
import { capitalised } from '../../shared/text/words.ts';
import type { FileSettings } from './dialect.ts';
import { ArrayElements, ArrayFault, brokenJson, type Element } from './elements.ts';
import { listAt } from './json-lists.ts';
import { otherThanArray, SHAPE_CHARACTERS } from './json-shape.ts';
import { readJson, TOO_DEEP } from './json-value.ts';
import { openRecords } from './open-records.ts';
import type { OpenSource, RawRecord } from './source.ts';
import { TextFault, type TextInput } from './text.ts';

/** @throws MeridianError `source` if the text is not an array, or is invalid before the end of its first record */
export function openJson(input: TextInput, { jsonPath }: Pick<FileSettings, 'jsonPath'> = {}): Promise<OpenSource> {
  return openRecords(input, records(input, jsonPath === undefined ? arrayOnly(input) : listAt(input.chunks, jsonPath)));
}

/** @param list the text of the list of records */
async function* records(input: TextInput, list: AsyncIterable<string>): AsyncGenerator<RawRecord[]> {
  const elements = new ArrayElements();
  const fault = (line: number, what: string) => new MeridianError('source', `${input.name}, line ${line}: ${what}`);
  let number = 0;
  let found: RawRecord[] = [];
  const take = (element: Element) => {
    number++;
    found.push(toRecord(element, number, input.problemIn?.(element.text ?? '')));
  };
  try {
    for await (const chunk of list) {
      elements.read(chunk, take);
      yield found;
      found = [];
    }
    if (!elements.isDone) {
      throw fault(elements.line, 'the file ends before its JSON array does.');
    }
  } catch (error) {
    if (found.length > 0) {
      yield found;
    }
    if (error instanceof ArrayFault) {
      throw fault(error.line, error.message);
    }
    throw error instanceof TextFault ? fault(elements.line, `${error.message}.`) : error;
  }
}

function toRecord({ line, text }: Element, number: number, invalid: string | undefined): RawRecord {
  if (invalid !== undefined) {
    return { number, line, record: text ?? null, problem: capitalised(invalid) };
  }
  const read = text === undefined ? { problem: TOO_DEEP } : readJson(text);
  if ('fault' in read) {
    throw brokenJson(line + countOf((text ?? '').slice(0, read.at), '\n'), read.fault);
  }
  if ('problem' in read) {
    return { number, line, record: text ?? null, problem: read.problem };
  }
  return isJsonObject(read.value)
    ? { number, line, record: read.value, ...(read.numbers && { numbers: read.numbers }) }
    : { number, line, record: read.value, problem: 'The record is not a JSON object' };
}

/** The chunks of a text that starts with a bracket. @throws ArrayFault for any other text */
async function* arrayOnly({ chunks }: TextInput): AsyncGenerator<string> {
  let isArray = false;
  let head = '';
  let headLine = 1;
  for await (const chunk of chunks) {
    const begin: number = isArray || head !== '' ? 0 : chunk.search(/[^ \t\r\n]/);
    isArray ||= head === '' && chunk[begin] === '[';
    if (isArray || begin === -1) {
      headLine += isArray ? 0 : countOf(chunk, '\n');
      yield chunk;
      continue;
    }
    headLine += countOf(chunk.slice(0, begin), '\n');
    head += chunk.slice(begin);
    if (head.length >= SHAPE_CHARACTERS) {
      break;
    }
  }
  if (head !== '') {
    throw new ArrayFault(headLine, otherThanArray(head, head.length < SHAPE_CHARACTERS));
  }
}
