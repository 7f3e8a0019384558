/** Reads the beginning of separated text: what precedes the rows, and what shows their dialect. */
import { MeridianError } from '../../shared/errors.ts';
import { type RowDialect } from './csv-row-reader.ts';
import { detectDelimiter, hasTrailingDelimiters } from './delimiter.ts';
import { type FileSettings, NO_QUOTE } from './dialect.ts';
import { formatOfJson } from './json-shape.ts';
import type { Detected } from './source.ts';
import type { TextInput } from './text.ts';

/** Maximum number of examined characters. */
const HEAD_CHARACTERS = 64 * 1024;

export interface SeparatedText {
  readonly dialect: RowDialect;
  /** Whether each row ends with a delimiter, and the header does not. */
  readonly hasTrailing: boolean;
  readonly detected: readonly Detected[];
  /** The line of the first row. */
  readonly line: number;
  /** The text of the rows, including the header. */
  readonly chunks: AsyncGenerator<string>;
}

/** @throws MeridianError `source` if the delimiter is ambiguous, or the text is JSON */
export async function openHead(input: TextInput, settings: FileSettings): Promise<SeparatedText> {
  const iterator = input.chunks[Symbol.asyncIterator]();
  const head = new Head(iterator);
  await head.fill(HEAD_CHARACTERS);
  const json = formatOfJson(head.text);
  if (json !== undefined) {
    throw new MeridianError(
      'source',
      `${input.name}, line 1: the file holds JSON, not separated values. Use --format ${json}.`,
    );
  }
  for (let left = settings.skipLines ?? 0; left > 0 && (await head.skipLine()); left--) {
    await head.fill(HEAD_CHARACTERS);
  }
  const [, named] = /^"?sep=(.)"?(?=[\r\n]|$)/i.exec(head.text) ?? [];
  if (named !== undefined) {
    await head.skipLine();
    await head.fill(HEAD_CHARACTERS);
  }
  const detected: Detected[] = [...(input.detected ?? [])];
  const unknown = {
    quote: settings.quote === NO_QUOTE ? undefined : (settings.quote ?? '"'),
    trims: settings.trim !== 'none',
    comment: settings.comment,
  };
  const sample = { text: head.text, isWhole: head.isWhole, line: head.line, width: settings.columns?.length };
  const usual = settings.format === 'tsv' ? '\t' : ',';
  const delimiter = settings.delimiter ?? named ?? detectDelimiter(input.name, sample, unknown, usual);
  if (settings.delimiter === undefined && delimiter !== usual) {
    const why = named === undefined ? 'with it, the rows have as many fields as the header' : 'the first line says so';
    detected.push({ setting: 'delimiter', value: nameOfDelimiter(delimiter), why });
  }
  const dialect = { ...unknown, delimiter };
  const hasTrailing = hasTrailingDelimiters(sample, dialect);
  if (hasTrailing) {
    const why = 'each of the first rows has one more than the header';
    detected.push({ setting: 'delimiter at the end of rows', value: 'ignored', why });
  }
  return { dialect, hasTrailing, detected, line: head.line, chunks: head.rest() };
}

function nameOfDelimiter(delimiter: string): string {
  return delimiter === '\t' ? 'tab' : `"${delimiter}"`;
}

/** The beginning of a text in chunks. */
class Head {
  text = '';
  /** Its first line. */
  line = 1;
  /** Whether it is the whole text. */
  isWhole = false;
  readonly #chunks: AsyncIterator<string>;
  #fault: { readonly error: unknown } | undefined;

  constructor(chunks: AsyncIterator<string>) {
    this.#chunks = chunks;
  }

  /** Reads until it contains so many characters. */
  async fill(length: number): Promise<void> {
    while (this.text.length < length && !this.isWhole && this.#fault === undefined) {
      await this.#read();
    }
  }

  /** @returns whether there was a line */
  async skipLine(): Promise<boolean> {
    for (;;) {
      const [found = ''] = /\r\n|\n|\r/.exec(this.text) ?? [];
      // a carriage return at the end may be the first half of a line break
      const isEnd = this.isWhole || this.#fault !== undefined;
      if (found !== '' && (found !== '\r' || isEnd || !this.text.endsWith('\r'))) {
        this.text = this.text.slice(this.text.indexOf(found) + found.length);
        this.line++;
        return true;
      }
      if (isEnd) {
        this.text = '';
        return false;
      }
      await this.#read();
    }
  }

  /** The text after the skipped lines. Throws the error that stopped it. */
  async *rest(): AsyncGenerator<string> {
    if (this.text !== '') {
      yield this.text;
      this.text = '';
    }
    if (this.#fault !== undefined) {
      throw this.#fault.error;
    }
    for (let { done, value } = await this.#chunks.next(); !done; { done, value } = await this.#chunks.next()) {
      yield value;
    }
  }

  async #read(): Promise<void> {
    try {
      const { done, value } = await this.#chunks.next();
      this.isWhole = done === true;
      this.text += value ?? '';
    } catch (error) {
      this.#fault = { error };
    }
  }
}
