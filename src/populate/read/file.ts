/** A file, or standard input, as a source of records. */
import { type Format, formatOf } from './format.ts';
import { openJson } from './json.ts';
import { openNdjson } from './ndjson.ts';
import { openSeparated } from './separated.ts';
import type { OpenSource, Source } from './source.ts';
import { openText, STANDARD_INPUT, type TextInput } from './text.ts';

const OPENERS: Readonly<Record<Format, (input: TextInput) => OpenSource | Promise<OpenSource>>> = {
  csv: (input) => openSeparated(input, ','),
  tsv: (input) => openSeparated(input, '\t'),
  json: openJson,
  ndjson: openNdjson,
};

/**
 * @param path of a file, or `-` for standard input
 * @param format instead of the one that the path's extension tells
 * @throws MeridianError `source` when neither tells a format
 */
export function fileSource(path: string, format: Format = formatOf(path)): Source {
  return {
    name: path === STANDARD_INPUT ? 'standard input' : path,
    ...(path === STANDARD_INPUT ? {} : { file: path }),
    async open() {
      const input = await openText(path);
      try {
        return await OPENERS[format](input);
      } catch (error) {
        await input.close();
        throw error;
      }
    },
  };
}
