/** The supported file formats and their file name extensions. */
import { MeridianError } from '../../shared/errors.ts';
import { shownUrl } from './places/place.ts';
import { otherExtension } from './signature.ts';

/** Text formats, which can have any encoding. */
export const TEXT_FORMATS = ['csv', 'tsv', 'json', 'ndjson'] as const;

export const FORMATS = [...TEXT_FORMATS, 'xlsx', 'parquet'] as const;

export type Format = (typeof FORMATS)[number];

/** Whether the format has fields separated by a delimiter. */
export function isSeparated(format: Format): boolean {
  return format === 'csv' || format === 'tsv';
}

export type TextFormat = (typeof TEXT_FORMATS)[number];

export function isText(format: Format): format is TextFormat {
  return TEXT_FORMATS.some((one) => one === format);
}

const BY_EXTENSION: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  txt: 'csv',
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  xlsx: 'xlsx',
  xlsm: 'xlsx',
  parquet: 'parquet',
  pq: 'parquet',
};

/** Extensions of compressed files, and of archives with one file. */
const COMPRESSED = /\.(?:gz|bz2|zst|zip)$/i;

/** The format that the extension of a path (before `.gz`) indicates; `undefined` for none. */
export function formatNamed(path: string): Format | undefined {
  const extension = extensionOf(path);
  return Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
}

function extensionOf(path: string): string {
  return /\.([^./\\]+)$/.exec(shownUrl(path).replace(COMPRESSED, ''))?.[1]?.toLowerCase() ?? '';
}

/**
 * @param name the file's name in messages, if it is not its path
 * @throws MeridianError `source` if the extension (before `.gz`) is that of an unsupported format
 */
export function refuseOtherExtension(path: string, name = shownUrl(path)): void {
  const other = otherExtension(extensionOf(path));
  if (other !== undefined) {
    throw new MeridianError('source', `${name} ${other}`);
  }
}

/** Whether a name has no extension (before `.gz`), not even an unknown one. */
export function hasNoExtension(path: string): boolean {
  return extensionOf(path) === '';
}

/**
 * @param name the file's name in messages, if it is not its path
 * @throws MeridianError `source` if the extension (before `.gz`) is unknown
 */
export function formatOf(path: string, name = shownUrl(path)): Format {
  const format = formatNamed(path);
  if (format === undefined) {
    refuseOtherExtension(path, name);
    const extension = extensionOf(path);
    const what = extension === '' ? 'has no extension' : `has the unknown extension .${extension}`;
    throw new MeridianError(
      'source',
      `${name} ${what}. Name its format with --format ${FORMATS.join('|')}, or rename it (.csv, .tsv, .txt, .json, .ndjson, .jsonl, .xlsx or .parquet, each also with .gz, .bz2, .zst or .zip).`,
    );
  }
  return format;
}
