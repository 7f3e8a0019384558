/** The formats that can be read, and the file names that they have. */
import { MeridianError } from '../../shared/errors.ts';
import { otherExtension } from './signature.ts';

export const FORMATS = ['csv', 'tsv', 'json', 'ndjson'] as const;

export type Format = (typeof FORMATS)[number];

const BY_EXTENSION: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'tsv',
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
};

/** @throws MeridianError `source` when the extension (before `.gz`) is not known */
export function formatOf(path: string): Format {
  const extension = /\.([^./\\]+)$/.exec(path.replace(/\.gz$/i, ''))?.[1]?.toLowerCase() ?? '';
  const format = Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
  if (format === undefined) {
    const other = otherExtension(extension);
    if (other !== undefined) {
      throw new MeridianError('source', `${path} ${other}`);
    }
    const what = extension === '' ? 'has no extension' : `has the unknown extension .${extension}`;
    throw new MeridianError(
      'source',
      `${path} ${what}. Name its format with --format ${FORMATS.join('|')}, or rename it (.csv, .tsv, .json, .ndjson or .jsonl, each also with .gz).`,
    );
  }
  return format;
}
