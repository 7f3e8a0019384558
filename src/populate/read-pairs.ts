/** Reads a small mapping file: a table with two columns, or a JSON object. */
import { MeridianError } from '../shared/errors.ts';
import { isJsonObject } from '../shared/json/object.ts';
import { fileSource } from './read/file.ts';
import { readJson } from './read/json-value.ts';
import type { RawRecord } from './read/source.ts';
import { openText, TextFault } from './read/text.ts';
import { Columns } from './record/columns.ts';

export interface Pair {
  /** From 1; nothing if it is not known. */
  readonly line: number | undefined;
  /** Trimmed, as is the value. */
  readonly key: string;
  readonly value: string;
}

/** The names of key and value: the columns of a table, which are matched like those of a load. */
export interface PairNames {
  readonly key: string;
  readonly value: string;
  /** A JSON object for the error message that describes the expected content. */
  readonly example: string;
}

/** Maximum number of characters of a JSON object. */
const MAX_CHARACTERS = 1024 * 1024;

/**
 * @param path a `.json` file with an object such as `{"United Kingdom":"uk"}`, or any other file that can be loaded
 * @returns the pairs in the order of the file; a key may occur twice
 * @throws MeridianError `source`, with the file and if possible the line, for other content, and for pairs that are not text
 */
export async function readPairs(path: string, names: PairNames): Promise<Pair[]> {
  return /[.]json$/i.test(path) ? fromObject(path, names) : fromTable(path, names);
}

async function fromObject(path: string, names: PairNames): Promise<Pair[]> {
  const text = await readText(path);
  const read = readJson(text);
  if ('fault' in read) {
    throw pairError(path, lineAt(text, read.at), `this is not valid JSON (${read.fault}).`);
  }
  if ('problem' in read) {
    throw pairError(path, undefined, `${read.problem}.`);
  }
  if (!isJsonObject(read.value)) {
    throw pairError(path, undefined, `it has to hold one JSON object, such as ${names.example}.`);
  }
  return Object.entries(read.value).map(([key, value]) => {
    const at = text.indexOf(JSON.stringify(key));
    const line = at === -1 ? undefined : lineAt(text, at);
    if (typeof value !== 'string') {
      throw pairError(path, line, `the ${names.value} of "${key}" is not text.`);
    }
    return { line, key: key.trim(), value: value.trim() };
  });
}

/** Reads a whole small file. */
async function readText(path: string): Promise<string> {
  const input = await openText(path);
  try {
    let text = '';
    for await (const chunk of input.chunks) {
      text += chunk;
      if (text.length > MAX_CHARACTERS) {
        throw new TextFault(`it has more than ${MAX_CHARACTERS.toLocaleString('en')} characters`);
      }
    }
    return text;
  } catch (error) {
    throw error instanceof TextFault ? new MeridianError('source', `${path}: ${error.message}.`) : error;
  } finally {
    await input.close();
  }
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

async function fromTable(path: string, { key, value }: PairNames): Promise<Pair[]> {
  const open = await fileSource(path).open();
  try {
    const columns = new Columns({
      entity: { name: value },
      properties: [key, value].map((name) => ({ name, required: true })),
    });
    columns.checkHeader(path, open.columns ?? [key, value]);
    const pairs: Pair[] = [];
    for await (const chunk of open.records) {
      pairs.push(...chunk.map((raw) => pairOf(path, columns, raw, `${key} and ${value} have to be text.`)));
    }
    return pairs;
  } finally {
    await open.close();
  }
}

function pairOf(path: string, columns: Columns, { line, record, problem }: RawRecord, expectation: string): Pair {
  if (problem !== undefined) {
    throw pairError(path, line, `${problem}.`);
  }
  const fields = record as Record<string, unknown>;
  const names = Object.keys(fields);
  const { indexes } = columns.layoutOf(names);
  const [key, value] = indexes.map((index) => fields[names[index] ?? '']);
  if (typeof key !== 'string' || typeof value !== 'string') {
    throw pairError(path, line, expectation);
  }
  return { line, key: key.trim(), value: value.trim() };
}

function pairError(path: string, line: number | undefined, what: string): MeridianError {
  return new MeridianError('source', `${line === undefined ? path : `${path}, line ${line}`}: ${what}`);
}
