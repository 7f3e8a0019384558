/** The files of a load that has not started. */
import { shellWord } from '../frame/text.ts';
import { type Reading, readingOptions, readingQuery } from './reading.ts';

export interface Chosen {
  readonly file: File;
  /** The table to load the file into; empty while it is unknown. */
  readonly table: string;
}

/** The size of the beginning of a text file that is sent for a preview; other files are sent whole, if they are small. */
const START_BYTES = 256 * 1024;
const WHOLE_BYTES = 4 * 1024 * 1024;

const TEXT_NAMES = /\.(?:csv|tsv|txt|json|ndjson|jsonl)$/i;

/** The table that a file is named after: `users.csv`, `orders-2026.csv.gz`. The longest name wins. */
export function tableFor(fileName: string, tables: readonly string[]): string {
  const name = fileName.toLowerCase();
  const found = tables.filter((table) => new RegExp(`^${escaped(table.toLowerCase())}(?![a-z])`).test(name));
  return found.sort((a, b) => b.length - a.length)[0] ?? (tables.length === 1 ? (tables[0] ?? '') : '');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The number of bytes of a file that are sent for a preview; `undefined` if the file cannot be previewed. */
export function previewBytes(fileName: string, size: number): number | undefined {
  if (size <= WHOLE_BYTES) {
    return size;
  }
  return TEXT_NAMES.test(fileName) ? START_BYTES : undefined;
}

/** The beginning of a file, up to the last complete line. */
export async function startOf(file: Blob, bytes: number): Promise<Blob> {
  if (bytes >= file.size) {
    return file;
  }
  const start = new Uint8Array(await file.slice(0, bytes).arrayBuffer());
  const end = start.lastIndexOf(10);
  return new Blob([end < 0 ? start : start.slice(0, end + 1)]);
}

export interface LoadOptions {
  readonly onConflict: string;
  readonly allOrNothing: boolean;
  readonly dryRun: boolean;
  readonly reading?: Reading;
}

/** The query of the options that differ from the defaults. */
export function optionQuery({
  onConflict,
  allOrNothing,
  dryRun,
  reading = {},
}: LoadOptions): Readonly<Record<string, string | undefined>> {
  return {
    onConflict: onConflict === '' ? undefined : onConflict,
    allOrNothing: allOrNothing ? 'true' : undefined,
    dryRun: dryRun ? 'true' : undefined,
    ...readingQuery(reading),
  };
}

export function populateCommand(
  chosen: readonly { readonly name: string; readonly table: string }[],
  options: LoadOptions,
): string {
  const files = chosen.map(({ name, table }) => `--load ${shellWord(`${table || 'TABLE'}=${name}`)}`);
  const flags = [
    ...readingOptions(options.reading ?? {}),
    options.onConflict === '' ? '' : `--on-conflict ${options.onConflict}`,
    options.allOrNothing ? '--all-or-nothing' : '',
    options.dryRun ? '--dry-run' : '',
  ];
  return ['npx meridian populate', ...(files.length === 0 ? ['--load TABLE=FILE'] : files), ...flags]
    .filter((part) => part !== '')
    .join(' ');
}
