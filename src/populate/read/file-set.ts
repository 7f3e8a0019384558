/**
 * Several files as one source: they are read one after another, their records are numbered consecutively and contain the name of the file.
 */
import { createHash } from 'node:crypto';
import { FieldRecord, SpacedRecord } from './field-record.ts';
import { contentOfPart, type FilePart, isExamined, openPart } from './file-part.ts';
import type { Detected, Extent, FileHead, OpenSource, RawRecord, Source } from './source.ts';

/** What was detected at the beginning of a file. */
interface Head {
  readonly columns: readonly string[] | undefined;
  readonly sample: OpenSource['sample'];
  readonly delimiter: string | undefined;
  readonly count: number | undefined;
  readonly format: string | undefined;
  readonly detected: readonly Detected[];
}

interface SetArgument {
  readonly name: string;
  readonly parts: readonly FilePart[];
  /** The heads of all files, once they have been opened. */
  readonly heads?: readonly Head[];
}

/** @param parts the files in reading order */
export function fileSet({ name, parts, heads: known }: SetArgument): Source {
  let heads = known;
  return {
    name,
    get spec() {
      return { module: import.meta.url, argument: { name, parts, ...(heads === undefined ? {} : { heads }) } };
    },
    async open(extent) {
      heads ??= await headsOf(parts);
      return openSet(parts, heads, extent);
    },
    ...(parts.every(isExamined) ? contentsOf(name, parts) : {}),
  };
}

function contentsOf(
  name: string,
  parts: readonly FilePart[],
): Pick<Source, 'content' | 'files' | 'without' | 'startingWith'> {
  return {
    content: () => Promise.resolve(contentOfSet(parts)),
    files: parts.map((part) => ({ name: part.name, content: contentOfPart(part) })),
    without: (contents) => {
      const left = parts.filter((part) => !contents.has(contentOfPart(part)));
      return left.length === 0 ? undefined : fileSet({ name, parts: left });
    },
    startingWith: (contents, withOthers) => {
      const left = Map.groupBy(parts, contentOfPart);
      const first = contents.map((content) => left.get(content)?.shift());
      const taken = new Set(first);
      const others = withOthers ? parts.filter((part) => !taken.has(part)) : [];
      const ordered = [...first, ...others].filter((part) => part !== undefined);
      return taken.has(undefined) ? undefined : fileSet({ name, parts: ordered });
    },
  };
}

/** Creates the source from its `spec`, in any thread. @public imported by the name of its module */
export const sourceFrom = fileSet;

function contentOfSet(parts: readonly FilePart[]): string {
  const hash = createHash('sha256').update('files\n');
  for (const part of parts) {
    hash.update(`${contentOfPart(part)}\n`);
  }
  return hash.digest('hex');
}

function headOf({ name, values }: FilePart, head: Head | undefined): FileHead {
  const { columns, sample, delimiter, format } = head ?? {};
  return {
    name,
    columns,
    ...(sample === undefined ? {} : { sample }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(format === undefined ? {} : { format }),
    ...(values === undefined ? {} : { values }),
  };
}

/** Opens each file once, so that an unreadable one is found before anything is loaded. */
async function headsOf(parts: readonly FilePart[]): Promise<Head[]> {
  const heads: Head[] = [];
  for (const part of parts) {
    const { columns, sample, delimiter, count, format, detected = [], close } = await openPart(part);
    heads.push({ columns, sample, delimiter, count, format, detected });
    await close();
  }
  return heads;
}

function openSet(parts: readonly FilePart[], heads: readonly Head[], extent?: Extent): OpenSource {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  let current: OpenSource | undefined;
  let bytesBefore = 0;
  let charactersBefore = 0;
  /** The numbers of records in completely read files, in order. */
  const counts: number[] = [];
  let isCut = false;

  async function* records(): AsyncGenerator<readonly RawRecord[]> {
    let before = counts.reduce((sum, count) => sum + count, 0);
    for (const part of parts.slice(counts.length)) {
      const { name: file } = part;
      current = await openPart(part, extent);
      let count = 0;
      for await (const chunk of current.records) {
        count += chunk.length;
        yield chunk.map((raw) => inFile(raw, file, before));
      }
      await current.close();
      isCut ||= current.isCut?.() ?? false;
      charactersBefore += current.charactersRead?.() ?? 0;
      current = undefined;
      bytesBefore += part.size;
      before += count;
      counts.push(count);
    }
  }

  return {
    columns: commonColumns(heads),
    files: parts.map((part, index) => headOf(part, heads[index])),
    detected: heads.flatMap(({ detected }, index) =>
      detected.map((one) => ({ ...one, file: parts[index]?.name ?? '' })),
    ),
    ...countIn(heads),
    records: records(),
    isCut: () => isCut,
    readFiles: () => counts,
    skipFiles(read) {
      counts.push(...read);
      bytesBefore = parts.slice(0, read.length).reduce((sum, part) => sum + part.size, 0);
    },
    progress: () => ({ bytesRead: bytesBefore + (current?.progress().bytesRead ?? 0), bytesTotal: size }),
    charactersRead: () => charactersBefore + (current?.charactersRead?.() ?? 0),
    close: async () => current?.close(),
  };
}

function inFile(raw: RawRecord, file: string, before: number): RawRecord {
  const number = before + raw.number;
  if (!(raw instanceof FieldRecord)) {
    return { ...raw, number, file };
  }
  const Made = raw instanceof SpacedRecord ? SpacedRecord : FieldRecord;
  return new Made(number, raw.line, raw.columns, raw.fields, file, raw.numbers);
}

function countIn(heads: readonly Head[]): { readonly count?: number } {
  const counts = heads.flatMap(({ count }) => count ?? []);
  return counts.length === heads.length ? { count: counts.reduce((sum, count) => sum + count, 0) } : {};
}

/** The columns of all files, if these are the same. */
function commonColumns([first, ...others]: readonly Head[]): readonly string[] | undefined {
  const list = JSON.stringify(first?.columns);
  return others.every(({ columns }) => JSON.stringify(columns) === list) ? first?.columns : undefined;
}
