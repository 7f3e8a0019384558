/** Reads records from a Parquet file. The line of a record is its number. */
import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  type AsyncBuffer,
  type Compressors,
  type DecodedArray,
  type FileMetaData,
  type ParquetParsers,
  type ParquetScan,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { MeridianError, messageOf } from '../../../shared/errors.ts';
import { quoted } from '../../../shared/text/visible.ts';
import type { ExaminedContent } from '../examined-file.ts';
import { FieldRecord } from '../field-record.ts';
import { headerFault } from '../header.ts';
import type { OpenSource, RawRecord } from '../source.ts';
import { type ColumnReader, columnReader, NO_TEXT, ValueFault, withPlainTypes } from './values.ts';

/** Number of rows that are decoded together: about as many as a page contains. */
const ROWS = 20_000;

/** Number of records that are created from these rows at once. If all were, they would survive several garbage collections. */
const RECORDS = 1000;

const DECOMPRESSORS: Compressors = {
  ...compressors,
  GZIP: (input, maxOutputLength) => gunzipSync(input, { maxOutputLength }),
  BROTLI: (input, maxOutputLength) => brotliDecompressSync(input, { maxOutputLength }),
  ZSTD: (input, maxOutputLength) => zstdDecompressSync(input, { maxOutputLength }),
};

const PARSERS: Partial<ParquetParsers> = {
  stringFromBytes: textOf,
  jsonFromBytes: textOf,
  timestampFromNanoseconds: (nanoseconds) => nanoseconds,
};

/** A range of rows. */
interface Range {
  readonly rowStart: number;
  /** The row after the last one. */
  readonly rowEnd: number;
}

interface Column extends ColumnReader {
  readonly column: string;
  /** Whether its values are lists or structures, which the library reads for a whole row group at once. */
  readonly isNested: boolean;
}

/** @throws MeridianError `source` if it is damaged, or has a column of an unsupported type */
export async function openParquet(content: ExaminedContent): Promise<OpenSource> {
  const { name, size } = content;
  const fault = (error: unknown) =>
    error instanceof MeridianError
      ? error
      : new MeridianError('source', `${name} is a Parquet file that cannot be read: ${messageOf(error)}.`, {
          cause: error,
        });
  try {
    const file = new GroupBuffer(content);
    const metadata = await parquetMetadataAsync(file, { geoparquet: false });
    const columns: Column[] = parquetSchema(metadata).children.map((node) => ({
      column: node.element.name,
      isNested: node.children.length > 0 || node.element.repetition_type === 'REPEATED',
      ...columnReader(node),
    }));
    const names = columns.map(({ column }) => column);
    const numbers = new Set(columns.flatMap(({ column, isNumber }) => (isNumber ? [column] : [])));
    const problem = headerFault(names);
    if (problem !== undefined) {
      throw new Error(problem);
    }
    const scan = await parquetScan({
      file,
      metadata: { ...metadata, schema: withPlainTypes(metadata.schema) },
      compressors: DECOMPRESSORS,
      parsers: PARSERS,
      utf8: false,
      geoparquet: false,
    });
    const count = Number(metadata.num_rows);
    let rowsRead = 0;
    return {
      columns: names,
      count,
      records: (async function* () {
        try {
          for (const group of rowGroups(metadata)) {
            file.forget();
            for (let from = group.rowStart; from < group.rowEnd; from += ROWS) {
              const range = { rowStart: from, rowEnd: Math.min(from + ROWS, group.rowEnd) };
              const values = await decoded(range, group, columns, scan);
              for (let row = from; row < range.rowEnd; row = rowsRead) {
                rowsRead = Math.min(row + RECORDS, range.rowEnd);
                yield recordsFrom(values, from, row - from, columns, names, numbers);
              }
            }
          }
        } catch (error) {
          throw fault(error);
        }
      })(),
      progress: () => ({ bytesRead: count === 0 ? size : Math.round((rowsRead / count) * size), bytesTotal: size }),
      close: async () => content.close(),
    };
  } catch (error) {
    content.close();
    throw fault(error);
  }
}

function rowGroups({ row_groups }: FileMetaData): Range[] {
  let rowStart = 0;
  return row_groups.map(({ num_rows }) => {
    const range = { rowStart, rowEnd: rowStart + Number(num_rows) };
    rowStart = range.rowEnd;
    return range;
  });
}

/** Returns the values of each column as the library decodes them. */
async function decoded(
  { rowStart, rowEnd }: Range,
  group: Range,
  columns: readonly Column[],
  scan: ParquetScan,
): Promise<DecodedArray[]> {
  const values: DecodedArray[] = [];
  for (const { column, isNested } of columns) {
    if (isNested) {
      // the scan stores the values, and takes the range from there
      await scan.readColumn({ column, ...group });
    }
    values.push(await scan.readColumn({ column, rowStart, rowEnd }));
  }
  return values;
}

/**
 * @param values the values of each column
 * @param rowStart the row of the first values
 * @param from the index of the values of the first record
 */
function recordsFrom(
  values: readonly DecodedArray[],
  rowStart: number,
  from: number,
  columns: readonly Column[],
  names: readonly string[],
  numbers: ReadonlySet<string>,
): RawRecord[] {
  const count = Math.min(RECORDS, (values[0]?.length ?? 0) - from);
  return Array.from({ length: count }, (_, offset) => {
    const number = rowStart + from + offset + 1;
    const fields = columns.map(({ read }, column) => {
      const value: unknown = values[column]?.[from + offset];
      return isMissing(value) ? null : readOrFault(read, value);
    });
    const at = fields.findIndex((value) => value instanceof ValueFault);
    return at === -1
      ? new FieldRecord(number, number, names, fields, undefined, numbers)
      : {
          number,
          line: number,
          record: fields.map((value) => (value instanceof ValueFault ? null : value)),
          problem: `The column ${quoted(names[at] ?? '')} ${(fields[at] as ValueFault).message}`,
        };
  });
}

function readOrFault(read: ColumnReader['read'], value: unknown): unknown {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof ValueFault) {
      return error;
    }
    throw error;
  }
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function textOf(bytes: Uint8Array | undefined): string | symbol | undefined {
  if (bytes === undefined) {
    return undefined;
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? buffer.toString() : NO_TEXT;
}

/** The file as a buffer for the library. Compressed parts of a row group are cached, since each range of its rows needs them. */
class GroupBuffer implements AsyncBuffer {
  readonly byteLength: number;
  readonly #content: ExaminedContent;
  readonly #kept = new Map<string, Promise<ArrayBuffer>>();

  constructor(content: ExaminedContent) {
    this.#content = content;
    this.byteLength = content.size;
  }

  slice(start: number, end = this.byteLength): Promise<ArrayBuffer> {
    const key = `${start} ${end}`;
    let part = this.#kept.get(key);
    if (part === undefined) {
      part = this.#read(start, end - start);
      this.#kept.set(key, part);
    }
    return part;
  }

  /** Clears the cache, before another row group is read. */
  forget(): void {
    this.#kept.clear();
  }

  async #read(start: number, length: number): Promise<ArrayBuffer> {
    const bytes = await this.#content.read(start, length);
    const copy = new ArrayBuffer(length);
    new Uint8Array(copy).set(bytes);
    return copy;
  }
}
