/** The files that are about to be loaded. */
import { shellWord } from '../frame/text.ts';
import { type Reading, readingOptions, readingQuery } from './reading.ts';

export interface Chosen {
  readonly file: File;
  /** The table that it is loaded into; empty while it is not known. */
  readonly table: string;
}

/** A text file's beginning says how it is read; other files are sent whole, if they are small. */
const START_BYTES = 256 * 1024;
const WHOLE_BYTES = 4 * 1024 * 1024;

const TEXT_NAMES = /\.(?:csv|tsv|txt|json|ndjson|jsonl)$/i;

/** The table whose name a file has: `users.csv`, `orders-2026.csv.gz`. The longest name wins. */
export function tableFor(fileName: string, tables: readonly string[]): string {
  const name = fileName.toLowerCase();
  const found = tables.filter((table) => new RegExp(`^${escaped(table.toLowerCase())}(?![a-z])`).test(name));
  return found.sort((a, b) => b.length - a.length)[0] ?? (tables.length === 1 ? (tables[0] ?? '') : '');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** How many bytes of a file are sent to see how it is read; `undefined` where that is not seen before it is uploaded. */
export function previewBytes(fileName: string, size: number): number | undefined {
  if (size <= WHOLE_BYTES) {
    return size;
  }
  return TEXT_NAMES.test(fileName) ? START_BYTES : undefined;
}

/** A line that was cut is no record: the beginning ends with the last whole line. */
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

/** Only what differs from the defaults. */
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
