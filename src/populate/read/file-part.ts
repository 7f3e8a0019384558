/** An examined file, or a file in an examined archive: its properties and its records. */
import { MeridianError } from '../../shared/errors.ts';
import type { ValueSettings } from '../record/value-settings.ts';
import type { ByteInput } from './bytes.ts';
import { openSeparated } from './csv.ts';
import { digestLabel, type FileSettings } from './dialect.ts';
import { contentOf, type ExaminedFile, examinedBytes, examinedContent } from './examined-file.ts';
import { firstOf } from './first-records.ts';
import { type Format, isText, type TextFormat } from './format.ts';
import { openJson } from './json.ts';
import { openNdjson } from './ndjson.ts';
import { withoutReasons } from './reasons.ts';
import type { Detected, Extent, OpenSource, RawRecord } from './source.ts';
import { openText, type TextInput } from './text.ts';

/** Plain data, with which any thread can read the file. */
export interface FilePart {
  /** The name in messages. */
  readonly name: string;
  readonly format: Format;
  readonly settings: FileSettings;
  /** Settings that were detected from its content. */
  readonly detected: readonly Detected[];
  readonly examined: ExaminedFile;
  /** The file size; for a file in an archive, the compressed size. */
  readonly size: number;
  /** Its path, if the examined file is an archive. */
  readonly entry?: string;
  /** Its value settings, if they differ from those of the table. */
  readonly values?: ValueSettings;
  /** Maximum number of records to read. */
  readonly first?: number;
}

type Opener = (input: TextInput, settings: FileSettings) => OpenSource | Promise<OpenSource>;

const OPENERS: Readonly<Record<TextFormat, Opener>> = {
  csv: openSeparated,
  tsv: (input, settings) => openSeparated(input, { ...settings, format: 'tsv' }),
  json: openJson,
  ndjson: openNdjson,
};

/** @throws MeridianError `source` if it does not have the expected format, or its beginning is damaged */
export async function openPart(part: FilePart, extent: Extent = 'sample'): Promise<OpenSource> {
  const open = { ...withoutReasons(await openWhole(part)), format: part.format };
  return part.first === undefined || extent === 'whole' ? open : firstOf(open, part.first);
}

async function openWhole(part: FilePart): Promise<OpenSource> {
  const { name, format, settings, examined, detected } = part;
  if (isText(format)) {
    const input = await openText(await bytesOf(part), name, settings);
    return withDetected(await openRecordsOf(input, format, settings), detected);
  }
  const content = examinedContent(name, examined);
  if (format === 'parquet') {
    const { openParquet } = await import('./parquet/parquet.ts');
    return withDetected(await openParquet(content), detected);
  }
  const { openXlsx } = await import('./xlsx/xlsx.ts');
  return withDetected(await openXlsx(content, settings), detected);
}

export async function openRecordsOf(input: TextInput, format: TextFormat, settings: FileSettings): Promise<OpenSource> {
  try {
    const open = await OPENERS[format](input, settings);
    const detected = open.detected ?? input.detected;
    const records = settings.strictFormat === true ? readableOnly(input.name, open.records) : open.records;
    return { ...open, ...(detected === undefined ? {} : { detected }), records };
  } catch (error) {
    await input.close();
    throw error;
  }
}

/** Stops at the first record that cannot be read. */
async function* readableOnly(
  name: string,
  chunks: AsyncIterable<readonly RawRecord[]>,
): AsyncGenerator<readonly RawRecord[]> {
  for await (const chunk of chunks) {
    const broken = chunk.find(({ problem }) => problem !== undefined);
    if (broken !== undefined) {
      yield chunk.slice(0, chunk.indexOf(broken));
      throw new MeridianError('source', `${name}, line ${broken.line}: ${broken.problem}.`);
    }
    yield chunk;
  }
}

function withDetected(open: OpenSource, detected: readonly Detected[]): OpenSource {
  const all = [...detected, ...(open.detected ?? [])];
  return all.length === 0 ? open : { ...open, detected: all };
}

/** Whether its content was digested. */
export function isExamined({ examined }: FilePart): boolean {
  return examined.digests !== undefined;
}

/** A digest of everything that determines its records, before their text becomes values. */
export function contentOfPart({ format, settings, examined, entry = '' }: FilePart): string {
  return contentOf({ ...examined, label: `${digestLabel(format, settings)}${entry}` });
}

/** The uncompressed bytes of a text file. */
export async function bytesOf({
  name,
  examined,
  entry,
}: Pick<FilePart, 'name' | 'examined' | 'entry'>): Promise<ByteInput> {
  if (entry === undefined) {
    return examinedBytes(name, examined);
  }
  const content = examinedContent(name, examined);
  try {
    const { openArchive } = await import('./zip/archive.ts');
    const archive = await openArchive(content);
    const bytes = archive.bytesOf(entry);
    const packedSize = archive.files.find(({ path }) => path === entry)?.packedSize;
    return {
      name,
      next: async () => (await bytes.next()).value ?? undefined,
      shortage: () => undefined,
      progress: () => ({ bytesRead: archive.readOf(entry), bytesTotal: packedSize }),
      async close() {
        await bytes.return(undefined);
        content.close();
      },
    };
  } catch (error) {
    content.close();
    throw error;
  }
}
