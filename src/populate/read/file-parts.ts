/** The files that a given file contains, itself or those of an archive, with their formats. */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { type FileSettings, refuseOtherSettings } from './dialect.ts';
import { examine, examinedContent } from './examined-file.ts';
import { bytesOf, type FilePart } from './file-part.ts';
import { type Format, formatNamed, isText } from './format.ts';
import { copied, type KeptFile } from './kept-file.ts';
import { byNumbers } from './places/by-numbers.ts';
import { formatOfText, recognised } from './recognised.ts';
import type { Detected } from './source.ts';
import { openText } from './text.ts';
import type { Archive, ArchivedFile } from './zip/archive.ts';

/** Maximum size of a file that is copied out of an archive. */
const MAX_COPIED_BYTES = 4 * 1024 ** 3;

const HEAD_BYTES = 8;

/**
 * @param directory a directory for copies
 * @throws MeridianError `source` for an unknown format, and for an archive that cannot be read
 */
export async function partsOf(kept: KeptFile, settings: FileSettings, directory: string): Promise<FilePart[]> {
  const content = examinedContent(kept.name, kept.examined);
  const head = await content.read(0, Math.min(HEAD_BYTES, content.size)).catch((error: unknown) => {
    throw new MeridianError('source', `${kept.name} cannot be read: ${messageOf(error)}.`, { cause: error });
  });
  if (!isZip(head) || isWorkbookName(kept.path) || settings.format === 'xlsx') {
    return [await partOf({ name: kept.name, path: kept.path, examined: kept.examined }, settings, head)];
  }
  const { openArchive } = await import('./zip/archive.ts');
  const archive = await openArchive(content);
  if (holdsWorkbook(archive)) {
    return [await partOf({ name: kept.name, path: kept.path, examined: kept.examined }, settings, head)];
  }
  const files = archive.files.filter(isData).sort((a, b) => byNumbers(a.path, b.path));
  if (files.length === 0) {
    throw new MeridianError('source', `${kept.name} is a ZIP archive without files.`);
  }
  const parts: FilePart[] = [];
  for (const { path, size, packedSize } of files) {
    const bytes = archive.bytesOf(path);
    const { value: start = Buffer.alloc(0) } = await bytes.next();
    await bytes.return(undefined);
    const name = `${kept.name}/${path}`;
    if (isZip(start) || isParquet(start)) {
      if (size > MAX_COPIED_BYTES) {
        throw new MeridianError('source', `${name} is too large to be read within an archive. Unpack it first.`);
      }
      const to = join(directory, `${parts.length}-${path.replace(/[^A-Za-z0-9.]/g, '_').slice(-80)}`);
      closeSync(await copied(name, Readable.from(archive.bytesOf(path)), to));
      const examined = await examinedAt(to, name);
      if (isZip(start) && !isWorkbookName(path) && !(await isWorkbook(name, examined))) {
        throw new MeridianError('source', `${name} is a ZIP archive within an archive. Unpack the outer one first.`);
      }
      parts.push(await partOf({ name, path, examined }, settings, start));
    } else {
      parts.push(await partOf({ name, path, examined: kept.examined, size: packedSize, entry: path }, settings, start));
    }
  }
  return parts;
}

async function examinedAt(path: string, name: string): Promise<FilePart['examined']> {
  const descriptor = openSync(path, 'r');
  try {
    return { ...(await examine(descriptor, name, '')), at: path };
  } finally {
    closeSync(descriptor);
  }
}

async function isWorkbook(name: string, examined: FilePart['examined']): Promise<boolean> {
  const content = examinedContent(name, examined);
  try {
    const { openArchive } = await import('./zip/archive.ts');
    return holdsWorkbook(await openArchive(content));
  } finally {
    content.close();
  }
}

function holdsWorkbook({ files }: Archive): boolean {
  return files.some(({ path }) => path === '[Content_Types].xml');
}

/** Excludes files that macOS adds to archives. */
function isData({ path }: ArchivedFile): boolean {
  return !/(?:^|\/)(?:__MACOSX\/|\.DS_Store$|\._)/.test(path);
}

function isZip(head: Buffer): boolean {
  return /^504b(?:0304|0506)/.test(head.toString('hex', 0, 4));
}

function isParquet(head: Buffer): boolean {
  return head.toString('latin1', 0, 4) === 'PAR1';
}

function isWorkbookName(path: string): boolean {
  return /\.xls[xm]$/i.test(path);
}

interface FoundFile {
  readonly name: string;
  /** The name whose extension indicates the format. */
  readonly path: string;
  readonly examined: FilePart['examined'];
  /** Set if it differs from the size of the examined file. */
  readonly size?: number;
  readonly entry?: string;
}

async function partOf(found: FoundFile, settings: FileSettings, head: Buffer): Promise<FilePart> {
  const { name, path, examined, entry, size = examined.size } = found;
  const binary: Format | undefined = isParquet(head) ? 'parquet' : isZip(head) ? 'xlsx' : undefined;
  const inArchive = entry === undefined ? {} : { entry };
  const open = async () => openText(await bytesOf({ name, examined, ...inArchive }), name, settings);
  const said = settings.format ?? binary ?? formatNamed(path);
  const content = said === undefined ? await formatOfText(open, path, name) : undefined;
  const named = said ?? (content?.value as Format);
  refuseOtherSettings(name, named, settings);
  if (!isText(named)) {
    refuseOtherContent(name, named, binary);
    const detected: Detected[] = [];
    return { name, format: named, settings, detected, examined, size, ...inArchive };
  }
  if (binary !== undefined) {
    throw new MeridianError(
      'source',
      `${name} is ${binary === 'parquet' ? 'a Parquet file' : 'an Excel workbook'}, and --format says ${named}. Leave --format out.`,
    );
  }
  const shape = await recognised(open, named, settings);
  const detected = content !== undefined && shape.format === named ? [content, ...shape.detected] : shape.detected;
  return { name, ...shape, detected, examined, size, ...inArchive };
}

function refuseOtherContent(name: string, format: Format, binary: Format | undefined): void {
  if (format !== binary) {
    const what = format === 'parquet' ? 'a Parquet file' : 'an Excel workbook (.xlsx)';
    throw new MeridianError(
      'source',
      `${name} is not ${what}, although its name or --format says so. Name what it is with --format.`,
    );
  }
}
