/** Recognizes JSON whose file name suggests another format: an object per line, a list, or a document that contains one list of records. */
import { MeridianError } from '../../shared/errors.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import { quoted } from '../../shared/text/visible.ts';
import type { FileSettings } from './dialect.ts';
import { type Format, formatOf, hasNoExtension } from './format.ts';
import { listsIn } from './json-lists.ts';
import { formatOfJson } from './json-shape.ts';
import { readJson } from './json-value.ts';
import type { Detected } from './source.ts';
import type { TextInput } from './text.ts';

export interface Recognised {
  readonly format: Format;
  readonly settings: FileSettings;
  readonly detected: readonly Detected[];
}

/** Number of characters to read for recognizing a format. */
const HEAD_CHARACTERS = 64 * 1024;

/**
 * @param open opens the text from its beginning
 * @param format the format of the file name or the settings
 * @throws MeridianError `source` for a document with several lists of objects
 */
export async function recognised(
  open: () => Promise<TextInput>,
  format: Format,
  settings: FileSettings,
): Promise<Recognised> {
  const asNamed = { format, settings, detected: [] };
  if (format !== 'json' && format !== 'ndjson') {
    return asNamed;
  }
  const head = await headOf(open);
  const shape = formatOfJson(head);
  const isLines = shape === 'ndjson' && hasObjectLines(head);
  if (settings.format === undefined && settings.jsonPath === undefined) {
    if (format === 'json' && isLines) {
      return found('ndjson', settings, 'there is an object on each line');
    }
    if (format === 'ndjson' && shape === 'json') {
      return found('json', settings, 'the file is one list');
    }
  }
  return format === 'json' && shape === 'ndjson' && !isLines && settings.jsonPath === undefined
    ? { ...asNamed, ...(await withPath(open, settings)) }
    : asNamed;
}

/**
 * The format of a text whose name does not indicate one. JSON is recognized; other text without an extension is read like `.txt`.
 *
 * @throws MeridianError `source` for other text with an unknown extension
 */
export async function formatOfText(
  open: () => Promise<TextInput>,
  path: string,
  name: string,
): Promise<Detected & { readonly value: Format }> {
  if (formatOfJson(await headOf(open)) !== undefined) {
    return { setting: 'format', value: 'json', why: 'it begins as JSON does' };
  }
  const value = hasNoExtension(path) ? 'csv' : formatOf(path, name);
  return { setting: 'format', value, why: 'it is text without an extension' };
}

function found(format: Format, settings: FileSettings, why: string): Recognised {
  return { format, settings, detected: [{ setting: 'format', value: format, why }] };
}

async function headOf(open: () => Promise<TextInput>): Promise<string> {
  const { chunks, close } = await open();
  let head = '';
  try {
    for await (const chunk of chunks) {
      head += chunk;
      if (head.length >= HEAD_CHARACTERS) {
        break;
      }
    }
    return head;
  } catch {
    // the reader of the records reports it, with the line
    return head;
  } finally {
    await close();
  }
}

/** Whether the first line is an object, and the next line starts another. */
function hasObjectLines(head: string): boolean {
  const [first = '', second = ''] = head.split('\n').filter((line) => line.trim() !== '');
  const read = readJson(first);
  return 'value' in read && isJsonObject(read.value) && second.trimStart().startsWith('{');
}

/** The only list of objects in a document. If there is none, the reader explains the document's structure. */
async function withPath(open: () => Promise<TextInput>, settings: FileSettings): Promise<Partial<Recognised>> {
  const { name, chunks, close } = await open();
  try {
    const lists = (await listsIn(chunks)).filter(({ kind }) => kind === 'objects');
    const [list, ...others] = lists;
    if (list === undefined) {
      return {};
    }
    if (others.length > 0) {
      const names = lists.slice(0, 10).map(({ path, line }) => `${quoted(path)} (line ${line})`);
      throw new MeridianError(
        'source',
        `${name} is a JSON document with several lists of objects: ${names.join(', ')}. Name the one with the records with --json-path.`,
      );
    }
    const { path, line } = list;
    return {
      settings: { ...settings, jsonPath: path },
      detected: [{ setting: 'json path', value: path, why: `the only list of objects is there, from line ${line} on` }],
    };
  } finally {
    await close();
  }
}
